//! Sample sheets: PNG files of the first finished seed of each variant, and parts of those of the other seeds.

mod captions;
mod crop;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use self::captions::{caption, has_rows_of_values, order};
use self::crop::{Cut, png_size, smaller};
use super::variant_style::VariantStyle;
use crate::store::Record;

/// Largest number of pictures of one variant: the built-in models and measures write at most nine.
const PER_VARIANT: usize = 12;
/// Size of all sheets of first seeds on a page, in bytes. A larger sheet of a variant is cut to its share.
const SHEETS: usize = 320 << 10;
/// Size of all sheets of other seeds on a page, in bytes.
const THUMBNAILS: usize = 200 << 10;
/// Largest size of a file that is read, in bytes.
const LARGEST: u64 = 8 << 20;

/// Pictures of one variant.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Sheet {
    pub(super) style: VariantStyle,
    pub(super) trial: String,
    pub(super) seed: u64,
    pub(super) pictures: Vec<Picture>,
    /// First samples of the other seeds.
    pub(super) other_seeds: Vec<Picture>,
    /// Pictures that are not shown, with reasons.
    pub(super) notes: Vec<String>,
}

/// One picture.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Picture {
    /// Name of the file without its extension.
    pub(super) name: String,
    pub(super) caption: String,
    pub(super) alt: String,
    pub(super) uri: String,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Whole factor by which a small picture is enlarged.
    pub(super) zoom: u32,
}

/// Share of each variant and seed in the size of the page, and the pictures shown.
pub(super) struct PictureBudget {
    /// Size of the pictures of a first seed, in bytes.
    sheets: usize,
    /// Size of the picture of another seed, in bytes.
    thumbnail: usize,
    /// Hashes of the data pictures of the current group.
    shown: HashSet<[u8; 32]>,
}

impl PictureBudget {
    /// Equal shares for each of `variants`, and for each of `trials`.
    pub(super) fn of(variants: usize, trials: usize) -> Self {
        Self { sheets: SHEETS / variants.max(1), thumbnail: THUMBNAILS / trials.max(1), shown: HashSet::new() }
    }

    /// Starts another group, in which pictures of the previous group may be shown again.
    pub(super) fn next_group(&mut self) {
        self.shown.clear();
    }
}

/// The sheet of the finished `records` of a variant; `None` if the first one has no pictures.
///
/// # Errors
/// A picture exists and cannot be read.
pub(super) fn sheet(records: &[&Record], style: VariantStyle, budget: &mut PictureBudget) -> io::Result<Option<Sheet>> {
    let Some((first, others)) = records.split_first() else { return Ok(None) };
    let names = names(&first.dir.samples())?;
    let (trial, seed) = (first.id.0.clone(), first.trial.seed);
    let mut sheet = Sheet { style, trial, seed, pictures: Vec::new(), other_seeds: Vec::new(), notes: Vec::new() };
    let folder = first.dir.samples();
    // Variants on the same data share one data picture.
    let is_known = !sheet_of_data_is_new(&folder, &names, budget)?;
    let drawn: Vec<&str> = names.iter().map(String::as_str).filter(|name| !(is_known && *name == "data")).collect();
    if drawn.len() > PER_VARIANT {
        sheet.notes.push(format!("{} pictures in total; the others are in the trial's folder", names.len()));
    }
    for (name, share) in shares(&folder, &drawn[..drawn.len().min(PER_VARIANT)], budget.sheets)? {
        match picture(&folder, name, share)? {
            Some((bytes, is_cut)) => {
                sheet.pictures.push(embedded(name, &bytes, &sheet.style.label, seed, is_cut));
            }
            None => sheet.notes.push(format!("{name}.png is not shown: it is too large for the page, or no PNG file")),
        }
    }
    for record in others {
        let folder = record.dir.samples();
        if names.iter().any(|name| name == "samples") && folder.join("samples.png").exists() {
            let found = picture(&folder, "samples", budget.thumbnail)?;
            let embedded =
                found.map(|(bytes, _)| embedded("samples", &bytes, &sheet.style.label, record.trial.seed, false));
            sheet
                .other_seeds
                .extend(embedded.map(|picture| Picture { caption: format!("seed {}", record.trial.seed), ..picture }));
        }
    }
    Ok((!names.is_empty()).then_some(sheet))
}

/// Returns whether no variant of the group has shown the same data picture. It counts as shown from then on.
fn sheet_of_data_is_new(folder: &Path, names: &[String], budget: &mut PictureBudget) -> io::Result<bool> {
    if !names.iter().any(|name| name == "data") {
        return Ok(true);
    }
    Ok(budget.shown.insert(Sha256::digest(fs::read(path(folder, "data"))?).into()))
}

/// Names of the PNG files in a folder without their extension, samples first.
pub(super) fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let files = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = files.filter_map(|name| Some(name.strip_suffix(".png")?.to_owned())).collect();
    names.sort_by_key(|name| order(name));
    Ok(names)
}

/// Largest size of each picture in bytes, `total` together. Small pictures leave their part to the larger ones.
fn shares<'a>(folder: &Path, names: &[&'a str], total: usize) -> io::Result<Vec<(&'a str, usize)>> {
    let mut sizes = Vec::new();
    for name in names {
        sizes.push((fs::metadata(path(folder, name))?.len(), *name));
    }
    sizes.sort_unstable();
    let (mut left, mut of_name) = (total, Vec::new());
    for (at, (size, name)) in sizes.iter().enumerate() {
        let share = left / (sizes.len() - at);
        left -= share.min(usize::try_from(*size).unwrap_or(usize::MAX));
        of_name.push((*name, share));
    }
    of_name.sort_by_key(|(name, _)| order(name));
    Ok(of_name)
}

fn path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.png"))
}

/// Content of a PNG file of at most `share` bytes, and whether images were cut off; `None` if it does not fit.
fn picture(folder: &Path, name: &str, share: usize) -> io::Result<Option<(Vec<u8>, bool)>> {
    let path = path(folder, name);
    if fs::metadata(&path)?.len() > LARGEST {
        return Ok(None);
    }
    let bytes = fs::read(&path)?;
    if png_size(&bytes).is_none() {
        return Ok(None);
    }
    let cut = if has_rows_of_values(name) { Cut::Columns } else { Cut::Rows };
    Ok(if bytes.len() <= share { Some((bytes, false)) } else { smaller(&bytes, share, cut).map(|part| (part, true)) })
}

fn embedded(name: &str, bytes: &[u8], variant: &str, seed: u64, is_cut: bool) -> Picture {
    let (width, height) = png_size(bytes).unwrap_or((1, 1));
    let caption = caption(name);
    let part = if is_cut { " (part)" } else { "" };
    Picture {
        name: name.to_owned(),
        alt: format!("{} of {variant}, seed {seed}", name.replace(['_', '-'], " ")),
        caption: format!("{caption}{part}"),
        uri: format!("data:image/png;base64,{}", STANDARD.encode(bytes)),
        width,
        height,
        zoom: (200 / width.max(1)).clamp(1, 8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_pictures_leave_their_part_to_the_larger_ones() {
        let folder = tempfile::tempdir().unwrap();
        let sizes = [("samples", 900), ("data", 10), ("traversal_category", 400)];
        for (name, size) in sizes {
            fs::write(path(folder.path(), name), vec![0; size]).unwrap();
        }
        fs::write(folder.path().join("notes.txt"), "no picture").unwrap();
        let names = names(folder.path()).unwrap();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let shares = shares(folder.path(), &names, 1000).unwrap();
        assert_eq!(shares, [("data", 333), ("samples", 590), ("traversal_category", 495)]);
    }
}
