//! The gallery: a picture of the page of each pack.

use std::fs;

use crate::pages::{folders, top};

/// Largest size of a picture, in bytes.
const LARGEST: u64 = 100_000;

/// `just gallery` writes the pictures; the row of a new pack is added by hand.
#[test]
fn every_pack_has_a_small_picture_in_the_gallery() {
    let gallery = top().join("docs/gallery");
    let page = fs::read_to_string(gallery.join("README.md")).expect("the gallery");
    let packs = folders().into_iter().filter(|(name, folder)| folder.join(format!("{name}.genbench")).exists());
    let names: Vec<String> = packs.map(|(name, _)| name).collect();
    assert!(names.len() >= 4, "{names:?}");
    for name in &names {
        assert!(page.contains(&format!("]({name}.png)")), "{name} is not in docs/gallery/README.md");
        let picture = fs::read(gallery.join(format!("{name}.png"))).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(picture.starts_with(b"\x89PNG"), "{name}.png is no PNG file");
        assert!(picture.len() as u64 <= LARGEST, "{name}.png has {} bytes", picture.len());
    }
}
