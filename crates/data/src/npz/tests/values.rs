//! Axes and ranges of arrays.

use super::*;

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
