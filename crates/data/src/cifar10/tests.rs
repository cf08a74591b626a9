use std::fs;

use proptest::prelude::*;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::*;

/// Number of records in each of the five training files, and in the test file.
const BATCH: usize = 4;
const TRAIN: usize = 5 * BATCH;
const TEST: usize = 3;

/// Record `number`: its label, then bytes that encode its number, channel and position.
fn record(number: usize) -> Vec<u8> {
    let mut bytes = vec![(number % 10) as u8];
    bytes.extend((0..IMAGE).map(|at| match at % (SIDE * SIDE) {
        0 => number as u8,
        1 => (at / (SIDE * SIDE)) as u8,
        place => (place * 7) as u8,
    }));
    bytes
}

fn records(numbers: impl IntoIterator<Item = usize>) -> Vec<u8> {
    numbers.into_iter().flat_map(record).collect()
}

fn write_set(folder: &Path) {
    for (index, name) in TRAIN_FILES.iter().enumerate() {
        fs::write(folder.join(name), records(index * BATCH..(index + 1) * BATCH)).unwrap();
    }
    fs::write(folder.join(TEST_FILE), records(100..100 + TEST)).unwrap();
}

fn set() -> (TempDir, Cifar10) {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path());
    let config = at(folder.path());
    (folder, config)
}

fn at(path: &Path) -> Cifar10 {
    Cifar10 { path: path.to_str().unwrap().to_owned(), ..Cifar10::default() }
}

/// Number of each image, from its first byte.
fn numbers(split: &Split) -> Vec<usize> {
    split.images().map(|image| (image[0] * 255.0).round() as usize).collect()
}

/// The errors of planning and of loading, with the folder replaced by `FOLDER`.
fn errors(folder: &TempDir, config: &Cifar10) -> [String; 2] {
    [config.describe().map(|_| ()), config.load().map(|_| ())].map(|result| match result {
        Ok(()) => "fine".to_owned(),
        Err(error) => error.to_string().replace(folder.path().to_str().unwrap(), "FOLDER"),
    })
}

#[test]
fn splits_cover_the_files_and_do_not_overlap() {
    let (_folder, config) = set();
    let data = config.load().unwrap();
    assert_eq!(data.shape, config.describe().unwrap());
    assert_eq!([data.train.len(), data.validation.len(), data.test.len()], [18, 2, TEST]);
    let mut seen = numbers(&data.train);
    assert!(!seen.is_sorted(), "the order is shuffled");
    seen.extend(numbers(&data.validation));
    seen.sort_unstable();
    assert_eq!(seen, (0..TRAIN).collect::<Vec<_>>());
    assert_eq!(numbers(&data.test), (100..100 + TEST).collect::<Vec<_>>());
    for split in [&data.train, &data.validation, &data.test] {
        let labels: Vec<_> = numbers(split).into_iter().map(|number| (number % 10) as u16).collect();
        assert_eq!(split.labels.as_ref(), Some(&labels));
    }
}

#[test]
fn an_image_is_red_green_blue_row_by_row() {
    let (_folder, config) = set();
    let image = config.load().unwrap().test.image(1).to_vec();
    let bytes: Vec<_> = image.iter().map(|pixel| (pixel * 255.0).round() as u8).collect();
    assert_eq!(bytes, record(101)[1..]);
    assert!(image.iter().zip(&bytes).all(|(pixel, byte)| *pixel == f32::from(*byte) / 255.0));
}

#[test]
fn fewer_levels_are_equal_shares_of_the_256() {
    let (_folder, config) = set();
    let all = config.load().unwrap();
    for levels in [2u16, 4, 5, 8] {
        let some = Cifar10 { levels, ..config.clone() }.load().unwrap();
        assert_eq!(some.shape.support, Support::Levels(levels));
        let top = f32::from(levels - 1);
        for (pixel, full) in some.train.pixels.iter().zip(&all.train.pixels) {
            let byte = (full * 255.0).round();
            assert_eq!(*pixel, (byte * f32::from(levels) / 256.0).floor() / top, "{byte} of {levels}");
        }
        assert_eq!(some.train.labels, all.train.labels);
    }
}

#[test]
fn limits_take_the_first_images_and_keep_the_others() {
    let (folder, config) = set();
    let all = config.load().unwrap();
    let some = Cifar10 { train: 5, validation: 8, test: 2, ..config.clone() }.load().unwrap();
    assert_eq!((some.train, some.test), (all.train.take(5), all.test.take(2)));
    assert_eq!(numbers(&some.validation)[6..], numbers(&all.validation));
    for (config, expected) in [
        (Cifar10 { train: 19, ..config.clone() }, "train: 19 images requested, but there are 18"),
        (Cifar10 { test: 4, ..config.clone() }, "test: 4 images requested, but there are 3"),
        (Cifar10 { validation: 20, ..config.clone() }, "validation: 20 of 20 images leaves none for training"),
        (Cifar10 { levels: 1, ..config.clone() }, "levels: 1 is out of range"),
        (Cifar10 { levels: 257, ..config }, "levels: 257 is out of range"),
    ] {
        assert_eq!(errors(&folder, &config), [expected; 2]);
    }
}

#[test]
fn the_folder_that_the_archive_unpacks_to_is_found() {
    let (_folder, config) = set();
    for below in ["cifar-10-batches-bin", "cifar-10-binary/cifar-10-batches-bin", "a/b/c"] {
        let outer = tempfile::tempdir().unwrap();
        fs::create_dir_all(outer.path().join(below)).unwrap();
        write_set(&outer.path().join(below));
        let nested = at(outer.path());
        assert_eq!(nested.load().unwrap().sha256(), config.load().unwrap().sha256());
        assert_eq!(nested.hash().unwrap(), config.hash().unwrap());
    }
}

#[test]
fn a_folder_that_is_called_like_its_file_is_entered() {
    let (folder, config) = set();
    let hash = config.hash().unwrap();
    let path = folder.path().join(TEST_FILE);
    let bytes = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    fs::write(path.join(TEST_FILE), bytes).unwrap();
    assert_eq!(config.hash().unwrap(), hash);
}

#[test]
fn other_versions_are_refused_by_name() {
    let said = |files: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            fs::create_dir_all(folder.path().join(file).parent().unwrap()).unwrap();
            fs::write(folder.path().join(file), "x").unwrap();
        }
        let [planned, _] = errors(&folder, &at(folder.path()));
        planned
    };
    let rest = |message: String| message.split("test_batch.bin; ").nth(1).unwrap().to_owned();
    let python = "of the Python version of CIFAR-10, which is not read; download cifar-10-binary.tar.gz";
    assert_eq!(rest(said(&["data_batch_1", "batches.meta"])), format!("data_batch_1 is {python}"));
    assert_eq!(rest(said(&["cifar-10-batches-py/data_batch_1"])), format!("cifar-10-batches-py is {python}"));
    assert_eq!(rest(said(&["cifar-10-python.tar.gz"])), format!("cifar-10-python.tar.gz is {python}"));
    let hundred = "of CIFAR-100, which is not read; download cifar-10-binary.tar.gz";
    assert_eq!(rest(said(&["train.bin", "fine_label_names.txt"])), format!("train.bin is {hundred}"));
    assert_eq!(rest(said(&["cifar-100-python/train"])), format!("cifar-100-python is {hundred}"));
    assert_eq!(
        rest(said(&["cifar-10-binary.tar.gz"])),
        "it has cifar-10-binary.tar.gz; unpack cifar-10-binary.tar.gz first"
    );
    assert_eq!(rest(said(&[])), "the folder is empty");

    let folder = tempfile::tempdir().unwrap();
    let archive = |name: &str| {
        fs::write(folder.path().join(name), "x").unwrap();
        errors(&folder, &at(&folder.path().join(name)))[0].clone()
    };
    assert_eq!(
        archive("cifar-10-binary.tar.gz"),
        "FOLDER/cifar-10-binary.tar.gz: an archive: unpack it with `tar -xf cifar-10-binary.tar.gz` and set `path` to the folder"
    );
    assert_eq!(
        archive("cifar-10-python.tar.gz"),
        format!("FOLDER/cifar-10-python.tar.gz: cifar-10-python.tar.gz is {python}")
    );
    assert_eq!(
        archive("data_batch_1.bin"),
        "FOLDER/data_batch_1.bin: a file: set `path` to the folder that contains it"
    );
}

#[test]
fn the_hash_is_that_of_the_joined_files() {
    let mut hash = Sha256::new();
    hash.update(records((100..100 + TEST).chain(0..TRAIN)));
    assert_eq!(set().1.hash().unwrap(), protocol::trial::hex(&hash.finalize()));
}

#[test]
fn an_unset_path_and_missing_files_are_errors_with_help() {
    let DataError::Setting(problem) = Cifar10::default().describe().unwrap_err() else {
        panic!("the error is about a setting")
    };
    assert_eq!(problem.to_string(), "path: not set");
    assert_eq!(
        problem.help.unwrap(),
        "set it to the folder of data_batch_1.bin to data_batch_5.bin and test_batch.bin"
    );
    let (folder, config) = set();
    fs::remove_file(folder.path().join("data_batch_3.bin")).unwrap();
    let wanted = "not found; the binary version of CIFAR-10 has data_batch_1.bin to data_batch_5.bin and test_batch.bin; \
         it has data_batch_1.bin, data_batch_2.bin, data_batch_4.bin, data_batch_5.bin, test_batch.bin";
    assert_eq!(errors(&folder, &config), [(); 2].map(|()| format!("FOLDER/data_batch_3.bin: {wanted}")));
    fs::create_dir(folder.path().join("data_batch_3.bin")).unwrap();
    assert_eq!(errors(&folder, &config), ["FOLDER/data_batch_3.bin: not a regular file"; 2]);
}

#[test]
fn a_broken_file_is_refused_with_the_byte() {
    let said = |name: &str, bytes: Vec<u8>| {
        let (folder, config) = set();
        fs::write(folder.path().join(name), bytes).unwrap();
        errors(&folder, &config)
    };
    let whole = records(0..BATCH);
    assert_eq!(
        said("data_batch_2.bin", whole[..4_000].to_vec()),
        ["FOLDER/data_batch_2.bin: byte 4000: the file is 2146 bytes too short"; 2]
    );
    assert_eq!(said("test_batch.bin", vec![]), ["FOLDER/test_batch.bin: byte 0: the file is 3073 bytes too short"; 2]);
    let mut label = whole.clone();
    label[2 * RECORD] = 10;
    assert_eq!(
        said("data_batch_5.bin", label),
        ["fine", "FOLDER/data_batch_5.bin: byte 6146: label 10 of record 2, expected 0 to 9"]
    );
}

#[test]
fn a_file_of_more_than_ten_thousand_records_is_refused_unread() {
    let (folder, config) = set();
    let file = fs::File::create(folder.path().join("data_batch_1.bin")).unwrap();
    let goes_on = "FOLDER/data_batch_1.bin: byte 30730000: \
                   extra bytes after 10,000 records, the maximum of a CIFAR-10 file";
    // The file is sparse and takes no space.
    for length in [30_730_001, 30_733_073, u64::MAX >> 2] {
        if file.set_len(length).is_ok() {
            assert_eq!(errors(&folder, &config), [goes_on; 2]);
        }
    }
    file.set_len(30_730_000).unwrap();
    // 10,000 records and 16 of the other files, minus a tenth.
    assert_eq!(config.describe().unwrap().train, 10_016 - 1_001);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damage_is_an_error_or_leaves_the_right_lengths(
        keep in prop_oneof![Just(1.0), 0.0..1.0f64],
        flips in prop::collection::vec((0..BATCH, 0..RECORD, 0u8..8), 0..4),
        in_label: bool,
    ) {
        let (folder, config) = set();
        let path = folder.path().join("data_batch_4.bin");
        let whole = fs::read(&path).unwrap();
        let mut bytes = whole[..(whole.len() as f64 * keep) as usize].to_vec();
        for (index, at, bit) in flips {
            let at = index * RECORD + if in_label { 0 } else { at };
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << bit;
            }
        }
        fs::write(&path, &bytes).unwrap();
        match config.load() {
            Ok(data) => {
                prop_assert_eq!(bytes.len() % RECORD, 0);
                prop_assert_eq!(data.shape, config.describe().unwrap());
                prop_assert_eq!(data.train.len() + data.validation.len(), TRAIN - BATCH + bytes.len() / RECORD);
                prop_assert!(data.train.labels.unwrap().iter().all(|label| *label < 10));
            }
            Err(DataError::Format { path: blamed, offset, .. }) => {
                prop_assert_ne!(&bytes, &whole);
                prop_assert_eq!(blamed, path);
                prop_assert!(offset <= bytes.len() as u64);
            }
            Err(other) => prop_assert!(false, "{}", other),
        }
    }
}
