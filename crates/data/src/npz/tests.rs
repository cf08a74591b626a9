//! Layouts of numpy's files as people have them, and refused ones.

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

/// Files that numpy 2 wrote: 8 images of 3x2 pixels with the values 0 to 47, in bytes or (as floats, divided by 64) in Fortran
/// order.
#[test]
fn files_of_numpy_itself_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str, bytes: &[u8], range| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let data = Npz { range, ..at(path) }.load().unwrap();
        let mut images: Vec<_> = [&data.train, &data.validation].iter().flat_map(|split| split.images()).collect();
        images.sort_by(|a, b| a[0].total_cmp(&b[0]));
        (images.concat(), data)
    };
    let bytes: Vec<f32> = (0..48u8).map(|level| f32::from(level) / 255.0).collect();
    let (pixels, data) = read("keras.npz", include_bytes!("fixtures/keras.npz"), None);
    assert_eq!(pixels, bytes);
    assert_eq!((data.test.pixels, data.test.labels), (bytes[..18].to_vec(), Some(vec![0, 1, 2])));
    let (_, data) = read("medmnist.npz", include_bytes!("fixtures/medmnist.npz"), None);
    assert_eq!([data.train.len(), data.validation.len(), data.test.len()], [8, 2, 3]);
    assert_eq!((data.validation.pixels, data.shape.classes), (bytes[..12].to_vec(), Some(3)));
    let (_, data) = read("fortran.npy", include_bytes!("fixtures/fortran.npy"), Some(Range::Unit));
    let all = [&data.train, &data.validation, &data.test].map(|split| split.pixels.clone()).concat();
    let mut images: Vec<_> =
        all.chunks(6).map(|image| image.iter().map(|pixel| pixel * 64.0).collect::<Vec<_>>()).collect();
    images.sort_by(|a, b| a[0].total_cmp(&b[0]));
    assert_eq!(images.concat(), (0..48u8).map(f32::from).collect::<Vec<_>>());
}

#[test]
fn medmnist_is_read_with_its_own_splits() {
    let (_folder, config) = set(&medmnist());
    let data = config.load().unwrap();
    assert_eq!(data.shape, config.describe().unwrap());
    assert_eq!((data.shape.classes, data.shape.support), (Some(5), Support::Levels(256)));
    assert_eq!([data.shape.channels, data.shape.height, data.shape.width], [1, 3, 2]);
    assert_eq!(numbers(&data.validation), (40..45).collect::<Vec<_>>());
    assert_eq!(numbers(&data.test), (45..52).collect::<Vec<_>>());
    let mut train = numbers(&data.train);
    assert!(!train.is_sorted(), "the order is shuffled");
    for split in [&data.train, &data.validation, &data.test] {
        let classes: Vec<_> = numbers(split).into_iter().map(|number| (number % 5) as u16).collect();
        assert_eq!(split.labels.as_ref(), Some(&classes));
    }
    train.sort_unstable();
    assert_eq!(train, (0..40).collect::<Vec<_>>());
    let exact: Vec<_> = levels(40, 5).into_iter().map(|level| f32::from(level) / 255.0).collect();
    assert_eq!(data.validation.pixels, exact);
}

#[test]
fn keras_has_no_validation_and_it_comes_from_the_training_images() {
    let (_folder, config) = set(&[
        ("x_test", images(40, 7)),
        ("x_train", images(0, 40)),
        ("y_train", npy("<i8", false, &[40], &(0..40i64).flat_map(|i| (i % 5).to_le_bytes()).collect::<Vec<_>>())),
        ("y_test", npy(">i4", false, &[7], &(40..47i32).flat_map(|i| (i % 5).to_be_bytes()).collect::<Vec<_>>())),
    ]);
    let data = config.load().unwrap();
    assert_eq!(data.shape, config.describe().unwrap());
    assert_eq!([data.train.len(), data.validation.len(), data.test.len()], [36, 4, 7]);
    let mut all = [numbers(&data.train), numbers(&data.validation)].concat();
    all.sort_unstable();
    assert_eq!(all, (0..40).collect::<Vec<_>>());
    for split in [&data.train, &data.validation, &data.test] {
        let classes: Vec<_> = numbers(split).into_iter().map(|number| (number % 5) as u16).collect();
        assert_eq!(split.labels.as_ref(), Some(&classes));
    }
    let few = Npz { train: 5, test: 2, ..config.clone() }.load().unwrap();
    assert_eq!((few.train, few.validation, few.test), (data.train.take(5), data.validation, data.test.take(2)));
}

#[test]
fn one_file_npy_is_split_three_ways() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("faces.npy");
    fs::write(&path, images(0, 40)).unwrap();
    let config = at(path);
    let data = config.load().unwrap();
    assert_eq!([data.train.len(), data.validation.len(), data.test.len()], [32, 4, 4]);
    assert_eq!(data.shape.classes, None);
    let mut all = [&data.train, &data.validation, &data.test].map(numbers).concat();
    all.sort_unstable();
    assert_eq!(all, (0..40).collect::<Vec<_>>());
    let counts = Npz { train: 3, validation: 8, test: 10, ..config.clone() }.load().unwrap();
    assert_eq!([counts.train.len(), counts.validation.len(), counts.test.len()], [3, 8, 10]);
    assert_eq!(message(&folder, &Npz { test: 40, ..config.clone() }), "test: 40 of 40 images leaves none for training");
    assert_eq!(
        message(&folder, &Npz { train: 33, ..config }),
        "train: 33 images requested, but there are 32 (allowed: 1 to 32, or 0 for all)"
    );
}

#[test]
fn the_same_arrays_in_any_file_are_the_same_data() {
    let (_folder, deflated) = set(&medmnist());
    let hash = deflated.hash().unwrap();
    let sha256 = deflated.load().unwrap().sha256();
    let folder = tempfile::tempdir().unwrap();
    let stored = folder.path().join("any name.npz");
    write_zip(&stored, CompressionMethod::Stored, &medmnist());
    // The only file of a folder, and one array in each file of a folder.
    for path in [stored.clone(), folder.path().to_owned()] {
        assert_eq!(
            (at(path.clone()).hash().unwrap(), at(path).load().unwrap().sha256()),
            (hash.clone(), sha256.clone())
        );
    }
    fs::remove_file(&stored).unwrap();
    for (index, (name, bytes)) in medmnist().into_iter().enumerate() {
        if index % 2 == 0 {
            fs::write(folder.path().join(format!("{name}.npy")), bytes).unwrap();
        } else {
            write_zip(&folder.path().join(format!("{name}.npz")), CompressionMethod::Stored, &[("arr_0", bytes)]);
        }
    }
    let mixed = at(folder.path().to_owned());
    assert_eq!((mixed.hash().unwrap(), mixed.load().unwrap().sha256()), (hash.clone(), sha256));
    // One pixel, one label, and the order of the images are content.
    let changed = |index: usize, bytes: Vec<u8>| {
        let mut arrays = medmnist();
        arrays[index].1 = bytes;
        set(&arrays).1.hash().unwrap()
    };
    assert_ne!(changed(2, images(44, 7)), hash);
    assert_ne!(changed(5, labels(46, 7)), hash);
}

#[test]
fn fortran_order_channels_and_rows_of_numbers_are_the_same_images() {
    // 10 colour images of 2x4 pixels; number = image, channel, row, column.
    let value = |n: usize, c: usize, h: usize, w: usize| (n * 24 + c * 8 + h * 4 + w) as u8;
    let shape = |sizes: [usize; 4], at: &dyn Fn([usize; 4]) -> u8, fortran: bool| {
        let mut bytes = Vec::new();
        for index in 0..sizes.iter().product() {
            let mut rest: usize = index;
            let mut position = [0; 4];
            let mut axes: Vec<usize> = (0..4).collect();
            if !fortran {
                axes.reverse();
            }
            for axis in axes {
                position[axis] = rest % sizes[axis];
                rest /= sizes[axis];
            }
            bytes.push(at(position));
        }
        npy("|u1", fortran, &sizes, &bytes)
    };
    let first = shape([10, 3, 2, 4], &|[n, c, h, w]| value(n, c, h, w), false);
    let (_a, config) = set(&[("images", first)]);
    let expected = config.load().unwrap();
    assert_eq!([expected.shape.channels, expected.shape.height, expected.shape.width], [3, 2, 4]);
    for fortran in [false, true] {
        let last = shape([10, 2, 4, 3], &|[n, h, w, c]| value(n, c, h, w), fortran);
        assert_eq!(set(&[("images", last)]).1.load().unwrap().sha256(), expected.sha256(), "fortran {fortran}");
    }
    let flat = npy("|u1", false, &[10, 24], &(0..240).map(|value| value as u8).collect::<Vec<_>>());
    let (folder, rows) = set(&[("images", flat)]);
    assert_eq!(Npz { height: 2, width: 4, ..rows.clone() }.load().unwrap().sha256(), expected.sha256());
    assert_eq!(
        message(&folder, &Npz { height: 5, width: 4, ..rows.clone() }),
        "FOLDER/set.npz: array `images`: 24 numbers per image, but `height` x `width` is 5 x 4"
    );
    assert!(message(&folder, &rows).contains("shape [10, 24] is not one of images"));
}

#[test]
fn ranges_are_stated_and_checked() {
    let float = |values: &[f32]| {
        let bytes: Vec<_> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        npy("<f4", false, &[values.len(), 1, 1], &bytes)
    };
    let values: Vec<f32> = (0..=20).map(|level| level as f32 / 20.0).collect();
    let (folder, config) = set(&[("a", float(&values))]);
    assert_eq!(
        message(&folder, &config),
        "range: `a` has pixels of type float32, which do not tell their range (set it to `byte` (0 to 255) or `unit` (0 to 1))"
    );
    let unit = Npz { range: Some(Range::Unit), ..config.clone() };
    let all = |data: &Dataset| {
        let mut all = [&data.train, &data.validation, &data.test].map(|split| split.pixels.clone()).concat();
        all.sort_by(f32::total_cmp);
        all
    };
    let data = unit.load().unwrap();
    assert_eq!((data.shape.support, all(&data)), (Support::Continuous, values));
    let levels = Npz { levels: 4, ..unit.clone() }.load().unwrap();
    assert_eq!(levels.shape.support, Support::Levels(4));
    assert_eq!(all(&levels).iter().filter(|pixel| **pixel == 1.0).count(), 6, "0.75 to 1");

    for (bad, at) in [(1.5, "1.5"), (-0.1, "-0.10000000149011612"), (f32::NAN, "NaN")] {
        let (folder, config) = set(&[("a", float(&[0.0, 0.5, bad, 1.0]))]);
        let unit = Npz { range: Some(Range::Unit), ..config };
        assert_eq!(
            message(&folder, &unit),
            format!("FOLDER/set.npz: array `a`: pixel {at} of image 2, expected 0 to 1")
        );
    }
    let (_folder, config) = set(&[("a", float(&[0.0, 51.0, 255.0]))]);
    let data = Npz { range: Some(Range::Byte), levels: 256, ..config }.load().unwrap();
    assert_eq!((data.shape.support, all(&data)), (Support::Levels(256), vec![0.0, 0.2, 1.0]));

    let (_folder, masks) = set(&[("masks", npy("|b1", false, &[4, 1, 1], &[0, 1, 1, 0]))]);
    assert_eq!(masks.load().unwrap().shape.support, Support::Binary);
    let (_folder, bits) = set(&[("imgs", npy("|u1", false, &[4, 1, 1], &[0, 1, 1, 0]))]);
    let bits = Npz { range: Some(Range::Unit), ..bits };
    assert_eq!(
        (bits.load().unwrap().shape.support, all(&bits.load().unwrap())),
        (Support::Binary, vec![0.0, 0.0, 1.0, 1.0])
    );
}

#[test]
fn arrays_are_named_by_settings() {
    let (folder, config) =
        set(&[("a", images(0, 40)), ("b", images(40, 7)), ("c", labels(0, 40)), ("d", labels(40, 7))]);
    assert_eq!(
        message(&folder, &config),
        "train_images: none of the arrays is called `train_images` or `x_train` or `X_train` or `kmnist-train-imgs` \
         or `k49-train-imgs` (set it to one of: a, b, c, d)"
    );
    let images = Npz { train_images: "a".into(), test_images: "b".into(), ..config.clone() };
    assert_eq!(images.load().unwrap().shape.classes, None);
    let all = Npz { train_labels: "c".into(), test_labels: "d".into(), ..images.clone() };
    assert_eq!(all.load().unwrap().shape.classes, Some(5));
    assert_eq!(
        message(&folder, &Npz { train_labels: "c".into(), ..images.clone() }),
        "path: there are labels `c`, but none for the images `b` (name the arrays of labels of all images, or set `labels: false`)"
    );
    assert_eq!(
        message(&folder, &Npz { train_images: "e".into(), ..config.clone() }),
        "train_images: `e` is not known here (did you mean `a`? Allowed: a, b, c, d)"
    );
    assert_eq!(
        message(&folder, &Npz { test_images: "b".into(), ..config.clone() }),
        "train_images: not set, but another array is (allowed: a, b, c, d)"
    );
    assert_eq!(
        message(&folder, &Npz { train_labels: "d".into(), test_labels: "d".into(), ..images }),
        "FOLDER/set.npz: array `d`: shape [7, 1], expected one label for each of 40 images; \
         `labels: false` reads images without labels"
    );
    let held = Npz { hold_out: Some(1), binarize: BinarizeMode::Static, ..all };
    let data = held.load().unwrap();
    assert_eq!(data.shape, held.describe().unwrap());
    assert_eq!(data.held_out.unwrap().labels.unwrap(), [1, 1]);
    assert!(![data.train, data.validation, data.test].iter().any(|split| split.labels.as_ref().unwrap().contains(&1)));
}

#[test]
fn what_is_no_array_of_numbers_is_refused_by_name() {
    let of = |bytes: Vec<u8>| {
        let (folder, config) = set(&[("a", bytes)]);
        message(&folder, &config)
    };
    let whole = images(0, 40);
    assert_eq!(of(whole[..200].to_vec()), "FOLDER/set.npz: array `a`: 72 bytes of numbers, but the header gives 240");
    assert_eq!(
        of([whole.clone(), vec![0]].concat()),
        "FOLDER/set.npz: array `a`: 241 bytes of numbers, but the header gives 240"
    );
    assert_eq!(
        of(npy("|O", false, &[2, 3, 2], b"pickle")),
        "FOLDER/set.npz: array `a`: numbers of type '|O', expected bool, int8 to int64, uint8 to uint64, float32 or float64"
    );
    assert_eq!(of(npy("|u1", false, &[0, 3, 2], &[])), "FOLDER/set.npz: array `a`: no images");
    assert!(of(npy("|u1", false, &[2, 5, 2, 4], &[0; 80])).contains("shape [2, 5, 2, 4] is not one of images"));
    assert!(
        of(npy("|u1", false, &[usize::MAX; 3], &[]))
            .contains("sizes of more than 18 digits are larger than any memory")
    );
    assert_eq!(
        of(npy("|u1", false, &[1 << 40, 3, 2], &[7; 12])),
        "FOLDER/set.npz: array `a`: 12 bytes of numbers, but the header gives 6597069766656"
    );
    let nested = format!("{}{}", "(".repeat(9_000), ")".repeat(500));
    let mut deep = b"\x93NUMPY\x01\x00".to_vec();
    deep.extend((nested.len() as u16).to_le_bytes());
    deep.extend(nested.into_bytes());
    assert_eq!(of(deep), "FOLDER/set.npz: array `a`: the header is not that of an array of numbers");

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("set.npz");
    let said = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        message(&folder, &at(path.clone()))
    };
    assert_eq!(
        said(b"\x1f\x8bzip"),
        "FOLDER/set.npz: byte 0: neither a .npy, which starts with 93 NUMPY, nor a .npz, which starts with PK"
    );
    assert!(said(b"PK\x03\x04zip").starts_with("FOLDER/set.npz: byte 0: the zip is corrupt or unsupported: "));
    fs::remove_file(&path).unwrap();
    assert_eq!(
        message(&folder, &at(folder.path().to_owned())),
        "FOLDER: the folder has no file that ends in .npz or .npy"
    );
    assert_eq!(
        message(&folder, &Npz::default()),
        "path: not set (set it to a file .npz or .npy, or to a folder of such files)"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn damage_is_an_error_or_leaves_the_right_lengths(
        keep in prop_oneof![Just(1.0), 0.0..1.0f64],
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0u8..8), 1..4),
    ) {
        let (folder, config) = set(&medmnist());
        let path = folder.path().join("set.npz");
        let mut bytes = fs::read(&path).unwrap();
        bytes.truncate((bytes.len() as f64 * keep) as usize);
        for (index, bit) in flips {
            if !bytes.is_empty() {
                let at = index.index(bytes.len());
                bytes[at] ^= 1 << bit;
            }
        }
        fs::write(&path, &bytes).unwrap();
        if let Ok(data) = config.load() {
            prop_assert_eq!(data.shape, config.describe().unwrap());
            for (split, count) in [(&data.train, data.shape.train), (&data.test, data.shape.test)] {
                prop_assert_eq!(split.pixels.len(), count * data.shape.pixels());
            }
        }
    }
}
