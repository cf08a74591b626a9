//! Sample sheets: PNG files of the first finished seed of each variant, embedded in the page.

use std::collections::HashSet;
use std::path::Path;
use std::{fs, io};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use crate::store::Record;

/// Largest number of pictures of one variant.
const PER_VARIANT: usize = 6;
/// Largest size of an embedded picture, in bytes; larger ones are named only.
const LARGEST: u64 = 1 << 20;
/// Largest size of all pictures of a report, in bytes.
const ALL: u64 = 24 << 20;

/// Pictures of one variant.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Sheet {
    pub(super) variant: String,
    pub(super) trial: String,
    pub(super) seed: u64,
    pub(super) pictures: Vec<Picture>,
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

/// Remaining size for pictures, and the pictures shown.
pub(super) struct PictureBudget {
    /// Remaining size, in bytes.
    left: u64,
    /// Data pictures of the current group, as data URIs.
    shown: HashSet<String>,
}

impl Default for PictureBudget {
    fn default() -> Self {
        Self { left: ALL, shown: HashSet::new() }
    }
}

impl PictureBudget {
    /// Starts another group, in which pictures of the previous group may be shown again.
    pub(super) fn next_group(&mut self) {
        self.shown.clear();
    }
}

/// The sheet of `record`; `None` if it has no pictures.
///
/// # Errors
/// A picture exists and cannot be read.
pub(super) fn sheet(record: &Record, budget: &mut PictureBudget) -> io::Result<Option<Sheet>> {
    let folder = record.dir.samples();
    let mut names: Vec<String> = match fs::read_dir(&folder) {
        Ok(entries) => entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.ends_with(".png"))
            .collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    names.sort();
    let (variant, seed) = (record.trial.variant.clone(), record.trial.seed);
    let mut sheet = Sheet { variant, trial: record.id.0.clone(), seed, pictures: Vec::new(), notes: Vec::new() };
    for name in &names {
        if sheet.pictures.len() == PER_VARIANT {
            sheet.notes.push(format!("{} pictures in total; the others are in the trial's folder", names.len()));
            break;
        }
        match picture(&folder, name, &sheet, budget)? {
            // Variants on the same data share one data picture.
            Ok(picture) if name == "data.png" && !budget.shown.insert(picture.uri.clone()) => {}
            Ok(picture) => sheet.pictures.push(picture),
            Err(why) => sheet.notes.push(format!("{name} is not shown: {why}")),
        }
    }
    Ok((!names.is_empty()).then_some(sheet))
}

fn picture(
    folder: &Path,
    name: &str,
    sheet: &Sheet,
    budget: &mut PictureBudget,
) -> io::Result<Result<Picture, &'static str>> {
    let path = folder.join(name);
    let size = fs::metadata(&path)?.len();
    if size > LARGEST || size > budget.left {
        return Ok(Err("too large for the page"));
    }
    let bytes = fs::read(&path)?;
    let Some((width, height)) = png_size(&bytes) else { return Ok(Err("not a PNG file")) };
    budget.left -= size;
    let caption = name.trim_end_matches(".png").replace(['_', '-'], " ");
    Ok(Ok(Picture {
        alt: format!("{caption} of {}, seed {}", sheet.variant, sheet.seed),
        caption,
        uri: format!("data:image/png;base64,{}", STANDARD.encode(&bytes)),
        width,
        height,
        zoom: (240 / width.max(1)).clamp(1, 8),
    }))
}

/// Width and height from the first chunk of a PNG file.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?.get(4..16)?.strip_prefix(b"IHDR")?;
    let number = |at: usize| Some(u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?));
    Some((number(0)?, number(4)?))
}
