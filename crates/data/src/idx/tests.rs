//! Finding and loading of files; [`layouts`] tests the folders of common downloads, [`errors`] refused files.

mod errors;
mod layouts;

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
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

/// Image `i` has the levels i, i + 1, ..., so that all images differ.
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
        (Idx { train: 37, ..config.clone() }, "train: 37 images requested, but there are 36"),
        (Idx { test: 8, ..config.clone() }, "test: 8 images requested, but there are 7"),
        (Idx { validation: 40, ..config }, "validation: 40 of 40 images leaves none for training"),
    ] {
        assert_eq!(config.describe().unwrap_err().to_string(), expected);
    }
}

#[test]
fn a_held_out_class_is_in_no_split_and_the_order_of_the_others_stays() {
    let (_folder, config) = mnist(false);
    let all = config.load().unwrap();
    let some = Idx { hold_out: Some(1), validation: 4, ..config.clone() };
    let data = some.load().unwrap();
    assert_eq!(data.shape, some.describe().unwrap());
    assert_eq!([data.train.len(), data.validation.len(), data.test.len()], [28, 4, 5]);
    assert_eq!(data.shape.classes, Some(5), "labels keep their numbers");
    // Images 1 and 6 of the test file, and none of the training file.
    assert_eq!(numbers(data.held_out.as_ref().unwrap()), [1, 6]);
    assert_eq!(numbers(&data.test), [0, 2, 3, 4, 5]);
    let others = |split: &Split| numbers(split).into_iter().filter(|number| number % 5 != 1).collect::<Vec<_>>();
    let order = [others(&all.train), others(&all.validation)].concat();
    assert_eq!([numbers(&data.train), numbers(&data.validation)].concat(), order);
    // Limits count the remaining images.
    let few = Idx { test: 2, train: 3, binarize: BinarizeMode::Dynamic, ..some }.load().unwrap();
    assert_eq!([few.train.len(), few.test.len()], [3, 2]);
    let held = few.held_out.unwrap();
    assert!(held.len() == 2 && held.pixels.iter().all(|pixel| *pixel == 0.0 || *pixel == 1.0));
}

#[test]
fn a_class_needs_labels_and_images() {
    let (folder, config) = mnist(false);
    let refused = |class| {
        let DataError::Setting(problem) = Idx { hold_out: Some(class), ..config.clone() }.describe().unwrap_err()
        else {
            panic!("the error is about a setting")
        };
        problem
    };
    assert_eq!(refused(7).to_string(), "hold_out: no test image has class 7");
    assert_eq!(refused(7).help.unwrap(), "allowed: 0, 1, 2, 3, 4");
    fs::write(folder.path().join("t10k-labels-idx1-ubyte"), idx(&[TEST], &[2; TEST])).unwrap();
    assert_eq!(refused(2).to_string(), "hold_out: all test images have class 2");
    for part in ["train", "t10k"] {
        fs::remove_file(folder.path().join(format!("{part}-labels-idx1-ubyte"))).unwrap();
    }
    assert_eq!(refused(2).to_string(), "hold_out: the images have no labels");
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

    // With files of both MNIST and EMNIST, those of EMNIST are used on request only.
    write_set(folder.path(), ["emnist-letters-train", "emnist-letters-test"], "-", true);
    let letters = Idx { split: "letters".into(), ..config.clone() };
    assert_eq!(letters.load().unwrap().shape.height, WIDTH);
    assert_eq!(config.load().unwrap().shape.height, HEIGHT);
    let letter = Idx { split: "letter".into(), ..config };
    let DataError::Setting(problem) = letter.describe().unwrap_err() else { panic!("the error is about a setting") };
    assert_eq!(problem.help.unwrap(), "did you mean `letters`? Allowed: letters");
}

#[test]
fn the_only_emnist_split_is_found_and_several_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let config = Idx { path: folder.path().to_str().unwrap().to_owned(), ..Idx::default() };
    write_set(folder.path(), ["emnist-letters-train", "emnist-letters-test"], "-", true);
    assert_eq!(config.load().unwrap().shape.train, 36);
    write_set(folder.path(), ["emnist-digits-train", "emnist-digits-test"], ".", false);
    let DataError::Setting(problem) = config.describe().unwrap_err() else { panic!("the error is about a setting") };
    assert_eq!(problem.to_string(), "split: the folder has 2 EMNIST splits");
    assert_eq!(problem.help.unwrap(), "set it to one of: digits, letters");
}

#[test]
fn names_with_a_dot_are_found() {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path(), ["train", "t10k"], ".", false);
    let config = Idx { path: folder.path().to_str().unwrap().to_owned(), ..Idx::default() };
    assert_eq!(config.load().unwrap().sha256(), mnist(false).1.load().unwrap().sha256());
}
