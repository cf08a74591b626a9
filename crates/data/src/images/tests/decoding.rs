//! Colours, orientation and sizes of pictures.

use super::*;

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
