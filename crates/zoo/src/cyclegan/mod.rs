//! CycleGAN: two generators that translate between two domains A and B of unpaired images.
//!
//! Each generator has an adversarial loss from its own discriminator. The cycle loss |F(G(a)) - a| + |G(F(b)) - b| ties
//! the generators G: A -> B and F: B -> A together, and the identity loss |G(b) - b| + |F(a) - a| keeps images that are
//! already in the target domain.
//!
//! Zhu, Park, Isola and Efros, 2017, Unpaired Image-to-Image Translation using Cycle-Consistent
//! Adversarial Networks, eq. 1 to 3, section 4 (least squares, the image pool) and 5.2 (the
//! identity loss).
//!
//! # Departures from the paper
//! Networks for images of 8 to 64 pixels: one halving instead of two, two residual blocks instead of nine, and a skip
//! connection around the middle, which preserves positions. No instance normalisation, which would remove the grey
//! level that the domains share. Discriminators have a receptive field of about 14x14 instead of 70x70 pixels. Weights
//! are drawn by the rule of Glorot. A generator adds to its input instead of computing a new image, unless
//! `adds_to_input` is false. Its pixels are not bounded in training and are clipped to `[0, 1]` in a translation; the
//! generators of the paper end in tanh. The learning rates are 1e-3 instead of 2e-4 and follow the schedule of the
//! trial; in the paper they are constant for 100 epochs and fall linearly to 0 in the next 100.

mod networks;
mod pool;
mod trainer;

use burn::prelude::*;
use data::DataShape;
use engine::{ModelConfig, Trainer};
use protocol::{Problem, SettingChange, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::gan::real_valued;
use protocol::check::{at_most, learning_rate, positive};

/// Required divisor of the image sides: the generators halve them once, the discriminators twice.
const MULTIPLE: usize = 4;

/// Settings of `cyclegan`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct CycleGanConfig {
    /// Number of channels of the generators at full size, 1 to 65,536; twice as many at half size.
    #[schemars(range(min = 1, max = 65_536))]
    channels: usize,
    /// Number of channels in the first layer of the discriminators, 1 to 65,536; twice as many in the second.
    #[schemars(range(min = 1, max = 65_536))]
    channels_discriminator: usize,
    /// Number of residual blocks per generator, at half size, 1 to 16.
    #[schemars(range(min = 1, max = 16))]
    blocks: usize,
    /// Whether a generator adds to its input; false: it computes a new image, as in the paper.
    adds_to_input: bool,
    /// Weight of the cycle loss, 0 to 1000; 0 disables it.
    #[schemars(range(min = 0, max = 1_000))]
    cycle: f64,
    /// Weight of the identity loss, 0 to 1000; 0 disables it.
    #[schemars(range(min = 0, max = 1_000))]
    identity: f64,
    /// Number of stored translations per domain that the discriminators are shown again, 0 to 10,000; 0 = none.
    #[schemars(range(min = 0, max = 10_000))]
    pool: usize,
    /// Learning rate for the generators, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    lr_generator: f64,
    /// Learning rate for the discriminators, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    lr_discriminator: f64,
}

impl Default for CycleGanConfig {
    fn default() -> Self {
        Self {
            channels: 16,
            channels_discriminator: 16,
            blocks: 2,
            adds_to_input: true,
            cycle: 10.0,
            identity: 5.0,
            pool: 50,
            lr_generator: 1e-3,
            lr_discriminator: 1e-3,
        }
    }
}

fn weight(path: &str, value: f64) -> Result<(), Problem> {
    if (0.0..=1_000.0).contains(&value) {
        return Ok(());
    }
    Err(Problem::new(path, format!("{value} is out of range")).help("from 0 to 1000; 0 disables the loss"))
}

impl ModelConfig for CycleGanConfig {
    const NAME: &'static str = "cyclegan";
    const ABOUT: &'static str = "Cycle-consistent adversarial translation between two domains of unpaired images.";
    // 2: the discriminator sees pixels in [-1, 1].
    const VERSION: u32 = 2;
    const HISTORY: &'static [SettingChange] = &[SettingChange::Added("adds_to_input")];

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        let sides = [data.channels, data.height, data.width];
        match data.other {
            None => {
                return Err(
                    Problem::new("", "there is no second domain to translate to").help("use the data set `domains`")
                );
            }
            Some(other) if other != sides => {
                let text = |[channels, height, width]: [usize; 3]| format!("{channels}x{height}x{width}");
                let message = format!("images of {} cannot become images of {}", text(sides), text(other));
                return Err(Problem::new("", message).help("both domains need the same channels, rows and columns"));
            }
            Some(_) => {}
        }
        if data.support == Support::Real {
            return Err(real_valued());
        }
        if !data.height.is_multiple_of(MULTIPLE) || !data.width.is_multiple_of(MULTIPLE) {
            let message = format!("images of {}x{} cannot be halved twice", data.height, data.width);
            return Err(Problem::new("", message).help(format!("use sides that are multiples of {MULTIPLE}")));
        }
        positive("channels", self.channels)?;
        positive("channels_discriminator", self.channels_discriminator)?;
        at_most("blocks", self.blocks, 16)?;
        weight("cycle", self.cycle)?;
        weight("identity", self.identity)?;
        if self.pool > 0 {
            at_most("pool", self.pool, 10_000)?;
        }
        learning_rate("lr_generator", self.lr_generator)?;
        learning_rate("lr_discriminator", self.lr_discriminator)
    }

    fn tiny() -> Vec<Self> {
        let tiny = Self { channels: 4, channels_discriminator: 4, blocks: 1, pool: 40, ..Self::default() };
        vec![tiny.clone(), Self { identity: 0.0, pool: 0, adds_to_input: false, ..tiny }]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        Box::new(trainer::CycleGan::new(self.clone(), data, seed, device))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_that_cannot_be_translated_is_refused_with_advice() {
        let refusal = |data: DataShape| {
            let problem = CycleGanConfig::default().check(&data).expect_err("unsupported data");
            format!("{} / {}", problem.message, problem.help.unwrap_or_default())
        };
        let bare = DataShape::new([1, 8, 8], Support::Binary, [8, 8, 8]);
        assert_eq!(refusal(bare), "there is no second domain to translate to / use the data set `domains`");
        assert_eq!(
            refusal(DataShape { other: Some([3, 8, 8]), ..bare }),
            "images of 1x8x8 cannot become images of 3x8x8 / both domains need the same channels, rows and columns"
        );
        let odd = DataShape::new([1, 6, 8], Support::Binary, [8, 8, 8]);
        assert_eq!(
            refusal(DataShape { other: Some([1, 6, 8]), ..odd }),
            "images of 6x8 cannot be halved twice / use sides that are multiples of 4"
        );
    }
}
