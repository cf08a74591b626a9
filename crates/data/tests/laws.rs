//! Laws of every registered data set.

use std::fs;
use std::path::Path;

use data::{DATASETS, DataEntry, DataSets, Dataset, built_in};
use protocol::Support;
use serde_json::{Value, json};

/// Settings to test `entry` with: its defaults, and each way to make it binary if it has one.
fn settings(entry: &DataEntry, sets: &DataSets, folder: &Path) -> Vec<Value> {
    let defaults = (entry.defaults)();
    let mut base = json!({});
    if defaults.get("path").is_some() {
        base["path"] = json!(folder);
    }
    let mut all = vec![base.clone()];
    if defaults.get("binarize").is_some() {
        for mode in ["threshold", "static", "dynamic"] {
            base["binarize"] = json!(mode);
            all.push(base.clone());
        }
    }
    if entry.name == "domains" {
        all.extend([json!({"pair": "digits"}), json!({"data": "digits"}), json!({"data": "colour_digits"})]);
        all.push(json!({"data": "captions", "translation": "stripes"}));
    }
    if defaults.get("levels").is_some() {
        for levels in [2, 3, 256] {
            base["levels"] = json!(levels);
            all.push(base.clone());
        }
    }
    all.iter().map(|settings| (entry.resolve)(settings, sets).unwrap()).collect()
}

fn write_idx(path: &Path, sizes: &[u32], level: impl Fn(u32) -> u8) {
    let mut file = vec![0, 0, 8, sizes.len() as u8];
    file.extend(sizes.iter().flat_map(|size| size.to_be_bytes()));
    file.extend((0..sizes.iter().product()).map(level));
    fs::write(path, file).unwrap();
}

/// Files of numpy, as MedMNIST names its arrays.
fn write_npy(folder: &Path) {
    for (part, count) in [("train", 40), ("val", 5), ("test", 6)] {
        for (what, sides) in [("images", ", 5, 4"), ("labels", "")] {
            let header = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': ({count}{sides},), }}\n");
            let mut file = b"\x93NUMPY\x01\x00".to_vec();
            file.extend((header.len() as u16).to_le_bytes());
            file.extend(header.into_bytes());
            let numbers = if what == "images" { count * 20 } else { count };
            file.extend(
                (0..numbers).map(|at: u32| if what == "images" { (at * 37 % 256) as u8 } else { (at % 7) as u8 }),
            );
            fs::write(folder.join(format!("{part}_{what}.npy")), file).unwrap();
        }
    }
}

/// Grey pictures of 5x4 pixels in folders of two classes.
fn write_pictures(folder: &Path) {
    for number in 0..30u32 {
        let class = folder.join(["cat", "dog"][number as usize % 2]);
        fs::create_dir_all(&class).unwrap();
        let picture = image::GrayImage::from_fn(4, 5, |x, y| image::Luma([((number + x * 37 + y * 59) % 256) as u8]));
        picture.save(class.join(format!("{number}.png"))).unwrap();
    }
}

fn on_support(support: Support, pixel: f32) -> bool {
    match support {
        Support::Binary => pixel == 0.0 || pixel == 1.0,
        Support::Levels(levels) => {
            let top = f32::from(levels - 1);
            (0.0..=1.0).contains(&pixel) && ((pixel * top).round() / top - pixel).abs() < 1e-6
        }
        Support::Continuous => (0.0..=1.0).contains(&pixel),
        Support::Real => pixel.is_finite(),
    }
}

fn check(name: &str, data: &Dataset) {
    let shape = data.shape;
    let all: Vec<_> = (0..shape.train).collect();
    // A batch as a model gets it: with dynamic binarization the stored training images are grey.
    let seen = data.batch(&all, 3);
    for (split, count) in [
        (&seen, shape.train),
        (&data.train, shape.train),
        (&data.validation, shape.validation),
        (&data.test, shape.test),
    ] {
        assert!(count > 0, "{name}: a split is empty");
        assert_eq!((split.len(), split.image_len), (count, shape.pixels()), "{name}");
        assert_eq!(split.pixels.len(), count * shape.pixels(), "{name}");
        assert_eq!(split.labels.is_some(), shape.classes.is_some(), "{name}");
        assert_eq!(split.captions.is_some(), shape.captions.is_some(), "{name}");
        if let (Some(captions), Some(said)) = (&split.captions, shape.captions) {
            assert_eq!((captions.rows().len(), captions.caption_len), (count, said.words), "{name}");
            assert!(captions.words.iter().all(|word| usize::from(*word) < said.vocabulary), "{name}");
        }
        assert_eq!(split.parts.is_some(), shape.parts.is_some(), "{name}");
        if let (Some(parts), Some(cut)) = (&split.parts, shape.parts) {
            assert_eq!((parts.count, parts.part_len), (cut.count, shape.channels * cut.side * cut.side), "{name}");
            assert_eq!((parts.rows().len(), parts.masks().len()), (count, count), "{name}");
            assert_eq!((parts.mask_len, parts.places.len()), (shape.height * shape.width, count * cut.count));
        }
        assert_eq!(split.other.is_some(), shape.other.is_some(), "{name}");
        if let (Some(other), Some(sides)) = (&split.other, shape.other) {
            assert_eq!((other.len(), other.image_len), (count, sides.iter().product()), "{name}");
            assert!(other.pixels.iter().all(|pixel| on_support(shape.support, *pixel)), "{name}");
        }
        if let (Some(labels), Some(classes)) = (&split.labels, shape.classes) {
            assert_eq!(labels.len(), count, "{name}");
            assert!(labels.iter().all(|label| usize::from(*label) < classes), "{name}");
        }
    }
    for split in [&seen, &data.validation, &data.test] {
        assert!(split.pixels.iter().all(|pixel| on_support(shape.support, *pixel)), "{name}: {:?}", shape.support);
    }
    assert_eq!(data.truth.is_some(), shape.exact, "{name}");
    assert_eq!(data.reader.is_some(), shape.captions.is_some(), "{name}");
}

#[test]
fn every_set_matches_its_description_and_is_reproducible() {
    let folder = tempfile::tempdir().unwrap();
    for (part, count) in [("train", 50), ("t10k", 9)] {
        let path = |what: &str| folder.path().join(format!("{part}-{what}-ubyte"));
        write_idx(&path("images-idx3"), &[count, 5, 4], |byte| (byte * 37 % 256) as u8);
        write_idx(&path("labels-idx1"), &[count], |byte| (byte % 10) as u8);
    }
    for (batch, count) in [("data_batch_1", 9), ("data_batch_2", 8), ("data_batch_3", 1), ("data_batch_4", 1)]
        .into_iter()
        .chain([("data_batch_5", 2), ("test_batch", 4)])
    {
        let byte = |at: usize| if at.is_multiple_of(3_073) { (at / 3_073 % 10) as u8 } else { (at * 37 % 256) as u8 };
        let records: Vec<_> = (0..count * 3_073).map(byte).collect();
        fs::write(folder.path().join(format!("{batch}.bin")), records).unwrap();
    }
    write_npy(folder.path());
    write_pictures(folder.path());
    let sets = built_in();
    for entry in &sets {
        for config in settings(entry, &sets, folder.path()) {
            let name = format!("{} {config}", entry.name);
            let set = (entry.open)(&config, &sets).unwrap();
            let (first, second) = (set.load().unwrap(), set.load().unwrap());
            assert_eq!(set.settings(), config);
            assert_eq!(set.describe().unwrap(), first.shape, "{name}");
            assert_eq!(first.sha256(), second.sha256(), "{name}");
            assert_eq!(set.hash().unwrap(), set.hash().unwrap(), "{name}");
            check(&name, &first);
        }
    }
}

#[test]
fn names_are_distinct_and_found() {
    let sets = built_in();
    for entry in DATASETS {
        assert_eq!(sets.find(entry.name).unwrap().about, entry.about);
    }
    assert_eq!(sets.iter().count(), DATASETS.len());
}
