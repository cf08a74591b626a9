//! Messages about files.

use super::*;

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
