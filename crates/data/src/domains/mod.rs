//! Unpaired images of two domains with a known translation.
//!
//! Domain B is domain A under an exact transformation of pixels (stripes, invert or slant). The training images of B show other
//! scenes than those of A, so that training has no pairs. In the validation and test splits, image i of B is the
//! transformed image i of A. Thus the true error of a translation can be computed.
//!
//! The task is that of Zhu et al., 2017, Unpaired Image-to-Image Translation (horse to zebra), with known targets.

mod shapes;
#[cfg(test)]
mod tests;
mod transformations;

use std::path::PathBuf;

use protocol::{Problem, SettingChange, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::refused;
use crate::nested::Nested;
use crate::{DataConfig, DataError, DataSets, DataShape, Dataset, Noise, Split, digits};

/// Number of training images of `shapes` in each domain.
const TRAIN: usize = 2_000;
const VALIDATION: usize = 200;
const TEST: usize = 400;

/// Pair of domains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pair {
    /// Plain shapes and striped ones, 16x16.
    #[default]
    Shapes,
    /// The 8x8 handwritten digits, and digits inverted and slanted.
    Digits,
}

/// Transformation of the images of A to those of B.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Translation {
    /// Every other row at a quarter of its brightness.
    Stripes,
    /// Inverted.
    Invert,
    /// Inverted, and rows moved to the right, the upper ones further.
    Slant,
}

/// Settings of `domains`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Domains {
    /// Pair of domains.
    pub pair: Pair,
    /// Images in place of those of the pair: the name of a data set, or a block with `name` and settings.
    pub data: Option<Nested>,
    /// Transformation of A to B: stripes, invert or slant. Default: that of the pair; slant for `data`.
    pub translation: Option<Translation>,
    /// Seed of the shapes, and of the assignment of images to domains.
    pub seed: u64,
}

/// Images of domain A.
struct Scenes {
    /// Training images of A.
    train: Split,
    /// Images that become the training images of B.
    others: Split,
    /// Validation and test images.
    rest: [Split; 2],
    /// Hash of the files that were read, if any.
    files_hash: Option<String>,
}

impl DataConfig for Domains {
    const NAME: &'static str = "domains";
    const ABOUT: &'static str =
        "unpaired images of two domains with a known translation: shapes, digits or any data set";
    const HISTORY: &'static [SettingChange] = &[SettingChange::Added("data"), SettingChange::Added("translation")];

    fn resolve_nested(&mut self, sets: &DataSets) -> Result<(), Vec<Problem>> {
        let under = |problem: Problem| problem.under("data");
        let Some(data) = &mut self.data else { return Ok(()) };
        data.resolve(sets).map_err(|problems| problems.into_iter().map(under).collect())
    }

    fn describe(&self) -> Result<DataShape, DataError> {
        let one = |side: usize| [1, side, side];
        let images = match (&self.data, self.pair) {
            (Some(data), Pair::Shapes) => images_of(data)?,
            (Some(_), Pair::Digits) => {
                let help = "`translation: slant` for these images; `pair` without `data`";
                return Err(refused("pair", "the images are those of `data`".to_owned(), help));
            }
            (None, Pair::Shapes) => DataShape::new(one(shapes::SIDE), Support::Continuous, [TRAIN, VALIDATION, TEST]),
            // Each training digit goes to one domain.
            (None, Pair::Digits) => {
                let counts = [digits::TRAIN / 2, digits::VALIDATION, digits::TEST];
                DataShape::new(one(digits::SIDE), Support::Levels(digits::LEVELS), counts)
            }
        };
        if self.translation() == Translation::Stripes && images.support != Support::Continuous {
            let message = format!("a quarter of a pixel is not in the support of these images, {}", images.support);
            return Err(refused("translation", message, "invert, slant, or images with values from 0 to 1"));
        }
        Ok(DataShape { other: Some([images.channels, images.height, images.width]), ..images })
    }

    fn load(&self) -> Result<Dataset, DataError> {
        let shape = self.describe()?;
        let Scenes { train, others, rest: [validation, test], files_hash } = self.scenes()?;
        let map = |split: &Split| {
            let pixels = split.images().flat_map(|image| self.translate(image, &shape)).collect();
            Box::new(Split::new(pixels, split.image_len))
        };
        let with = |split: Split, scenes: Split| Split { other: Some(map(&scenes)), ..split };
        let splits = [with(train, others), with(validation.clone(), validation), with(test.clone(), test)];
        Ok(Dataset { files_hash, ..Dataset::new(shape, splits) })
    }

    fn hash(&self) -> Result<String, DataError> {
        self.data.as_ref().map_or_else(|| Ok(String::new()), Nested::hash)
    }

    fn files(&self) -> Result<Vec<PathBuf>, DataError> {
        self.data.as_ref().map_or_else(|| Ok(Vec::new()), Nested::files)
    }

    fn reading(&self) -> Result<String, DataError> {
        self.data.as_ref().map_or_else(|| Ok(String::new()), Nested::reading)
    }

    fn path_settings(&self) -> Vec<String> {
        self.data.as_ref().map_or_else(Vec::new, |data| data.path_settings("data"))
    }
}

/// Shape of the images of A: pixels only, and half of the training images, since the other half goes to B.
fn images_of(data: &Nested) -> Result<DataShape, DataError> {
    let shape = data.describe()?;
    if shape.other.is_some() {
        return Err(Problem::new("data", "the images of this data set already have a second domain").into());
    }
    if shape.support == Support::Real {
        let allowed = "a data set with binary pixels, levels or values from 0 to 1";
        return Err(refused("data", "pixels that are any real numbers cannot be inverted".to_owned(), allowed));
    }
    if shape.train < 2 {
        let message = format!("{} training image cannot be divided between two domains", shape.train);
        return Err(refused("data", message, "2 training images or more"));
    }
    data.refuse_dynamic("those that were translated")?;
    let counts = [shape.train / 2, shape.validation, shape.test];
    Ok(DataShape::new([shape.channels, shape.height, shape.width], shape.support, counts))
}

/// Halves of the training images, divided at random, and the other two splits.
fn halves([train, validation, test]: [Split; 3], mut noise: Noise) -> Scenes {
    let order = noise.permutation(train.len());
    let half = train.len() / 2;
    let (train, others) = (train.select(&order[..half]), train.select(&order[half..2 * half]));
    Scenes { train, others, rest: [validation, test], files_hash: None }
}

impl Domains {
    /// The transformation of A to B.
    fn translation(&self) -> Translation {
        let default = match (&self.data, self.pair) {
            (None, Pair::Shapes) => Translation::Stripes,
            (None, Pair::Digits) | (Some(_), _) => Translation::Slant,
        };
        self.translation.unwrap_or(default)
    }

    /// The translation of an image of A to its image of B.
    fn translate(&self, image: &[f32], shape: &DataShape) -> Vec<f32> {
        match self.translation() {
            Translation::Stripes => transformations::stripe(image, shape),
            Translation::Invert => transformations::invert(image, shape.support),
            Translation::Slant => transformations::slant(&transformations::invert(image, shape.support), shape),
        }
    }

    fn scenes(&self) -> Result<Scenes, DataError> {
        if let Some(data) = &self.data {
            let set = data.load()?;
            let pixels = |split: Split| Split::new(split.pixels, split.image_len);
            let splits = [set.train, set.validation, set.test].map(pixels);
            let scenes = halves(splits, Noise::new(self.seed, "domains/data", 0));
            return Ok(Scenes { files_hash: set.files_hash, ..scenes });
        }
        Ok(match self.pair {
            Pair::Shapes => {
                let draw = |part: &str, count| {
                    shapes::draw(count, &mut Noise::new(self.seed, &format!("domains/shapes/{part}"), 0))
                };
                let rest = [draw("validation", VALIDATION), draw("test", TEST)];
                Scenes { train: draw("train/a", TRAIN), others: draw("train/b", TRAIN), rest, files_hash: None }
            }
            Pair::Digits => {
                let splits = digits::grey().map(|split| Split { labels: None, ..split });
                halves(splits, Noise::new(self.seed, "domains/digits", 0))
            }
        })
    }
}
