//! Generation of whole images from key parts without their positions.
//!
//! One encoder computes a code of every part. The codes are summed, so that the order of parts does not matter. From
//! the sum, one decoder computes a mask of the positions of the parts, and another one, with noise, the whole image.
//! The discriminator is trained on images with masks: real images, generated images, real images with the parts of
//! another image, and another image with the parts of this one. Only the first kind is positive.
//!
//! Lee, Lim, Ahn, Yoo and Lee, 2018, Unsupervised Holistic Image Generation from Key Local Patches,
//! section 3: the spatial (mask), appearance and adversarial losses and the negatives SR and RS.
//!
//! # Departures from the paper
//! - Networks for images of 8 to 32 pixels: two doublings from a quarter of the size; the decoder of the mask has no
//!   downward path. Weights are drawn by the rule of Glorot. Pixels lie in `[0, 1]`.
//! - The loss on masks is the cross-entropy instead of the absolute difference. Masks are mostly 0, and a sigmoid that
//!   is 0 everywhere has no gradient from the absolute difference.
//! - Losses are means over pixels instead of sums, so that their weights are other numbers. The weights decay by a
//!   power of the step, as in the paper.
//! - The discriminator is spectrally normalised, with the hinge loss by default. The generator is trained at every step
//!   instead of every second step.
//! - The paper has no loss on the pixels outside of the parts. `outside` adds their squared error to the true image,
//!   whose optimum is the mean of all images with these parts. Isola, Zhu, Zhou and Efros, 2017, Image-to-Image
//!   Translation with Conditional Adversarial Networks, section 3.1, also combine a pixel error with an adversarial
//!   loss.

mod networks;
mod trainer;

use burn::prelude::*;
use data::DataShape;
use engine::{ModelConfig, Trainer};
use protocol::{Optim, Problem, Support, check};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::gan::{Objective, real_valued};
use protocol::check::{learning_rate, positive};

/// Required divisor of the image sides: the decoders double them twice, the discriminator halves them twice.
const MULTIPLE: usize = 4;

/// Settings of `puzzle_gan`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct PuzzleGanConfig {
    /// Number of channels of all networks at half size, 1 to 65,536; twice as many at a quarter.
    #[schemars(range(min = 1, max = 65_536))]
    channels: usize,
    /// Number of dimensions of the code of a part, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    embed: usize,
    /// Number of latent dimensions, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    latent: usize,
    /// Initial weight of the loss on the mask, 0 to 1000.
    #[schemars(range(min = 0, max = 1_000))]
    mask: f64,
    /// Initial weight of the loss on the pixels inside the mask, 0 to 1000.
    #[schemars(range(min = 0, max = 1_000))]
    appearance: f64,
    /// Weight of the squared error outside of the parts, 0 to 1000, constant over steps; 0 in the paper.
    #[schemars(range(min = 0, max = 1_000))]
    outside: f64,
    /// Final fraction of the weights `mask` and `appearance`, above 0, at most 1.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1))]
    fall_to: f64,
    /// Number of steps over which `mask` and `appearance` decay, 1 to 100,000,000.
    #[schemars(range(min = 1, max = 100_000_000))]
    fall_steps: usize,
    /// Dropout probability of the summed code of the parts, 0 to below 1.
    #[schemars(range(min = 0), extend("exclusiveMaximum" = 1))]
    dropout: f64,
    /// Decay of the moving average of the generator, 0 to below 1; 0 = images from the weights of the last step.
    #[schemars(range(min = 0), extend("exclusiveMaximum" = 1))]
    average: f64,
    /// Loss of generator and discriminator: minimax, non_saturating, least_squares or hinge.
    #[schemars(schema_with = "crate::gan::without_wgan")]
    objective: Objective,
    /// Learning rate for the generator, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    lr_generator: f64,
    /// Learning rate for the discriminator, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    lr_discriminator: f64,
}

impl Default for PuzzleGanConfig {
    fn default() -> Self {
        Self {
            channels: 32,
            embed: 128,
            latent: 16,
            mask: 20.0,
            appearance: 20.0,
            outside: 0.0,
            fall_to: 0.5,
            fall_steps: 2_000,
            dropout: 0.0,
            average: 0.98,
            objective: Objective::Hinge,
            lr_generator: 1e-3,
            lr_discriminator: 2e-4,
        }
    }
}

impl ModelConfig for PuzzleGanConfig {
    const NAME: &'static str = "puzzle_gan";
    const ABOUT: &'static str =
        "Generative adversarial network from key parts without positions to whole images and a mask; no density.";
    // 2: the discriminator sees pixels in [-1, 1].
    const VERSION: u32 = 2;

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        if data.parts.is_none() {
            return Err(Problem::new("", "the images have no parts").help("use the data set `puzzle`"));
        }
        if data.support == Support::Real {
            return Err(real_valued());
        }
        if !data.height.is_multiple_of(MULTIPLE) || !data.width.is_multiple_of(MULTIPLE) {
            let message = format!("images of {}x{} cannot be halved twice", data.height, data.width);
            return Err(Problem::new("", message).help(format!("use sides that are multiples of {MULTIPLE}")));
        }
        positive("channels", self.channels)?;
        positive("embed", self.embed)?;
        positive("latent", self.latent)?;
        for (path, weight) in [("mask", self.mask), ("appearance", self.appearance), ("outside", self.outside)] {
            if !(0.0..=1_000.0).contains(&weight) {
                return Err(
                    Problem::new(path, format!("{weight} is out of range")).help("from 0 to 1000; 0 disables the loss")
                );
            }
        }
        if !(self.fall_to > 0.0 && self.fall_to <= 1.0) {
            return Err(Problem::new("fall_to", format!("{} is out of range", self.fall_to)).help("above 0, at most 1"));
        }
        check::at_most("fall_steps", self.fall_steps, 100_000_000)?;
        ::nn::dropout::check("dropout", self.dropout)?;
        ::nn::average::check("average", self.average)?;
        self.objective.without_clipping()?;
        learning_rate("lr_generator", self.lr_generator)?;
        learning_rate("lr_discriminator", self.lr_discriminator)
    }

    fn check_optim(&self, optim: &Optim) -> Result<(), Problem> {
        ::nn::average::only_one(self.average, optim)
    }

    fn tiny() -> Vec<Self> {
        let tiny = Self { channels: 4, embed: 6, latent: 3, fall_steps: 100, ..Self::default() };
        vec![Self { lr_generator: 5e-3, lr_discriminator: 1e-3, ..tiny }]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        Box::new(trainer::PuzzleGan::new(self.clone(), data, seed, device))
    }
}

#[cfg(test)]
mod tests {
    use data::PartShape;

    use super::*;

    #[test]
    fn data_without_parts_or_of_odd_sides_is_refused_with_advice() {
        let bare = DataShape::new([1, 8, 8], Support::Binary, [8, 8, 8]);
        let problem = PuzzleGanConfig::default().check(&bare).expect_err("no parts");
        assert_eq!(problem.message, "the images have no parts");
        assert_eq!(problem.help.expect("advice"), "use the data set `puzzle`");
        let parts = Some(PartShape { count: 2, side: 2 });
        let problem = PuzzleGanConfig::default().check(&DataShape { parts, width: 7, ..bare }).expect_err("odd");
        assert_eq!(problem.message, "images of 8x7 cannot be halved twice");
        assert!(PuzzleGanConfig::default().check(&DataShape { parts, ..bare }).is_ok());
    }
}
