//! Layouts of numpy's files as people have them, and refused ones.

mod archives;
mod errors;
mod values;

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use proptest::prelude::*;
use tempfile::TempDir;
use zip::write::FileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;
use crate::Split;

/// A file `.npy`: type, order, shape, numbers.
fn npy(descr: &str, fortran: bool, shape: &[usize], numbers: &[u8]) -> Vec<u8> {
    let order = if fortran { "True" } else { "False" };
    let shape: String = shape.iter().map(|size| format!("{size}, ")).collect();
    let mut header = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': ({shape}), }}");
    header += &" ".repeat(63 - (header.len() + 10) % 64);
    header.push('\n');
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.into_bytes());
    file.extend(numbers);
    file
}

/// Images `first`, `first + 1`, ... of 3x2 pixels, whose levels differ in every pixel.
fn levels(first: usize, count: usize) -> Vec<u8> {
    (first..first + count).flat_map(|image| (0..6).map(move |pixel| (image * 3 + pixel * 7) as u8)).collect()
}

fn images(first: usize, count: usize) -> Vec<u8> {
    npy("|u1", false, &[count, 3, 2], &levels(first, count))
}

fn labels(first: usize, count: usize) -> Vec<u8> {
    npy("|u1", false, &[count, 1], &(first..first + count).map(|image| (image % 5) as u8).collect::<Vec<_>>())
}

/// Writes a zip as numpy does, with 64-bit sizes.
fn write_zip(path: &Path, method: CompressionMethod, arrays: &[(&str, Vec<u8>)]) {
    let mut zip = ZipWriter::new(fs::File::create(path).unwrap());
    for (name, bytes) in arrays {
        let options = FileOptions::default().compression_method(method).large_file(true);
        zip.start_file(format!("{name}.npy"), options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

fn set(arrays: &[(&str, Vec<u8>)]) -> (TempDir, Npz) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("set.npz");
    write_zip(&path, CompressionMethod::Deflated, arrays);
    let config = at(path);
    (folder, config)
}

fn at(path: PathBuf) -> Npz {
    Npz { path: path.to_str().unwrap().to_owned(), ..Npz::default() }
}

fn medmnist() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("train_images", images(0, 40)),
        ("val_images", images(40, 5)),
        ("test_images", images(45, 7)),
        ("train_labels", labels(0, 40)),
        ("val_labels", labels(40, 5)),
        ("test_labels", labels(45, 7)),
    ]
}

/// The number of each image, known from its first level.
fn numbers(split: &Split) -> Vec<usize> {
    split.images().map(|image| (image[0] * 255.0).round() as usize / 3).collect()
}

fn message(folder: &TempDir, config: &Npz) -> String {
    let planned = config.describe().map(|_| ()).err();
    let error = planned.or_else(|| config.load().err()).expect("an error");
    let help = match &error {
        DataError::Setting(problem) => problem.help.clone().map(|help| format!(" ({help})")).unwrap_or_default(),
        _ => String::new(),
    };
    error.to_string().replace(folder.path().to_str().unwrap(), "FOLDER") + &help
}
