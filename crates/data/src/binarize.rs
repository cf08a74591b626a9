//! Binarization of grey pixels.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Noise, Split};

/// Mode of binarization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// No binarization.
    #[default]
    None,
    /// 1 for grey levels of at least 0.5, else 0.
    Threshold,
    /// Each pixel is drawn once: 1 with the probability of its grey level (Salakhutdinov and Murray, 2008).
    Static,
    /// Training pixels are drawn for every batch; validation and test pixels are drawn once.
    Dynamic,
}

/// The `binarize` and `binarize_seed` settings of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binarize {
    /// The mode.
    pub mode: Mode,
    /// Seed of the draws. It belongs to the data set, not to the trial.
    pub seed: u64,
}

impl Binarize {
    /// No binarization.
    pub const NONE: Self = Self { mode: Mode::None, seed: 0 };

    /// Returns whether training pixels are drawn for every batch.
    #[must_use]
    pub fn is_dynamic(self) -> bool {
        self.mode == Mode::Dynamic
    }

    /// Returns whether the pixels are binary afterwards.
    #[must_use]
    pub fn is_binary(self) -> bool {
        self.mode != Mode::None
    }

    /// Binarizes a split in place. `name` keys the draws. With [`Mode::Dynamic`] the split `"train"` stays grey.
    pub fn apply(self, name: &str, split: &mut Split) {
        match self.mode {
            Mode::None => {}
            Mode::Threshold => split.pixels.iter_mut().for_each(|pixel| *pixel = f32::from(u8::from(*pixel >= 0.5))),
            Mode::Dynamic if name == "train" => {}
            Mode::Static | Mode::Dynamic => {
                draw(&mut split.pixels, &mut Noise::new(self.seed, &format!("binarize/static/{name}"), 0));
            }
        }
    }
}

/// Replaces each grey level by 1 with the probability of the level, else by 0.
pub(crate) fn draw(pixels: &mut [f32], noise: &mut Noise) {
    for pixel in pixels {
        *pixel = f32::from(u8::from(noise.bernoulli(f64::from(*pixel))));
    }
}
