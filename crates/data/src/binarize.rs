//! From grey levels to binary pixels.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Noise, Split};

/// How grey pixels become binary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// They do not.
    #[default]
    None,
    /// 1 from one half upwards.
    Threshold,
    /// Each pixel drawn once, 1 with probability of its grey level; the same ever after
    /// (Salakhutdinov and Murray, 2008).
    Static,
    /// Training pixels drawn anew for every batch; validation and test drawn once.
    Dynamic,
}

/// The `binarize` and `binarize_seed` settings of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binarize {
    /// How.
    pub mode: Mode,
    /// The seed of the draws: the set's own, not the trial's.
    pub seed: u64,
}

impl Binarize {
    /// Pixels stay as they are.
    pub const NONE: Self = Self { mode: Mode::None, seed: 0 };

    /// Whether training pixels are drawn anew for every batch.
    #[must_use]
    pub fn is_dynamic(self) -> bool {
        self.mode == Mode::Dynamic
    }

    /// Whether pixels end up binary.
    #[must_use]
    pub fn is_binary(self) -> bool {
        self.mode != Mode::None
    }

    /// Binarizes a split in place. `name` keys the draws; `"train"` stays grey under
    /// [`Mode::Dynamic`].
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

/// Replaces each grey level by 1 with that probability, else by 0.
pub(crate) fn draw(pixels: &mut [f32], noise: &mut Noise) {
    for pixel in pixels {
        *pixel = f32::from(u8::from(noise.bernoulli(f64::from(*pixel))));
    }
}
