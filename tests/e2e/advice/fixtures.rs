//! Files of data for the cases: pictures, arrays of numpy, and MNIST's format.

use std::fs;
use std::path::Path;

use data::{DataShape, Split};
use protocol::Support;

const SIDE: usize = 8;
const IMAGES: usize = 40;

/// Writes the files below `folder`.
pub(crate) fn write(folder: &Path) {
    for (class, first) in [("a", 0), ("b", IMAGES / 2)] {
        let pictures = folder.join("pictures").join(class);
        fs::create_dir_all(&pictures).expect("a folder");
        (0..IMAGES / 2).for_each(|index| picture(&pictures.join(format!("{index:02}.png")), first + index, SIDE));
    }
    picture(&folder.join("long.png"), 0, 5_000);
    for name in ["npy", "idx", "cifar"] {
        fs::create_dir_all(folder.join(name)).expect("a folder");
    }
    let numbers = |index: usize| (0..SIDE * SIDE).map(move |pixel| pattern(index, pixel));
    let pixels: Vec<u8> = (0..IMAGES).flat_map(numbers).collect();
    let labels: Vec<u8> = (0..IMAGES).map(|index| (index % 2) as u8).collect();
    let floats: Vec<u8> = pixels.iter().flat_map(|byte| (f32::from(*byte) / 255.0).to_le_bytes()).collect();
    fs::write(folder.join("float.npy"), npy("<f4", &[IMAGES, SIDE, SIDE], &floats)).expect("written");
    for (numpy, mnist) in [("train", "train"), ("test", "t10k")] {
        let [images, classes] = ["x", "y"].map(|kind| folder.join(format!("npy/{kind}_{numpy}.npy")));
        fs::write(images, npy("|u1", &[IMAGES, SIDE, SIDE], &pixels)).expect("written");
        fs::write(classes, npy("|u1", &[IMAGES], &labels)).expect("written");
        let [images, classes] =
            ["images-idx3", "labels-idx1"].map(|kind| folder.join(format!("idx/{mnist}-{kind}-ubyte")));
        fs::write(images, idx(&[IMAGES, SIDE, SIDE], &pixels)).expect("written");
        fs::write(classes, idx(&[IMAGES], &labels)).expect("written");
    }
    let batches = (1..=5).map(|number| format!("data_batch_{number}.bin")).chain(["test_batch.bin".to_owned()]);
    batches
        .for_each(|name| fs::write(folder.join("cifar").join(name), vec![0; 10 * (1 + 3 * 32 * 32)]).expect("written"));
    fs::write(folder.join("arrays.npz"), zip("train_images.npy", &npy("|u1", &[IMAGES, SIDE, SIDE], &pixels)))
        .expect("written");
}

/// Pixel of an image; no two images are equal.
fn pattern(image: usize, pixel: usize) -> u8 {
    ((image * 37 + pixel * (image + 11)) % 256) as u8
}

/// A grey picture of `width` columns.
fn picture(path: &Path, index: usize, width: usize) {
    let pixels = (0..SIDE * width).map(|pixel| f32::from(pattern(index, pixel)) / 255.0).collect();
    let shape = DataShape::new([1, SIDE, width], Support::Levels(256), [1, 1, 1]);
    engine::sheet::write(path, &Split::new(pixels, SIDE * width), &shape, 1).expect("written");
}

/// An array of numpy, version 1.0.
fn npy(kind: &str, shape: &[usize], bytes: &[u8]) -> Vec<u8> {
    let shape: String = shape.iter().map(|size| format!("{size},")).collect();
    let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({shape}), }}");
    let header = format!("{header:117}\n");
    let length = u16::try_from(header.len()).expect("a short header").to_le_bytes();
    [b"\x93NUMPY\x01\x00", length.as_slice(), header.as_bytes(), bytes].concat()
}

/// Bytes in MNIST's format.
fn idx(shape: &[usize], bytes: &[u8]) -> Vec<u8> {
    let sizes = shape.iter().flat_map(|size| u32::try_from(*size).expect("a small size").to_be_bytes());
    [0, 0, 8, shape.len() as u8].into_iter().chain(sizes).chain(bytes.iter().copied()).collect()
}

/// A zip file with one stored entry.
fn zip(name: &str, bytes: &[u8]) -> Vec<u8> {
    let size = u32::try_from(bytes.len()).expect("a small file").to_le_bytes();
    let length = u16::try_from(name.len()).expect("a short name").to_le_bytes();
    // Version, flags, method (stored), time and date; then checksum, sizes, and lengths of name and extra field.
    let about =
        [&[20, 0, 0, 0, 0, 0, 0, 0, 33, 0], &crc32(bytes).to_le_bytes()[..], &size, &size, &length, &[0, 0]].concat();
    let local = [b"PK\x03\x04".as_slice(), &about, name.as_bytes(), bytes].concat();
    let central = [b"PK\x01\x02\x14\x00".as_slice(), &about, &[0; 14], name.as_bytes()].concat();
    let [size, start] = [central.len(), local.len()].map(|length| u32::try_from(length).expect("small").to_le_bytes());
    let end = [b"PK\x05\x06\0\0\0\0\x01\0\x01\0".as_slice(), &size, &start, &[0, 0]].concat();
    [local, central, end].concat()
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |rest: u32, byte: &u8| {
        (0..8).fold(rest ^ u32::from(*byte), |rest, _| if rest & 1 == 1 { rest >> 1 ^ 0xedb8_8320 } else { rest >> 1 })
    };
    !bytes.iter().fold(!0, step)
}
