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
            Mode::Threshold => threshold(&mut split.pixels),
            Mode::Dynamic if name == "train" => {}
            Mode::Static | Mode::Dynamic => {
                draw(&mut split.pixels, &mut Noise::new(self.seed, &format!("binarize/static/{name}"), 0));
            }
        }
    }

    /// Binarizes grey draws of a generator in place: by the threshold, or each pixel drawn with `noise`.
    pub fn apply_to_draws(self, draws: &mut Split, noise: &mut Noise) {
        match self.mode {
            Mode::None => {}
            Mode::Threshold => threshold(&mut draws.pixels),
            Mode::Static | Mode::Dynamic => draw(&mut draws.pixels, noise),
        }
    }
}

fn threshold(pixels: &mut [f32]) {
    pixels.iter_mut().for_each(|pixel| *pixel = f32::from(u8::from(*pixel >= 0.5)));
}

/// Replaces each grey level by 1 with the probability of the level, else by 0.
pub(crate) fn draw(pixels: &mut [f32], noise: &mut Noise) {
    for pixel in pixels {
        *pixel = f32::from(u8::from(noise.bernoulli(f64::from(*pixel))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(mode: Mode, noise: u64) -> Vec<f32> {
        let mut draws = Split::new([0.0, 0.3, 0.5, 1.0].repeat(1_000), 4);
        Binarize { mode, seed: 7 }.apply_to_draws(&mut draws, &mut Noise::new(noise, "draws", 0));
        draws.pixels
    }

    #[test]
    fn draws_of_a_generator_become_binary_by_the_rule_of_the_data() {
        assert_eq!(applied(Mode::None, 0)[..4], [0.0, 0.3, 0.5, 1.0]);
        assert_eq!(applied(Mode::Threshold, 0)[..4], [0.0, 0.0, 1.0, 1.0]);
        for mode in [Mode::Static, Mode::Dynamic] {
            let drawn = applied(mode, 0);
            let share = |pixel: usize| drawn.iter().skip(pixel).step_by(4).sum::<f32>() / 1_000.0;
            assert!(drawn.iter().all(|pixel| *pixel == 0.0 || *pixel == 1.0));
            assert_eq!((share(0), share(3)), (0.0, 1.0));
            assert!((share(1) - 0.3).abs() < 0.06 && (share(2) - 0.5).abs() < 0.06, "{} {}", share(1), share(2));
            assert_ne!(drawn, applied(mode, 1), "the caller's noise decides the draws");
        }
    }
}
