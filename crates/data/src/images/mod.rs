//! A folder of pictures: PNG or JPEG, with one folder per class or without classes.

mod folder;
mod picture;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use protocol::{Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use self::folder::{Listing, Picture};
use self::picture::Header;
use crate::check::whole;
use crate::files::{Stored, Wanted};
use crate::{Binarize, BinarizeMode, DataConfig, DataError, DataShape, Dataset};

/// Longest side of the images of the set.
const MAX_SIDE: usize = 4_096;

/// Way to reach another aspect ratio.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// Cuts the largest centred rectangle of the wanted aspect ratio.
    #[default]
    Crop,
    /// Stretches the whole picture.
    Stretch,
}

/// Filter of resizing. All but `nearest` average over the pixels that become one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// The nearest pixel.
    Nearest,
    /// Linear interpolation (`bilinear` of Pillow).
    #[default]
    Triangle,
    /// Cubic interpolation (`bicubic` of Pillow).
    CatmullRom,
    /// Lanczos with a window of 3.
    Lanczos3,
}

/// Colour behind transparent pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Background {
    /// Level 0.
    Black,
    /// Level 255.
    White,
}

/// Settings of `images`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Images {
    /// Folder of the pictures, of folders with one class each, or of `train`, `val` and `test`.
    pub path: String,
    /// Height after resizing; 0 keeps the size, which must be the same for all pictures.
    #[schemars(range(min = 0, max = 4_096))]
    pub height: usize,
    /// Width after resizing; 0 keeps the size, which must be the same for all pictures.
    #[schemars(range(min = 0, max = 4_096))]
    pub width: usize,
    /// Way to reach another aspect ratio when resizing.
    pub fit: Fit,
    /// Filter of resizing.
    pub filter: Filter,
    /// `true` if colours become grey: 0.2126 R + 0.7152 G + 0.0722 B of the stored levels.
    pub grey: bool,
    /// Colour behind transparent pixels; without it, pictures must be opaque.
    pub background: Option<Background>,
    /// `true` if the names of folders are classes.
    pub labels: bool,
    /// Number of levels per channel, 2 to 256: byte v becomes level floor(v x levels / 256).
    #[schemars(range(min = 2, max = 256))]
    pub levels: u16,
    /// Binarization of the pixels.
    pub binarize: BinarizeMode,
    /// Seed of static and dynamic binarization.
    pub binarize_seed: u64,
    /// Number of training images; 0 takes all that are left.
    pub train: usize,
    /// Number of validation images; 0 takes all of the folder `val`, or else a tenth of the training images, at most 10,000.
    pub validation: usize,
    /// Number of test images; 0 takes all of the folder `test`, or else a tenth of the training images, at most 10,000.
    pub test: usize,
    /// Class to remove from all splits, counted from 0 in the order of the names.
    pub hold_out: Option<u16>,
}

impl Default for Images {
    fn default() -> Self {
        Self {
            path: String::new(),
            height: 0,
            width: 0,
            fit: Fit::Crop,
            filter: Filter::Triangle,
            grey: false,
            background: None,
            labels: true,
            levels: 256,
            binarize: BinarizeMode::None,
            binarize_seed: 0,
            train: 0,
            validation: 0,
            test: 0,
            hold_out: None,
        }
    }
}

impl DataConfig for Images {
    const NAME: &'static str = "images";
    const ABOUT: &'static str = "a folder of PNG or JPEG pictures, resized and turned grey on request";

    /// Lists the folder and reads the headers of all pictures.
    fn describe(&self) -> Result<DataShape, DataError> {
        self.stored()?.1.shape(self.wanted()?)
    }

    fn load(&self) -> Result<Dataset, DataError> {
        let (listing, stored) = self.stored()?;
        let wanted = self.wanted()?;
        let (levels, top) = (u32::from(self.levels), f32::from(self.levels - 1));
        let pixel: Vec<f32> = (0..256).map(|byte: u32| (byte * levels / 256) as f32 / top).collect();
        let bytes = self.bytes(&listing, &stored)?;
        let files_hash = Some(sha256(&stored, &bytes));
        let pixels = bytes.into_iter().map(|byte| pixel[usize::from(byte)]);
        Ok(Dataset { files_hash, ..stored.dataset(wanted, pixels.collect())? })
    }

    /// SHA-256 of sizes, labels and pixels after resizing: file formats and the location of the folder do not matter.
    fn hash(&self) -> Result<String, DataError> {
        let (listing, stored) = self.stored()?;
        Ok(sha256(&stored, &self.bytes(&listing, &stored)?))
    }

    fn path_settings(&self) -> Vec<String> {
        vec!["path".to_owned()]
    }
}

/// Hash of sizes, labels and pixels, as [`DataConfig::hash`] states it.
fn sha256(stored: &Stored, bytes: &[u8]) -> String {
    stored.sha256(&bytes.iter().copied().map(f32::from).collect::<Vec<_>>())
}

impl Images {
    fn wanted(&self) -> Result<Wanted, DataError> {
        whole("levels", self.levels.into(), 2..=256, "2 to 256")?;
        Ok(Wanted {
            counts: [self.train, self.validation, self.test],
            hold_out: self.hold_out,
            binarize: Binarize { mode: self.binarize, seed: self.binarize_seed },
            support: Support::Levels(self.levels),
        })
    }

    /// The pictures in order, and their sizes and classes.
    fn stored(&self) -> Result<(Listing, Stored), DataError> {
        if self.path.is_empty() {
            return Err(Problem::new("path", "not set").help("set it to a folder of PNG or JPEG files").into());
        }
        if (self.height == 0) != (self.width == 0) {
            let (set, unset) = if self.height == 0 { ("width", "height") } else { ("height", "width") };
            return Err(Problem::new(unset, format!("not set, but `{set}` is")).help("set both, or none").into());
        }
        if self.height != 0 {
            whole("height", self.height, 1..=MAX_SIDE, "1 to 4096")?;
            whole("width", self.width, 1..=MAX_SIDE, "1 to 4096")?;
        }
        let listing = folder::list(Path::new(&self.path), self.labels)?;
        let headers = listing.pictures().map(|it| picture::header(&it.path)).collect::<Result<Vec<_>, _>>()?;
        let counts = listing.parts.each_ref().map(Vec::len);
        let mut order: Vec<usize> = (0..counts[0]).collect();
        // Names in a random order without a seed: a new picture moves few others to another split.
        order.sort_by_cached_key(|index| Sha256::digest(listing.parts[0][*index].name.as_bytes()));
        let sides = self.sides(&listing, &headers)?;
        let labels = (!listing.classes.is_empty()).then(|| listing.labels());
        Ok((listing, Stored { counts, sides, labels, order }))
    }

    /// Channels, height and width, which all pictures must share.
    fn sides(&self, listing: &Listing, headers: &[Header]) -> Result<[usize; 3], DataError> {
        let (is_grey, other) = odd(listing, headers.iter().map(|header| header.is_grey));
        if let (false, Some(picture)) = (self.grey, other) {
            let (common, this) = if is_grey { ("grey", "coloured") } else { ("coloured", "grey") };
            let message = format!("the picture is {this}, but most are {common}; `grey: true` makes all grey");
            return Err(DataError::File { path: picture.path.clone(), message });
        }
        let channels = if self.grey || is_grey { 1 } else { 3 };
        if self.height != 0 {
            return Ok([channels, self.height, self.width]);
        }
        let sizes = headers.iter().map(|header| (header.height, header.width));
        let ((height, width), other) = odd(listing, sizes.clone());
        if let Some(picture) = other {
            let same = sizes.clone().filter(|size| *size == (height, width)).count();
            let index = listing.pictures().position(|it| it.path == picture.path).unwrap_or_default();
            let message = format!(
                "{}x{} pixels, but {same} of {} pictures have {height}x{width}; `height` and `width` resize all",
                headers[index].height,
                headers[index].width,
                headers.len()
            );
            return Err(DataError::File { path: picture.path.clone(), message });
        }
        if height.max(width) as usize > MAX_SIDE {
            let message = format!("pictures of {height}x{width} pixels, expected sides of at most {MAX_SIDE}");
            return Err(Problem::new("path", message).help("set `height` and `width` to resize them").into());
        }
        Ok([channels, height as usize, width as usize])
    }

    /// Bytes of all pictures, channel by channel and row by row.
    fn bytes(&self, listing: &Listing, stored: &Stored) -> Result<Vec<u8>, DataError> {
        let mut bytes = Vec::new();
        for it in listing.pictures() {
            picture::read(&it.path, self, stored.sides, &mut bytes)?;
        }
        Ok(bytes)
    }
}

/// The most frequent value, and the first picture with another one.
fn odd<T: Ord + Copy + Default>(listing: &Listing, values: impl Iterator<Item = T> + Clone) -> (T, Option<&Picture>) {
    let mut counts = BTreeMap::new();
    values.clone().for_each(|value| *counts.entry(value).or_insert(0usize) += 1);
    let common = counts.iter().max_by_key(|(_, count)| **count).map(|(value, _)| *value).unwrap_or_default();
    (common, listing.pictures().zip(values).find(|(_, value)| *value != common).map(|(picture, _)| picture))
}
