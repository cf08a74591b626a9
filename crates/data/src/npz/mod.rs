//! Arrays of numpy: `.npz`, `.npy`, or a folder of them.

mod archive;
mod array;
mod layout;
#[cfg(test)]
mod tests;

use std::path::Path;

use protocol::{Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::archive::Archive;
use self::array::{Array, Number, Type};
use self::layout::{Images, Names};
use crate::check::whole;
use crate::files::{Stored, Wanted};
use crate::{Binarize, BinarizeMode, DataConfig, DataError, DataShape, Dataset, Noise};

/// Range of the numbers of an array of images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Range {
    /// 0 to 255.
    Byte,
    /// 0 to 1.
    Unit,
}

/// Settings of `npz`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Npz {
    /// File `.npz` or `.npy`, or a folder of such files.
    pub path: String,
    /// Array of training images; empty recognises the names of MedMNIST, Keras and KMNIST, or takes the only array.
    pub train_images: String,
    /// Array of training labels; it may stay empty.
    pub train_labels: String,
    /// Array of validation images; without it, they are taken from the training images.
    pub validation_images: String,
    /// Array of validation labels.
    pub validation_labels: String,
    /// Array of test images; without it, they are taken from the training images.
    pub test_images: String,
    /// Array of test labels.
    pub test_labels: String,
    /// `true` if labels are read.
    pub labels: bool,
    /// Range of the pixels: `byte` (0 to 255) or `unit` (0 to 1). Floating-point arrays need it; integers are bytes without it.
    pub range: Option<Range>,
    /// Height of images that the array stores as rows of numbers; 0 for arrays with an axis for it.
    pub height: usize,
    /// Width of images that the array stores as rows of numbers; 0 for arrays with an axis for it.
    pub width: usize,
    /// Number of levels, 2 to 256: pixel x becomes level floor(x levels), at most levels - 1; 0 keeps pixels as they are stored.
    #[schemars(range(min = 0, max = 256), extend("not" = {"const": 1}))]
    pub levels: u16,
    /// Binarization of grey pixels.
    pub binarize: BinarizeMode,
    /// Seed of static and dynamic binarization.
    pub binarize_seed: u64,
    /// Number of training images; 0 takes all that are left.
    pub train: usize,
    /// Number of validation images; 0 takes all of their array, or else a tenth of the training images, at most 10,000.
    pub validation: usize,
    /// Number of test images; 0 takes all of their array, or else a tenth of the training images, at most 10,000.
    pub test: usize,
    /// Class to remove from all splits; measures of anomaly detection use its test images.
    pub hold_out: Option<u16>,
}

impl Default for Npz {
    fn default() -> Self {
        Self {
            path: String::new(),
            train_images: String::new(),
            train_labels: String::new(),
            validation_images: String::new(),
            validation_labels: String::new(),
            test_images: String::new(),
            test_labels: String::new(),
            labels: true,
            range: None,
            height: 0,
            width: 0,
            levels: 0,
            binarize: BinarizeMode::None,
            binarize_seed: 0,
            train: 0,
            validation: 0,
            test: 0,
            hold_out: None,
        }
    }
}

/// The arrays that the settings name, with what their headers state.
struct Opened {
    archive: Archive,
    /// Name, header and geometry of each array of images, in the order training, validation, test.
    images: Vec<(String, Array, Images)>,
    stored: Stored,
}

impl DataConfig for Npz {
    const NAME: &'static str = "npz";
    const ABOUT: &'static str =
        "arrays of numpy from a file .npz or .npy (MedMNIST, Keras, your own), or a folder of them";

    /// Reads the headers of the images, and the labels.
    fn describe(&self) -> Result<DataShape, DataError> {
        let opened = self.open()?;
        opened.stored.shape(self.wanted(&opened)?)
    }

    fn load(&self) -> Result<Dataset, DataError> {
        let opened = self.open()?;
        let wanted = self.wanted(&opened)?;
        let mut pixels = self.pixels(&opened)?;
        let files_hash = Some(opened.stored.sha256(&pixels));
        if self.levels != 0 {
            let (levels, top) = (f32::from(self.levels), f32::from(self.levels - 1));
            pixels.iter_mut().for_each(|pixel| *pixel = (*pixel * levels).floor().min(top) / top);
        }
        Ok(Dataset { files_hash, ..opened.stored.dataset(wanted, pixels)? })
    }

    /// SHA-256 of sizes, labels and decoded pixels: the same for compressed and plain files, whatever their names.
    fn hash(&self) -> Result<String, DataError> {
        let opened = self.open()?;
        self.wanted(&opened)?;
        Ok(opened.stored.sha256(&self.pixels(&opened)?))
    }

    fn path_settings(&self) -> Vec<String> {
        vec!["path".to_owned()]
    }
}

impl Npz {
    fn open(&self) -> Result<Opened, DataError> {
        if self.path.is_empty() {
            let help = "set it to a file .npz or .npy, or to a folder of such files";
            return Err(Problem::new("path", "not set").help(help).into());
        }
        if self.levels != 0 {
            whole("levels", self.levels.into(), 2..=256, "2 to 256, or 0 to keep pixels as they are stored")?;
        }
        let archive = Archive::open(Path::new(&self.path))?;
        let names = Names::find(self, &archive)?;
        let mut stored = Stored::default();
        let mut images: Vec<(String, Array, Images)> = Vec::new();
        for (part, name) in names.images.iter().enumerate() {
            let Some(name) = name else { continue };
            let array = archive.header(name)?;
            let geometry = self.geometry(&archive, name, &array)?;
            if let Some((first, _, other)) = images.first().filter(|(_, _, other)| other.sides != geometry.sides) {
                let [of_first, of_this] = [other.sides, geometry.sides].map(|sides| format!("{sides:?}"));
                let message = format!("images of {of_this} (channels, height, width), but `{first}` has {of_first}");
                return Err(archive.error(name, message));
            }
            stored.counts[part] = geometry.count;
            stored.sides = geometry.sides;
            images.push((name.clone(), array, geometry));
        }
        stored.order = Noise::new(0, "npz/split", 0).permutation(stored.counts[0]);
        stored.labels = self.read_labels(&archive, &names, stored.counts)?;
        Ok(Opened { archive, images, stored })
    }

    fn geometry(&self, archive: &Archive, name: &str, array: &Array) -> Result<Images, DataError> {
        let range = self.range(array.kind);
        if range.is_none() {
            let message = format!("`{name}` has pixels of type {}, which do not tell their range", array.kind);
            return Err(Problem::new("range", message).help("set it to `byte` (0 to 255) or `unit` (0 to 1)").into());
        }
        Images::of(&array.shape, [self.height, self.width]).map_err(|message| archive.error(name, message))
    }

    fn range(&self, kind: Type) -> Option<Range> {
        self.range.or(match kind {
            Type::Bool => Some(Range::Unit),
            Type::Float(_) => None,
            Type::Signed(_) | Type::Unsigned(_) => Some(Range::Byte),
        })
    }

    fn read_labels(&self, archive: &Archive, names: &Names, counts: [usize; 3]) -> Result<Option<Vec<u16>>, DataError> {
        let mut all = Vec::new();
        for (name, count) in names.labels.iter().zip(counts) {
            let Some(name) = name else { continue };
            let array = archive.header(name)?;
            let is_flat = matches!(array.shape[..], [_] | [_, 1]);
            if !is_flat || array.shape[0] != count as u64 {
                let message = format!("shape {:?}, expected one label for each of {count} images", array.shape);
                return Err(archive.error(name, message + "; `labels: false` reads images without labels"));
            }
            let label = |index: usize, number| match number {
                Number::Whole(label) => u16::try_from(label)
                    .map_err(|_| format!("label {label} of image {index}, expected 0 to {}", u16::MAX)),
                Number::Real(_) => Err(format!("labels of type {}, expected integers", array.kind)),
            };
            all.extend(archive.values(name, &array, label)?);
        }
        Ok(Some(all).filter(|labels| !labels.is_empty()))
    }

    fn wanted(&self, opened: &Opened) -> Result<Wanted, DataError> {
        let kind = opened.images.first().map_or(Type::Bool, |(_, array, _)| array.kind);
        let support = match (self.levels, kind, self.range(kind)) {
            (0, Type::Float(_), _) => Support::Continuous,
            (0, _, Some(Range::Byte)) => Support::Levels(256),
            (0, ..) => Support::Binary,
            (levels, ..) => Support::Levels(levels),
        };
        Ok(Wanted {
            counts: [self.train, self.validation, self.test],
            hold_out: self.hold_out,
            binarize: Binarize { mode: self.binarize, seed: self.binarize_seed },
            support,
        })
    }

    /// Pixels of all images, 0 to 1.
    fn pixels(&self, opened: &Opened) -> Result<Vec<f32>, DataError> {
        let mut pixels = Vec::new();
        for (name, array, geometry) in &opened.images {
            let range = self.range(array.kind);
            let (top, scale) = if range == Some(Range::Byte) { (255.0, 255.0) } else { (1.0, 1.0f32) };
            let pixel = |index, number| {
                let value = match number {
                    Number::Whole(value) => value as f64,
                    Number::Real(value) => value,
                };
                if (0.0..=top).contains(&value) {
                    return Ok(value as f32 / scale);
                }
                Err(format!("pixel {value} of image {}, expected 0 to {top}", array.row(index)))
            };
            pixels.extend(geometry.planes(opened.archive.values(name, array, pixel)?));
        }
        Ok(pixels)
    }
}
