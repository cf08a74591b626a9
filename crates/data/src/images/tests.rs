//! Folders as people have them, and refused ones.

mod decoding;
mod errors;
mod listing;

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
