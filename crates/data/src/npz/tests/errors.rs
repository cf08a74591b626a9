//! Names of arrays, and arrays that are refused.

use super::*;
use crate::damage::damaged;

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
        let bytes = damaged(fs::read(&path).unwrap(), keep, flips);
        fs::write(&path, &bytes).unwrap();
        if let Ok(data) = config.load() {
            prop_assert_eq!(data.shape, config.describe().unwrap());
            for (split, count) in [(&data.train, data.shape.train), (&data.test, data.shape.test)] {
                prop_assert_eq!(split.pixels.len(), count * data.shape.pixels());
            }
        }
    }
}
