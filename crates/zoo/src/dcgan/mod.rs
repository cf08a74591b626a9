//! DCGAN, the deep convolutional generative adversarial network.
//!
//! The generator G computes an image from a small grid by deconvolutions; the discriminator D computes a score by
//! convolutions. Batch normalisation follows all layers except the last of G and the first of D. Objectives, step
//! counts and spectral normalisation are those of [`crate::gan`]. In D, spectral normalisation or the clipping of WGAN
//! replaces batch normalisation.
//!
//! Radford, Metz and Chintala, 2016, Unsupervised Representation Learning with Deep Convolutional
//! Generative Adversarial Networks, section 3.
//!
//! # Departures from the paper
//! A sigmoid over `[0, 1]` instead of tanh at the output of G, and the map from `[0, 1]` to `[-1, 1]` at the input of D;
//! Gaussian instead of uniform z; weights drawn by the rule of Glorot; 4x4 instead of 5x5 kernels. Images need not be
//! 64x64: the sides are halved until at most 9 remain, 28 to 7.
//!
//! Learning rates of 1e-3 for G and 2e-4 for D, as in InfoGAN (Chen et al., 2016, appendix C.1), instead of 2e-4 for
//! both; batches of 64 by default instead of 128. WGAN departs from its paper as in `gan`.

mod networks;

use ::nn::Halvings;
use burn::prelude::*;
use data::{DataShape, Noise};
use engine::{ModelConfig, Trainer};
use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::networks::Discriminator;
pub(crate) use self::networks::{Convolutions, Generator, Normalisation};
use crate::gan::{Game, GanTrainer, Objective};
use protocol::check::positive;

/// Image sides that the networks accept, in pixels.
const SIDES: std::ops::RangeInclusive<usize> = 8..=64;

/// Settings of `dcgan`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct DcganConfig {
    /// Number of channels at half the image size, 1 to 65,536; each further halving doubles it. 64 to 128 in the paper.
    #[schemars(range(min = 1, max = 65_536))]
    channels: usize,
    /// Number of latent dimensions, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    latent: usize,
    /// Loss of generator and discriminator: minimax, non_saturating, least_squares, hinge or wgan.
    objective: Objective,
    /// Number of discriminator steps per generator step, each on its own batch, 1 to 100. A training step has one generator
    /// step.
    #[schemars(range(min = 1, max = 100))]
    critic_steps: usize,
    /// Bound on the absolute discriminator weights with wgan, above 0, at most 1.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1))]
    clip: f64,
    /// Uses spectral instead of batch normalisation in the discriminator: true or false; not with wgan.
    spectral: bool,
    /// Learning rate for the generator, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    lr_generator: f64,
    /// Learning rate for the discriminator, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    lr_discriminator: f64,
}

impl Default for DcganConfig {
    fn default() -> Self {
        Self {
            channels: 32,
            latent: 64,
            objective: Objective::NonSaturating,
            critic_steps: 1,
            clip: 0.01,
            spectral: false,
            lr_generator: 1e-3,
            lr_discriminator: 2e-4,
        }
    }
}

impl DcganConfig {
    fn game(&self) -> Game {
        let Self { objective, critic_steps, clip, spectral, lr_generator, lr_discriminator, .. } = *self;
        Game { objective, critic_steps, clip, spectral, lr_generator, lr_discriminator }
    }

    fn networks(&self, data: &DataShape, seed: u64, device: &Device) -> (Generator, Discriminator) {
        let mut noise = Noise::new(seed, "dcgan/weights", 0);
        let generator = Generator::new(self.latent, self.channels, data, &mut noise, device);
        (generator, Discriminator::new(self, data, &mut noise, device))
    }
}

impl ModelConfig for DcganConfig {
    const NAME: &'static str = "dcgan";
    const ABOUT: &'static str =
        "Generative adversarial network of convolutions, for images of 8x8 to 64x64, grey or RGB; samples, no density.";
    // 2: the discriminator sees pixels in [-1, 1], and a step is one of the generator whatever `critic_steps`.
    const VERSION: u32 = 2;

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        self.game().check(data)?;
        positive("latent", self.latent)?;
        positive("channels", self.channels)?;
        if ![data.height, data.width].iter().all(|side| SIDES.contains(side)) {
            let what = format!("images of {}x{} are outside of the supported sizes", data.height, data.width);
            return Err(Problem::new("", what).help("use sides of 8 to 64, or `gan`, which accepts all sizes"));
        }
        Halvings::check(data, "")
    }

    fn batches_per_step(&self) -> usize {
        self.critic_steps
    }

    fn tiny() -> Vec<Self> {
        let tiny = Self { channels: 4, latent: 4, lr_generator: 5e-3, lr_discriminator: 1e-3, ..Self::default() };
        vec![
            tiny.clone(),
            Self { objective: Objective::Hinge, spectral: true, ..tiny.clone() },
            Self { objective: Objective::Wgan, critic_steps: 2, lr_discriminator: 5e-3, ..tiny },
        ]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        let (generator, discriminator) = self.networks(data, seed, device);
        Box::new(GanTrainer::new(self.game(), generator, discriminator))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gan::Discriminate;
    use crate::test_shape::{centres_pixels, shape};
    use protocol::Support;

    #[test]
    fn the_discriminator_sees_centred_pixels() {
        let data = shape(1, 8, 8);
        for config in DcganConfig::tiny() {
            let (_, discriminator) = config.networks(&data, 0, &Device::flex());
            assert!(centres_pixels(|x| discriminator.forward(x, &mut Noise::new(1, "test", 0)), &data), "{config:?}");
        }
    }

    #[test]
    fn images_of_unsupported_sizes_are_refused() {
        let check = |channels, height, width| {
            let data = DataShape::new([channels, height, width], Support::Continuous, [8, 8, 8]);
            DcganConfig::default().check(&data).map_err(|problem| problem.message)
        };
        for (channels, side) in [(1, 8), (3, 16), (1, 28), (3, 32), (3, 64)] {
            assert_eq!(check(channels, side, side), Ok(()));
        }
        let expected = "images of 27x28 have an odd side, and the network halves both sides";
        assert_eq!(check(1, 27, 28).expect_err("odd"), expected);
        assert_eq!(check(1, 4, 4).expect_err("small"), "images of 4x4 are outside of the supported sizes");
        let real = DataShape::new([1, 8, 8], Support::Real, [8, 8, 8]);
        assert!(DcganConfig::default().check(&real).is_err());
    }

    #[test]
    fn networks_have_as_many_parameters_as_in_the_paper() {
        let device = Device::flex().autodiff();
        let config = DcganConfig { channels: 64, latent: 100, ..DcganConfig::default() };
        let data = DataShape::new([3, 64, 64], Support::Continuous, [8, 8, 8]);
        let (generator, discriminator) = config.networks(&data, 0, &device);
        // Channels: 512, 256, 128, 64 and 3; a scale and a shift after each layer except the last, which has a bias.
        let kernels = 16 * (512 * 256 + 256 * 128 + 128 * 64 + 64 * 3);
        let expected = 100 * 16 * 512 + kernels + 2 * (512 + 256 + 128 + 64) + 3;
        assert_eq!(::nn::parameter_count(&generator), expected);
        // The score reads 4x4 positions of 512 channels; the first layer has a bias, the others scales and shifts.
        let expected = kernels + 64 + 2 * (128 + 256 + 512) + 16 * 512 + 1;
        assert_eq!(::nn::parameter_count(&discriminator), expected);
    }
}
