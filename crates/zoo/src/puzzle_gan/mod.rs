//! Whole images from key parts that do not say where they belong.
//!
//! One encoder reads every part, and the codes are summed: the order of parts cannot matter. From the
//! sum one decoder draws a mask of where the parts go, another one, with noise, the whole image. The
//! discriminator is shown images with their masks: real ones, generated ones, real ones whose parts
//! are another image's, and other images with the parts of this one. Only the first are right.
//!
//! Lee, Lim, Ahn, Yoo and Lee, 2018, Unsupervised Holistic Image Generation from Key Local Patches,
//! section 3: the spatial (mask), appearance and adversarial losses and the negatives SR and RS.
//!
//! # Departures from the paper
//! Networks for images of 8 to 32 pixels: two doublings from a quarter of the size, the mask's
//! decoder without a path down. The loss on masks is the cross-entropy instead of the absolute
//! difference: masks are mostly 0, and a sigmoid that has come to say so everywhere gets no gradient from
//! the latter. Losses are means over pixels instead of sums, so their weights are other numbers; they
//! fall as in the paper, by a power of the step. The discriminator is spectrally normalised and the
//! default loss is the hinge. The generator learns at every step instead of every second
//! one. Weights are drawn by Glorot's rule. Pixels lie in `[0, 1]`.
//!
//! Nothing in the paper asks what is outside of the parts to be that of the true image; `outside` does,
//! by the squared error, for which the mean of all images with these parts is best. (Isola, Zhu, Zhou
//! and Efros, 2017, Image-to-Image Translation with Conditional Adversarial Networks, section 3.1,
//! join an error of pixels to an adversarial loss likewise.)

mod networks;
mod trainer;

use burn::prelude::*;
use data::DataShape;
use engine::{ModelConfig, Trainer};
use protocol::{Problem, Support, check};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::gan::Objective;
use protocol::check::{learning_rate, positive};

/// The decoders double twice, the discriminator halves twice.
const MULTIPLE: usize = 4;

/// Settings of `puzzle_gan`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct PuzzleGanConfig {
    /// Channels of all networks at half size; twice as many at a quarter.
    channels: usize,
    /// Dimensions of a part's code.
    embed: usize,
    /// Number of latent dimensions, 1 to 65,536.
    latent: usize,
    /// The weight of the loss on the mask at the first step.
    mask: f64,
    /// The weight of the loss on what is inside the masks at the first step.
    appearance: f64,
    /// The weight of the squared error outside of the parts, at every step; 0 in the paper.
    outside: f64,
    /// What share of the weights on masks and on what is inside them is left at the end of their fall.
    fall_to: f64,
    /// Over how many steps they fall.
    fall_steps: usize,
    /// The share of the numbers of the parts' summed code that are dropped at each step.
    dropout: f64,
    /// What the generator that is used keeps of its average over earlier steps, 0 to below 1; 0 is the last step's.
    average: f64,
    /// What the two networks minimise: minimax, non_saturating, least_squares or hinge.
    objective: Objective,
    /// Learning rate of Adam for the generator, above 0, at most 10.
    lr_generator: f64,
    /// Learning rate of Adam for the discriminator, above 0, at most 10.
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
    const ABOUT: &'static str = "adversarial whole images, and a mask, of key parts without their places";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        if data.parts.is_none() {
            return Err(Problem::new("", "no parts are cut out of the images").help("use the data set `puzzle`"));
        }
        if data.support == Support::Real {
            return Err(Problem::new("", "the generator's pixels lie in [0, 1], the data's do not"));
        }
        if !data.height.is_multiple_of(MULTIPLE) || !data.width.is_multiple_of(MULTIPLE) {
            let message = format!("images of {}x{} are not reached by two doublings", data.height, data.width);
            return Err(Problem::new("", message).help(format!("sides that are multiples of {MULTIPLE}")));
        }
        positive("channels", self.channels)?;
        positive("embed", self.embed)?;
        positive("latent", self.latent)?;
        for (path, weight) in [("mask", self.mask), ("appearance", self.appearance), ("outside", self.outside)] {
            if !(0.0..=1_000.0).contains(&weight) {
                return Err(Problem::new(path, format!("{weight} is no weight of a loss")).help("from 0 to 1000"));
            }
        }
        if !(self.fall_to > 0.0 && self.fall_to <= 1.0) {
            return Err(Problem::new("fall_to", format!("{} is no share", self.fall_to)).help("above 0, at most 1"));
        }
        check::at_most("fall_steps", self.fall_steps, 100_000_000)?;
        ::nn::dropout::check("dropout", self.dropout)?;
        ::nn::average::check("average", self.average)?;
        self.objective.without_clipping()?;
        learning_rate("lr_generator", self.lr_generator)?;
        learning_rate("lr_discriminator", self.lr_discriminator)
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
        assert_eq!(problem.message, "no parts are cut out of the images");
        assert_eq!(problem.help.expect("advice"), "use the data set `puzzle`");
        let parts = Some(PartShape { count: 2, side: 2 });
        let problem = PuzzleGanConfig::default().check(&DataShape { parts, width: 7, ..bare }).expect_err("odd");
        assert_eq!(problem.message, "images of 8x7 are not reached by two doublings");
        assert!(PuzzleGanConfig::default().check(&DataShape { parts, ..bare }).is_ok());
    }
}
