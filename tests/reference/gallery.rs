//! The gallery: pictures of the pages of packs.

use std::fs;

use crate::figures::files;
use crate::pages::top;

/// Largest size of a picture, in bytes.
const LARGEST: usize = 150_000;

/// `just gallery` writes the pictures; the row of a new one is added by hand.
#[test]
fn the_pictures_of_the_gallery_are_listed_small_and_of_packs() {
    let gallery = top().join("docs/gallery");
    let page = fs::read_to_string(gallery.join("README.md")).expect("the gallery");
    let mut names: Vec<String> = Vec::new();
    for path in files(&gallery).into_iter().filter(|path| path.extension().is_some_and(|it| it == "png")) {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let picture = fs::read(&path).expect("a picture");
        assert!(picture.starts_with(b"\x89PNG") && picture.len() <= LARGEST, "{name}.png has {} bytes", picture.len());
        // A picture of a part of a page has the name of the part behind a hyphen.
        let grid = name.split('-').next().unwrap_or(&name);
        assert!(top().join(format!("results/reference/{grid}/{grid}.genbench")).exists(), "{name}.png has no pack");
        names.push(name);
    }
    assert!(!names.is_empty());
    assert!(names.iter().all(|name| page.contains(&format!("]({name}.png)"))), "{names:?}");
    assert_eq!(page.matches(".png)").count(), names.len(), "each picture that is listed is there");
}
