//! Folders as people have them, and refused ones.

use std::fs;
use std::path::PathBuf;

use image::{DynamicImage, GrayImage, ImageBuffer, Luma, Rgb, RgbImage, Rgba, RgbaImage};
use tempfile::TempDir;

use super::*;
use crate::Split;

const HEIGHT: u32 = 3;
const WIDTH: u32 = 2;

/// A picture of one grey level per image number, and its position in the other levels.
fn grey(number: usize) -> GrayImage {
    GrayImage::from_fn(WIDTH, HEIGHT, |x, y| Luma([if (x, y) == (0, 0) { number as u8 } else { (10 * y + x) as u8 }]))
}

fn save(path: &Path, picture: impl Into<DynamicImage>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    picture.into().save(path).unwrap();
}

fn set(names: &[&str]) -> (TempDir, Images) {
    let folder = tempfile::tempdir().unwrap();
    for (number, name) in names.iter().enumerate() {
        save(&folder.path().join(name), grey(number));
    }
    let config = at(folder.path().to_owned());
    (folder, config)
}

fn at(path: PathBuf) -> Images {
    Images { path: path.to_str().unwrap().to_owned(), ..Images::default() }
}

fn numbered(count: usize) -> (TempDir, Images) {
    let names: Vec<_> = (0..count).map(|number| format!("{number:03}.png")).collect();
    set(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

fn numbers(split: &Split) -> Vec<usize> {
    split.images().map(|image| (image[0] * 255.0).round() as usize).collect()
}

fn bytes(split: &Split) -> Vec<u8> {
    split.pixels.iter().map(|pixel| (pixel * 255.0).round() as u8).collect()
}

fn message(folder: &TempDir, config: &Images) -> String {
    let planned = config.describe().map(|_| ()).err();
    let error = planned.or_else(|| config.load().err()).expect("an error");
    let help = match &error {
        DataError::Setting(problem) => problem.help.clone().map(|help| format!(" ({help})")).unwrap_or_default(),
        _ => String::new(),
    };
    error.to_string().replace(folder.path().to_str().unwrap(), "FOLDER") + &help
}

#[test]
fn a_flat_folder_is_split_by_the_hashes_of_its_names() {
    let (folder, config) = numbered(40);
    let data = config.load().unwrap();
    assert_eq!(data.shape, config.describe().unwrap());
    assert_eq!((data.shape.channels, data.shape.height, data.shape.width, data.shape.classes), (1, 3, 2, None));
    assert_eq!([data.train.len(), data.validation.len(), data.test.len()], [32, 4, 4]);
    let mut all = [&data.train, &data.validation, &data.test].map(numbers).concat();
    assert!(!all.is_sorted());
    all.sort_unstable();
    assert_eq!(all, (0..40).collect::<Vec<_>>());
    assert_eq!(data.train.image(0)[1..], [1.0, 10.0, 11.0, 20.0, 21.0].map(|byte: f32| byte / 255.0));

    // Another picture moves at most one to another split.
    save(&folder.path().join("more.png"), grey(40));
    let more = config.load().unwrap();
    let moved = numbers(&data.test).into_iter().filter(|number| !numbers(&more.test).contains(number)).count();
    assert!(moved <= 1, "{moved}");

    let few = Images { train: 3, validation: 8, test: 10, ..config.clone() }.load().unwrap();
    assert_eq!([few.train.len(), few.validation.len(), few.test.len()], [3, 8, 10]);
    let binary = Images { binarize: BinarizeMode::Threshold, ..config.clone() };
    assert_eq!(binary.describe().unwrap().support, Support::Binary);
    let levels = Images { levels: 8, ..config }.load().unwrap();
    assert_eq!(levels.shape.support, Support::Levels(8));
}

#[test]
fn the_folder_moves_and_formats_change_without_changing_the_data() {
    let (folder, config) = numbered(20);
    let (hash, sha256) = (config.hash().unwrap(), config.load().unwrap().sha256());
    let parent = tempfile::tempdir().unwrap();
    // An archive that unpacks into a folder, with what macOS adds.
    let inner = parent.path().join("pictures");
    fs::rename(folder.path(), &inner).unwrap();
    fs::create_dir(parent.path().join("__MACOSX")).unwrap();
    fs::write(parent.path().join("__MACOSX/._000.png"), "junk").unwrap();
    fs::write(inner.join("._000.png"), "junk").unwrap();
    fs::write(inner.join("Thumbs.db"), "junk").unwrap();
    fs::write(inner.join("README.txt"), "text").unwrap();
    for path in [parent.path().to_owned(), inner.clone(), inner.join(".")] {
        let moved = at(path);
        assert_eq!((moved.hash().unwrap(), moved.load().unwrap().sha256()), (hash.clone(), sha256.clone()));
    }
    // The same pixels in another type of PNG.
    let rgb = DynamicImage::from(grey(4)).into_luma16();
    save(&inner.join("004.png"), rgb);
    assert_eq!(at(inner.clone()).hash().unwrap(), hash, "16 bits are rounded to 8");
    save(&inner.join("004.png"), grey(5));
    assert_ne!(at(inner).hash().unwrap(), hash);
}

#[test]
fn folders_are_classes() {
    let names: Vec<_> = (0..20).map(|number| format!("{}/{number:02}.png", ["dog", "cat"][number % 2])).collect();
    let (folder, config) = set(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let data = config.load().unwrap();
    assert_eq!(data.shape.classes, Some(2));
    for split in [&data.train, &data.validation, &data.test] {
        let labels: Vec<_> = numbers(split).into_iter().map(|number| 1 - (number % 2) as u16).collect();
        assert_eq!(split.labels.as_ref(), Some(&labels), "cat is 0, dog is 1");
    }
    let held = Images { hold_out: Some(1), ..config.clone() }.load().unwrap();
    assert_eq!(held.held_out.unwrap().len(), 10);
    assert_eq!(Images { labels: false, ..config.clone() }.describe().unwrap().classes, None);
    save(&folder.path().join("dog/puppies/20.png"), grey(20));
    assert_eq!(config.describe().unwrap().classes, Some(2), "deeper folders belong to the first one");
    save(&folder.path().join("stray.png"), grey(21));
    assert_eq!(
        message(&folder, &config),
        "FOLDER/stray.png: the picture is in no folder of a class, but others are; \
         `labels: false` reads all without classes"
    );
    assert_eq!(Images { labels: false, ..config }.load().unwrap().shape.classes, None);
}

#[test]
fn folders_of_splits_are_used() {
    let mut names: Vec<String> = (0..20).map(|number| format!("train/{}/{number:02}.png", number % 2)).collect();
    names.extend((20..25).map(|number| format!("test/{}/{number:02}.png", number % 2)));
    let (folder, config) = set(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let data = config.load().unwrap();
    assert_eq!([data.train.len(), data.validation.len(), data.test.len()], [18, 2, 5]);
    let mut tests = numbers(&data.test);
    tests.sort_unstable();
    assert_eq!((tests, data.shape.classes), ((20..25).collect(), Some(2)));
    for number in 25..28 {
        save(&folder.path().join(format!("val/{}/{number:02}.png", number % 2)), grey(number));
    }
    let data = config.load().unwrap();
    assert_eq!([data.train.len(), data.validation.len(), data.test.len()], [20, 3, 5]);
    save(&folder.path().join("extra/28.png"), grey(28));
    assert_eq!(
        message(&folder, &config),
        "FOLDER/extra/28.png: a picture next to the folders of the splits, in none of them; move it out of the folder"
    );
    let (_folder, others) = set(&["Training/0.png", "Training/1.png", "Training/2.png", "Testing/3.png"]);
    assert_eq!((others.describe().unwrap().test, others.describe().unwrap().classes), (1, None));
    // A class that is called train is a class.
    let (_folder, vehicles) = set(&["car/0.png", "train/1.png", "bus/2.png", "bus/3.png"]);
    assert_eq!(vehicles.describe().unwrap().classes, Some(3));
}

#[test]
fn an_odd_picture_is_named() {
    let (folder, config) = numbered(20);
    save(&folder.path().join("007.png"), GrayImage::new(5, 4));
    assert_eq!(
        message(&folder, &config),
        "FOLDER/007.png: 4x5 pixels, but 19 of 20 pictures have 3x2; `height` and `width` resize all"
    );
    assert_eq!(Images { height: 2, width: 2, ..config.clone() }.load().unwrap().shape.pixels(), 4);
    assert_eq!(
        message(&folder, &Images { height: 2, ..config.clone() }),
        "width: not set, but `height` is (set both, or none)"
    );
    save(&folder.path().join("007.png"), RgbImage::new(WIDTH, HEIGHT));
    assert_eq!(
        message(&folder, &config),
        "FOLDER/007.png: the picture is coloured, but most are grey; `grey: true` makes all grey"
    );
    assert_eq!(Images { grey: true, ..config }.load().unwrap().shape.channels, 1);
}

#[test]
fn colours_palettes_depths_and_transparency_have_rules() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let red = Rgb([255u8, 0, 0]);
    for number in 0..9 {
        save(
            &path(&format!("{number}.png")),
            RgbImage::from_fn(2, 1, |x, _| if x == 0 { red } else { Rgb([0, 128, 9]) }),
        );
    }
    let config = at(folder.path().to_owned());
    let rgb = config.load().unwrap();
    assert_eq!(bytes(&rgb.test), [255, 0, 0, 128, 0, 9], "channel by channel");
    let grey = Images { grey: true, ..config.clone() };
    assert_eq!(bytes(&grey.load().unwrap().test), [54, 92], "0.2126 R + 0.7152 G + 0.0722 B");

    let deep: ImageBuffer<Rgb<u16>, Vec<u16>> =
        ImageBuffer::from_fn(2, 1, |x, _| if x == 0 { Rgb([65_535, 0, 0]) } else { Rgb([100, 128 * 257, 9 * 257]) });
    let before = config.hash().unwrap();
    save(&path("3.png"), deep);
    assert_eq!(config.hash().unwrap(), before);

    // A palette is colours.
    let mut bytes_of = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes_of, 2, 1);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::One);
    encoder.set_palette(vec![255, 0, 0, 0, 128, 9]);
    encoder.write_header().unwrap().write_image_data(&[0b0100_0000]).unwrap();
    fs::write(path("4.png"), bytes_of).unwrap();
    assert_eq!(config.hash().unwrap(), before);

    let clear = RgbaImage::from_fn(2, 1, |x, _| if x == 0 { Rgba([255, 0, 0, 255]) } else { Rgba([0, 128, 9, 51]) });
    save(&path("5.png"), clear.clone());
    assert_eq!(
        message(&folder, &config),
        "FOLDER/5.png: the pixel in row 0, column 1 is transparent; set `background` to black or white"
    );
    for (background, expected) in [(Background::Black, [0, 26, 2]), (Background::White, [204, 230, 206])] {
        let picture = Images { background: Some(background), ..config.clone() };
        let mut bytes = Vec::new();
        picture::read(&path("5.png"), &picture, [3, 1, 2], &mut bytes).unwrap();
        assert_eq!([bytes[1], bytes[3], bytes[5]], expected, "{background:?}");
    }
    let solid = RgbaImage::from_fn(2, 1, |x, y| {
        Rgba({
            let [r, g, b, _] = clear[(x, y)].0;
            [r, g, b, 255]
        })
    });
    save(&path("5.png"), solid);
    assert_eq!(config.hash().unwrap(), before, "an opaque picture with an alpha channel is the picture without it");
}

#[test]
fn exif_turns_a_jpeg_upright() {
    let folder = tempfile::tempdir().unwrap();
    // 16 columns, 8 rows, dark at the left.
    let wide = GrayImage::from_fn(16, 8, |x, _| Luma([if x < 8 { 0 } else { 255 }]));
    let plain = folder.path().join("a.jpg");
    save(&plain, wide);
    let jpeg = fs::read(&plain).unwrap();
    // An APP1 segment with orientation 6: turn by 90 degrees clockwise.
    let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let mut turned = jpeg[..2].to_vec();
    turned.extend([0xff, 0xe1, 0, exif.len() as u8 + 2]);
    turned.extend(exif);
    turned.extend(&jpeg[2..]);
    for name in ["b.JPG", "c.jpeg", "d.png"] {
        fs::write(folder.path().join(name), &turned).unwrap();
    }
    fs::remove_file(plain).unwrap();
    let config = at(folder.path().to_owned());
    let data = config.load().unwrap();
    assert_eq!((data.shape.height, data.shape.width), (16, 8), "also of a JPEG that is called .png");
    assert!(data.train.image(0)[0] < 0.1 && data.train.image(0)[127] > 0.9, "dark at the top");
}

#[test]
fn resizing_cuts_the_centre_or_stretches() {
    let (folder, _) = numbered(0);
    // 8 columns of 0, 8 of 255, 8 of 0; 8 rows.
    let stripe = |number: u32| GrayImage::from_fn(24, 8, move |x, _| Luma([if x / 8 == number % 3 { 255 } else { 0 }]));
    for number in 0..12 {
        save(&folder.path().join(format!("{number:02}.png")), stripe(1));
    }
    let crop = Images { height: 2, width: 2, ..at(folder.path().to_owned()) };
    assert!(crop.load().unwrap().test.pixels.iter().all(|pixel| *pixel == 1.0), "only the stripe is left");
    let stretch = Images { fit: Fit::Stretch, width: 3, filter: Filter::Nearest, ..crop.clone() };
    assert_eq!(bytes(&stretch.load().unwrap().test), [0, 255, 0, 0, 255, 0]);
    let smooth = Images { fit: Fit::Stretch, height: 1, width: 1, ..crop.clone() };
    let level = bytes(&smooth.load().unwrap().test)[0];
    assert!((80..=170).contains(&level), "an average over the whole picture: {level}");
    for filter in [Filter::Nearest, Filter::CatmullRom, Filter::Lanczos3] {
        assert_eq!(Images { filter, ..crop.clone() }.load().unwrap().shape, crop.describe().unwrap());
    }
}

#[test]
fn bad_files_are_named() {
    let (folder, config) = numbered(10);
    let path = folder.path().join("003.png");
    let png = fs::read(&path).unwrap();
    let said = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        message(&folder, &config)
    };
    for bytes in [&png[..20], &png[..png.len() - 20], b"", b"text"] {
        let message = said(bytes);
        assert!(message.starts_with("FOLDER/003.png: "), "{message}");
    }
    assert_eq!(said(b""), "FOLDER/003.png: the content is neither PNG nor JPEG");
    assert_eq!(said(b"GIF89a......"), "FOLDER/003.png: the content is Gif, expected PNG or JPEG");
    let mut corrupt = png.clone();
    corrupt[png.len() - 20] ^= 0xff;
    assert!(said(&corrupt).starts_with("FOLDER/003.png: "), "{}", said(&corrupt));
    fs::write(&path, &png).unwrap();

    let noise = GrayImage::from_fn(64, 64, |x, y| Luma([(x * 37 + y * 91) as u8]));
    let jpeg_path = folder.path().join("004.jpg");
    save(&jpeg_path, noise);
    let jpeg = fs::read(&jpeg_path).unwrap();
    fs::write(&jpeg_path, &jpeg[..jpeg.len() / 2]).unwrap();
    let cut = message(&folder, &config);
    assert_eq!(
        cut,
        format!("FOLDER/004.jpg: the JPEG is cut off after {} bytes: it has no end marker", jpeg.len() / 2)
    );
    fs::remove_file(jpeg_path).unwrap();

    fs::write(folder.path().join("005.webp"), "RIFF").unwrap();
    assert_eq!(
        message(&folder, &config),
        "FOLDER/005.webp: pictures must be PNG or JPEG: convert .webp, or move it out of the folder"
    );
    fs::remove_file(folder.path().join("005.webp")).unwrap();
    let archive = folder.path().join("pictures.zip");
    fs::write(&archive, "PK").unwrap();
    assert_eq!(
        message(&folder, &at(archive)),
        "FOLDER/pictures.zip: an archive: unpack it with `unzip pictures.zip` and set `path` to the folder"
    );
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(
        message(&empty, &at(empty.path().to_owned())),
        "path: FOLDER: no picture (a folder with files that end in .png, .jpg or .jpeg)"
    );
    assert_eq!(message(&empty, &Images::default()), "path: not set (set it to a folder of PNG or JPEG files)");
}

#[cfg(unix)]
#[test]
fn links_to_a_folder_above_end() {
    let (folder, config) = set(&["a/0.png", "b/1.png", "b/2.png"]);
    std::os::unix::fs::symlink(folder.path(), folder.path().join("a/loop")).unwrap();
    assert!(message(&folder, &config).ends_with("more than 4 folders below `path`; is it a link to a folder above?"));
}
