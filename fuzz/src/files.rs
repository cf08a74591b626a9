//! Data sets that are read from files.

use std::fs;
use std::path::Path;

use data::{Background, Cifar10, DataConfig, Dataset, Fit, Idx, Images, Npz, PixelRange};

/// Splits the first byte, which selects a variation, from the content of the file.
fn flags(bytes: &[u8]) -> (u8, &[u8]) {
    bytes.split_first().map_or((0, bytes), |(first, rest)| (*first, rest))
}

/// Describes, loads and hashes a set. What loads must agree with its description.
fn read(set: &impl DataConfig) {
    let shape = set.describe();
    if let Ok(data) = set.load() {
        assert_eq!(shape.expect("what loads can be described"), data.shape);
        check(&data);
        set.hash().expect("what loads can be hashed");
    }
}

fn check(data: &Dataset) {
    for (split, count) in
        [(&data.train, data.shape.train), (&data.validation, data.shape.validation), (&data.test, data.shape.test)]
    {
        assert_eq!(split.pixels.len(), count * data.shape.pixels());
        assert!(split.pixels.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
        assert!(split.labels.iter().all(|labels| labels.len() == count));
    }
}

fn text(path: &Path) -> String {
    path.to_str().expect("a path in UTF-8").to_owned()
}

fn idx_file(sizes: &[u32], byte: u8) -> Vec<u8> {
    let mut file = vec![0, 0, 8, sizes.len() as u8];
    file.extend(sizes.iter().flat_map(|size| size.to_be_bytes()));
    file.extend(vec![byte; sizes.iter().product::<u32>() as usize]);
    file
}

/// One of the four files of a set in MNIST's format, plain or gzip.
pub fn idx(bytes: &[u8]) {
    let (flags, bytes) = flags(bytes);
    let folder = tempfile::tempdir().expect("a folder");
    let files = [
        ("train-images-idx3-ubyte", idx_file(&[4, 3, 2], 7)),
        ("t10k-images-idx3-ubyte", idx_file(&[2, 3, 2], 9)),
        ("train-labels-idx1-ubyte", idx_file(&[4], 1)),
        ("t10k-labels-idx1-ubyte", idx_file(&[2], 0)),
    ];
    for (index, (name, whole)) in files.iter().enumerate() {
        let content = if index == usize::from(flags & 3) { bytes } else { whole };
        fs::write(folder.path().join(name), content).expect("a file");
    }
    read(&Idx { path: text(folder.path()), ..Idx::default() });
}

/// One of the six files of CIFAR-10; the other five have one record each.
pub fn cifar10(bytes: &[u8]) {
    let (flags, bytes) = flags(bytes);
    let folder = tempfile::tempdir().expect("a folder");
    let record = vec![3; 3_073];
    for index in 0..6 {
        let name = if index == 5 { "test_batch.bin".to_owned() } else { format!("data_batch_{}.bin", index + 1) };
        let content = if index == usize::from(flags % 6) { bytes } else { &record };
        fs::write(folder.path().join(name), content).expect("a file");
    }
    let levels = [256, 2, 5][usize::from(flags / 6) % 3];
    read(&Cifar10 { path: text(folder.path()), levels, ..Cifar10::default() });
}

/// A `.npz` or `.npy`.
pub fn npz(bytes: &[u8]) {
    let (flags, bytes) = flags(bytes);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("set.npz");
    fs::write(&path, bytes).expect("a file");
    let sides = if flags & 16 == 0 { 0 } else { 2 };
    read(&Npz {
        path: text(&path),
        range: [None, Some(PixelRange::Byte), Some(PixelRange::Unit)][usize::from(flags % 3)],
        levels: if flags & 4 == 0 { 0 } else { 8 },
        labels: flags & 8 == 0,
        height: sides,
        width: sides,
        ..Npz::default()
    });
}

/// Three pictures of the same bytes in two classes.
pub fn images(bytes: &[u8]) {
    let (flags, bytes) = flags(bytes);
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["a/0.png", "a/1.jpg", "b/2.png"] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    let sides = if flags & 1 == 0 { 0 } else { 3 };
    read(&Images {
        path: text(folder.path()),
        height: sides,
        width: sides,
        fit: if flags & 2 == 0 { Fit::Crop } else { Fit::Stretch },
        grey: flags & 4 != 0,
        background: [None, Some(Background::Black), Some(Background::White)][usize::from(flags >> 3) % 3],
        ..Images::default()
    });
}
