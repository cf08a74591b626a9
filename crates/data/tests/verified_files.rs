//! The bytes that a set loads are held against the hash of its plan.

use std::fs;
use std::path::Path;

use data::{DATASETS, DataError, DataSource, built_in, load_verified};
use serde_json::{Value, json};
use std::sync::Arc;

/// Writes training and test files in the format of MNIST, of `counts` images of 2x2 pixels.
fn idx(folder: &Path, counts: [u8; 2], level: u8) {
    for (part, count) in [("train", counts[0]), ("t10k", counts[1])] {
        let mut images = vec![0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 2, 0, 0, 0, 2];
        images.extend((0..4 * usize::from(count)).map(|at| level.wrapping_add(at as u8)));
        fs::write(folder.join(format!("{part}-images-idx3-ubyte")), images).unwrap();
        let mut labels = vec![0, 0, 8, 1, 0, 0, 0, count];
        labels.extend((0..count).map(|at| at % 3));
        fs::write(folder.join(format!("{part}-labels-idx1-ubyte")), labels).unwrap();
    }
}

/// Writes the six files of CIFAR-10, of two images each.
fn cifar(folder: &Path, level: u8) {
    for name in (1..=5).map(|part| format!("data_batch_{part}.bin")).chain(["test_batch.bin".to_owned()]) {
        let record = |label: u8| std::iter::once(label).chain((0..3_072).map(|at| level.wrapping_add(at as u8)));
        fs::write(folder.join(name), record(1).chain(record(2)).collect::<Vec<u8>>()).unwrap();
    }
}

fn open(name: &str, settings: &Value) -> Arc<dyn DataSource> {
    let sets = built_in();
    (sets.find(name).unwrap().open)(settings, &sets).ok().unwrap()
}

/// Every set over files, also inside of another set: name, settings, one of its files.
fn sets_of_files(folder: &Path) -> Vec<(&'static str, Value, &'static str)> {
    let path = folder.to_str().unwrap();
    vec![
        ("idx", json!({"path": path}), "train-images-idx3-ubyte"),
        ("idx", json!({"path": path}), "t10k-labels-idx1-ubyte"),
        ("cifar10", json!({"path": path}), "data_batch_4.bin"),
        ("domains", json!({"data": {"name": "cifar10", "path": path}}), "data_batch_1.bin"),
        ("puzzle", json!({"data": {"name": "cifar10", "path": path}, "parts": 1}), "test_batch.bin"),
    ]
}

#[test]
fn changed_files_are_refused_with_their_names_and_both_hashes() {
    let folder = tempfile::tempdir().unwrap();
    idx(folder.path(), [12, 4], 0);
    cifar(folder.path(), 0);
    for (name, settings, file) in sets_of_files(folder.path()) {
        let set = open(name, &settings);
        let planned = set.hash().unwrap();
        assert!(planned.len() >= 64, "{name}: {planned}");
        let data = load_verified(&*set, &planned).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(data.files_hash.as_ref(), Some(&planned), "{name} hashes what it reads");

        let path = folder.path().join(file);
        let before = fs::read(&path).unwrap();
        let mut after = before.clone();
        *after.last_mut().unwrap() ^= 1;
        fs::write(&path, &after).unwrap();
        let found = set.hash().unwrap();
        let message = load_verified(&*set, &planned).err().unwrap().to_string();
        for part in [&planned, &found, &path.display().to_string()] {
            assert!(message.contains(part.as_str()), "{name}: {part}: {message}");
        }
        // A file that cannot be parsed is a changed file, too.
        fs::write(&path, &before[..before.len() - 1]).unwrap();
        let error = load_verified(&*set, &planned).err().unwrap();
        assert!(matches!(&error, DataError::Changed { why: Some(_), .. }), "{name}: {error}");
        fs::remove_file(&path).unwrap();
        let message = load_verified(&*set, &planned).err().unwrap().to_string();
        assert!(message.contains(file) || message.contains("labels"), "{name}: {message}");
        fs::write(&path, &before).unwrap();
        assert!(load_verified(&*set, &planned).is_ok(), "{name}: a restored file is accepted");
    }
}

#[test]
fn data_without_files_have_no_hash() {
    for entry in DATASETS {
        let set = open(entry.name, &json!({}));
        if !set.path_settings().is_empty() {
            continue;
        }
        let hash = set.hash().unwrap();
        assert!(hash.is_empty() || hash.ends_with('/'), "{}: {hash}", entry.name);
        assert_eq!(set.files().unwrap(), [""; 0].map(std::path::PathBuf::from), "{}", entry.name);
    }
}
