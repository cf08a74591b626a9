//! Sample sheets: PNG files of the first finished seed of each variant, and parts of those of the other seeds.

mod crop;

use std::collections::HashSet;
use std::path::Path;
use std::{fs, io};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use self::crop::{png_size, smaller};
use super::variant_style::VariantStyle;
use crate::store::Record;

/// Largest number of pictures of one variant.
const PER_VARIANT: usize = 6;
/// Size of all sheets of first seeds on a page, in bytes. A larger sheet of a variant is cut to its share.
const SHEETS: usize = 400 << 10;
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
    /// Data pictures of the current group, as data URIs.
    shown: HashSet<String>,
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
    let share = budget.sheets / names.len().clamp(1, 3);
    for name in &names {
        if sheet.pictures.len() == PER_VARIANT {
            sheet.notes.push(format!("{} pictures in total; the others are in the trial's folder", names.len()));
            break;
        }
        match picture(&first.dir.samples(), name, share)? {
            // Variants on the same data share one data picture.
            Some((bytes, is_cut)) => {
                let picture = embedded(name, &bytes, &sheet.style.label, seed, is_cut);
                if name != "data.png" || budget.shown.insert(picture.uri.clone()) {
                    sheet.pictures.push(picture);
                }
            }
            None => sheet.notes.push(format!("{name} is not shown: it is too large for the page, or no PNG file")),
        }
    }
    for record in others {
        let folder = record.dir.samples();
        if names.iter().any(|name| name == "samples.png") && folder.join("samples.png").exists() {
            let found = picture(&folder, "samples.png", budget.thumbnail)?;
            let embedded =
                found.map(|(bytes, _)| embedded("samples.png", &bytes, &sheet.style.label, record.trial.seed, false));
            sheet
                .other_seeds
                .extend(embedded.map(|picture| Picture { caption: format!("seed {}", record.trial.seed), ..picture }));
        }
    }
    Ok((!names.is_empty()).then_some(sheet))
}

/// Names of the PNG files in a folder, sorted.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names: Vec<String> = match fs::read_dir(folder) {
        Ok(entries) => entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    names.retain(|name| name.ends_with(".png"));
    names.sort();
    Ok(names)
}

/// Content of a PNG file of at most `share` bytes, and whether images were cut off; `None` if it does not fit.
fn picture(folder: &Path, name: &str, share: usize) -> io::Result<Option<(Vec<u8>, bool)>> {
    let path = folder.join(name);
    if fs::metadata(&path)?.len() > LARGEST {
        return Ok(None);
    }
    let bytes = fs::read(&path)?;
    if png_size(&bytes).is_none() {
        return Ok(None);
    }
    Ok(if bytes.len() <= share { Some((bytes, false)) } else { smaller(&bytes, share).map(|part| (part, true)) })
}

fn embedded(name: &str, bytes: &[u8], variant: &str, seed: u64, is_cut: bool) -> Picture {
    let (width, height) = png_size(bytes).unwrap_or((1, 1));
    let caption = name.trim_end_matches(".png").replace(['_', '-'], " ");
    let part = if is_cut { " (part)" } else { "" };
    Picture {
        alt: format!("{caption} of {variant}, seed {seed}"),
        caption: format!("{caption}{part}"),
        uri: format!("data:image/png;base64,{}", STANDARD.encode(bytes)),
        width,
        height,
        zoom: (200 / width.max(1)).clamp(1, 8),
    }
}
