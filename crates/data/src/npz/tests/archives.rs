//! Files and layouts.

use super::*;

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
    let (pixels, data) = read("keras.npz", include_bytes!("../fixtures/keras.npz"), None);
    assert_eq!(pixels, bytes);
    assert_eq!((data.test.pixels, data.test.labels), (bytes[..18].to_vec(), Some(vec![0, 1, 2])));
    let (_, data) = read("medmnist.npz", include_bytes!("../fixtures/medmnist.npz"), None);
    assert_eq!([data.train.len(), data.validation.len(), data.test.len()], [8, 2, 3]);
    assert_eq!((data.validation.pixels, data.shape.classes), (bytes[..12].to_vec(), Some(3)));
    let (_, data) = read("fortran.npy", include_bytes!("../fixtures/fortran.npy"), Some(Range::Unit));
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
