use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

const HEIGHT: usize = 3;
const WIDTH: usize = 2;
const TRAIN: usize = 40;
const TEST: usize = 7;

/// An IDX file: the magic number, the sizes, the bytes.
fn idx(sizes: &[usize], bytes: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, sizes.len() as u8];
    file.extend(sizes.iter().flat_map(|size| (*size as u32).to_be_bytes()));
    file.extend(bytes);
    file
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Image `i` has the levels i, i + 1, ...: no two are alike.
fn images(count: usize) -> Vec<u8> {
    let levels: Vec<_> = (0..count).flat_map(|image| (0..HEIGHT * WIDTH).map(move |p| (image + p) as u8)).collect();
    idx(&[count, HEIGHT, WIDTH], &levels)
}

fn labels(count: usize) -> Vec<u8> {
    idx(&[count], &(0..count).map(|image| (image % 5) as u8).collect::<Vec<_>>())
}

fn write_set(folder: &Path, [train, test]: [&str; 2], dash: &str, zipped: bool) {
    for (part, count) in [(train, TRAIN), (test, TEST)] {
        for (what, kind, bytes) in [("images", "idx3", images(count)), ("labels", "idx1", labels(count))] {
            let name = format!("{part}-{what}{dash}{kind}-ubyte");
            let (name, bytes) = if zipped { (name + ".gz", gzip(&bytes)) } else { (name, bytes) };
            fs::write(folder.join(name), bytes).unwrap();
        }
    }
}

fn mnist(zipped: bool) -> (TempDir, Idx) {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path(), ["train", "t10k"], "-", zipped);
    let config = Idx { path: folder.path().to_str().unwrap().to_owned(), ..Idx::default() };
    (folder, config)
}

/// What is said about the set, without the folder's name, which is another each time.
fn error(folder: &Path, config: &Idx) -> String {
    let error = config.load().err().unwrap();
    error.to_string().replace(folder.to_str().unwrap(), "FOLDER")
}

/// The error after `name` in a plain set was replaced by `bytes`.
fn error_with(name: &str, bytes: Vec<u8>) -> String {
    let (folder, config) = mnist(false);
    fs::remove_file(folder.path().join(name.trim_end_matches(".gz"))).unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    error(folder.path(), &config)
}

/// The number of each image, known from its first level.
fn numbers(split: &Split) -> Vec<usize> {
    split.images().map(|image| (image[0] * 255.0).round() as usize).collect()
}

#[test]
fn splits_cover_the_files_and_do_not_overlap() {
    for zipped in [false, true] {
        let (_folder, config) = mnist(zipped);
        let data = config.load().unwrap();
        assert_eq!(data.shape, config.describe().unwrap());
        assert_eq!([data.train.len(), data.validation.len(), data.test.len()], [36, 4, TEST]);
        assert_eq!((data.shape.classes, data.shape.support), (Some(5), Support::Levels(256)));
        let mut seen = numbers(&data.train);
        assert!(!seen.is_sorted(), "the order is shuffled");
        seen.extend(numbers(&data.validation));
        seen.sort_unstable();
        assert_eq!(seen, (0..TRAIN).collect::<Vec<_>>());
        assert_eq!(numbers(&data.test), (0..TEST).collect::<Vec<_>>());
        for split in [&data.train, &data.validation, &data.test] {
            let classes: Vec<_> = numbers(split).into_iter().map(|number| (number % 5) as u16).collect();
            assert_eq!(split.labels.as_ref().unwrap(), &classes);
        }
    }
}

#[test]
fn plain_and_gzip_hold_the_same_data_in_other_files() {
    let ((_a, plain), (_b, zipped)) = (mnist(false), mnist(true));
    assert_eq!(plain.load().unwrap().sha256(), zipped.load().unwrap().sha256());
    assert_eq!(plain.hash().unwrap(), mnist(false).1.hash().unwrap());
    assert_ne!(plain.hash().unwrap(), zipped.hash().unwrap());
}

#[test]
fn the_hash_is_that_of_the_files_one_after_the_other() {
    let mut hash = Sha256::new();
    for bytes in [images(TRAIN), images(TEST), labels(TRAIN), labels(TEST)] {
        hash.update(bytes);
    }
    assert_eq!(mnist(false).1.hash().unwrap(), protocol::trial::hex(&hash.finalize()));
}

#[test]
fn limits_take_the_first_images_and_move_no_others() {
    let (_folder, config) = mnist(false);
    let all = config.load().unwrap();
    let few = Idx { train: 5, validation: 8, test: 2, ..config.clone() };
    let some = few.load().unwrap();
    assert_eq!(some.shape, few.describe().unwrap());
    assert_eq!((some.train, some.test), (all.train.take(5), all.test.take(2)));
    assert_eq!(numbers(&some.validation)[4..], numbers(&all.validation));
    for (config, expected) in [
        (Idx { train: 37, ..config.clone() }, "train: 37 images, but there are 36"),
        (Idx { test: 8, ..config.clone() }, "test: 8 images, but there are 7"),
        (Idx { validation: 40, ..config }, "validation: 40 of 40 training images leaves none to train on"),
    ] {
        assert_eq!(config.describe().unwrap_err().to_string(), expected);
    }
}

#[test]
fn labels_may_be_missing_but_not_of_one_part_only() {
    let (folder, config) = mnist(false);
    fs::remove_file(folder.path().join("train-labels-idx1-ubyte")).unwrap();
    assert_eq!(
        error(folder.path(), &config),
        "FOLDER: holds neither train-labels-idx1-ubyte nor train-labels.idx1-ubyte (with or without .gz)"
    );
    fs::remove_file(folder.path().join("t10k-labels-idx1-ubyte")).unwrap();
    let data = config.load().unwrap();
    assert_eq!((data.shape.classes, data.train.labels, data.test.labels), (None, None, None));
}

#[test]
fn emnist_is_found_by_its_names_and_turned_upright() {
    let (folder, config) = mnist(false);
    let stored = images(TEST);
    let path = folder.path().join("emnist-digits-test-images-idx3-ubyte");
    fs::write(&path, &stored).unwrap();
    let (upright, height, width) = read_images(&path).unwrap();
    assert_eq!((height, width), (WIDTH, HEIGHT));
    // Stored by rows as 0 1 / 2 3 / 4 5.
    let levels: Vec<_> = upright.image(0).iter().map(|pixel| (pixel * 255.0).round() as u8).collect();
    assert_eq!(levels, [0, 2, 4, 1, 3, 5]);
    fs::remove_file(&path).unwrap();

    // Next to MNIST's own names, EMNIST's are taken only when asked for.
    write_set(folder.path(), ["emnist-letters-train", "emnist-letters-test"], "-", true);
    let letters = Idx { split: "letters".into(), ..config.clone() };
    assert_eq!(letters.load().unwrap().shape.height, WIDTH);
    assert_eq!(config.load().unwrap().shape.height, HEIGHT);
    let letter = Idx { split: "letter".into(), ..config };
    let DataError::Setting(problem) = letter.describe().unwrap_err() else { panic!("a setting is wrong") };
    assert_eq!(problem.help.unwrap(), "did you mean `letters`? Allowed: letters");
}

#[test]
fn the_only_emnist_split_is_found_and_several_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let config = Idx { path: folder.path().to_str().unwrap().to_owned(), ..Idx::default() };
    write_set(folder.path(), ["emnist-letters-train", "emnist-letters-test"], "-", true);
    assert_eq!(config.load().unwrap().shape.train, 36);
    write_set(folder.path(), ["emnist-digits-train", "emnist-digits-test"], ".", false);
    let DataError::Setting(problem) = config.describe().unwrap_err() else { panic!("a setting is wrong") };
    assert_eq!(problem.to_string(), "split: 2 of EMNIST's splits are there");
    assert_eq!(problem.help.unwrap(), "set it to one of: digits, letters");
}

#[test]
fn names_with_a_dot_are_found() {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path(), ["train", "t10k"], ".", false);
    let config = Idx { path: folder.path().to_str().unwrap().to_owned(), ..Idx::default() };
    assert_eq!(config.load().unwrap().sha256(), mnist(false).1.load().unwrap().sha256());
}

#[test]
fn missing_files_are_named_with_where_they_were_looked_for() {
    let (folder, config) = mnist(true);
    fs::remove_file(folder.path().join("t10k-images-idx3-ubyte.gz")).unwrap();
    assert_eq!(
        error(folder.path(), &config),
        "FOLDER: holds neither t10k-images-idx3-ubyte nor t10k-images.idx3-ubyte (with or without .gz)"
    );
    let gone = Idx { path: folder.path().join("gone").to_str().unwrap().to_owned(), ..config };
    assert!(matches!(gone.describe(), Err(DataError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound));
}

#[test]
fn an_unset_path_says_what_to_set() {
    let DataError::Setting(problem) = Idx::default().describe().unwrap_err() else { panic!("a setting is wrong") };
    assert_eq!(problem.to_string(), "path: not set");
    assert_eq!(problem.help.unwrap(), "set it to a folder with files in MNIST's format, or to `cache:mnist`");
}

#[test]
fn the_cache_names_the_command_that_fills_it() {
    let cache = tempfile::tempdir().unwrap();
    let at = |path: &str| Folder::new(path, Some(cache.path().to_owned())).and_then(|folder| folder.files(""));
    let said = |path: &str| at(path).unwrap_err().to_string().replace(cache.path().to_str().unwrap(), "CACHE");
    assert_eq!(said("cache:mnist"), "CACHE/mnist: not downloaded yet: run `genbench data fetch mnist`");
    fs::create_dir(cache.path().join("mnist")).unwrap();
    assert_eq!(
        said("cache:mnist"),
        "CACHE/mnist: holds neither train-images-idx3-ubyte nor train-images.idx3-ubyte (with or without .gz): \
         run `genbench data fetch mnist`"
    );
    write_set(&cache.path().join("mnist"), ["train", "t10k"], "-", true);
    assert_eq!(at("cache:mnist").unwrap().images[1], cache.path().join("mnist/t10k-images-idx3-ubyte.gz"));
    assert_eq!(said("cache:../x"), "path: `../x` is no name of a download");
    assert_eq!(
        Folder::new("cache:mnist", None).unwrap_err().to_string(),
        "path: no folder for downloads, as there is no home folder"
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

    assert_eq!(
        said(cut(&whole, 100)),
        "FOLDER/train-images-idx3-ubyte: byte 100: the file ends here, 156 bytes too early"
    );
    assert_eq!(said(cut(&whole, 10)), "FOLDER/train-images-idx3-ubyte: byte 10: the file ends here, 2 bytes too early");
    let goes_on = "byte 256: the file goes on after the last byte that its header announces";
    assert_eq!(said(more.clone()), format!("FOLDER/train-images-idx3-ubyte: {goes_on}"));
    assert_eq!(said_gz(gzip(&more)), format!("FOLDER/train-images-idx3-ubyte.gz: {goes_on}"));
    assert_eq!(
        said_gz(gzip(&cut(&whole, 100))),
        "FOLDER/train-images-idx3-ubyte.gz: byte 100: the file ends here, 156 bytes too early"
    );
    assert_eq!(
        said(labels(TRAIN)),
        "FOLDER/train-images-idx3-ubyte: byte 0: begins with 00 00 08 01, expected 00 00 08 03"
    );
    assert_eq!(
        said_gz(whole.clone()),
        "FOLDER/train-images-idx3-ubyte.gz: byte 0: named .gz, but it does not begin with gzip's 1f 8b"
    );
    let corrupt = "FOLDER/train-images-idx3-ubyte.gz: byte 256: gzip is corrupt or cut off here:";
    assert!(said_gz(checksum.clone()).starts_with(corrupt), "{}", said_gz(checksum));
    let tail = cut(&zipped, zipped.len() - 3);
    assert!(said_gz(tail.clone()).starts_with(corrupt), "{}", said_gz(tail));
    assert_eq!(
        said(idx(&[TRAIN, 0, 3], &[])),
        "FOLDER/train-images-idx3-ubyte: byte 8: images of 0x3 pixels, expected sides of 1 to 4096"
    );
    assert_eq!(
        said(idx(&[0, 2, 3], &[])),
        "FOLDER/train-images-idx3-ubyte: byte 4: announces 0 items, expected at least 1"
    );
    assert_eq!(
        said(idx(&[TRAIN, WIDTH, HEIGHT], &[7; 240])),
        "FOLDER/t10k-images-idx3-ubyte: byte 8: images of 3x2 pixels, but the training images have 2x3"
    );
}

#[test]
fn absurd_sizes_are_refused_without_memory_for_them() {
    const MOST: usize = u32::MAX as usize;
    // Gzip, so that the file's length does not give it away: 72 PB of images that are not there.
    assert_eq!(
        error_with("train-images-idx3-ubyte.gz", gzip(&idx(&[MOST, 4096, 4096], &[1; 9]))),
        "FOLDER/train-images-idx3-ubyte.gz: byte 25: the file ends here, 72057594021150711 bytes too early"
    );
    assert_eq!(
        error_with("train-images-idx3-ubyte", idx(&[MOST; 3], &[])),
        "FOLDER/train-images-idx3-ubyte: byte 4: announces 4294967295 x 4294967295 x 4294967295 bytes, \
         more than a file can hold"
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
        let mut bytes = fs::read(&path).unwrap();
        let whole = bytes.clone();
        bytes.truncate((bytes.len() as f64 * keep) as usize);
        for (index, bit) in flips {
            if !bytes.is_empty() {
                let at = index.index(bytes.len());
                bytes[at] ^= 1 << bit;
            }
        }
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
