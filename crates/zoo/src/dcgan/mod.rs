//! The deep convolutional generative adversarial network.
//!
//! G grows an image from few places by deconvolutions, D takes it apart by convolutions; batch
//! normalisation after all layers but G's last and D's first. Objectives, steps and spectral
//! normalisation are [`crate::gan`]'s. Spectral normalisation and WGAN's clipping take the place of
//! batch normalisation in D.
//!
//! Radford, Metz and Chintala, 2016, Unsupervised Representation Learning with Deep Convolutional
//! Generative Adversarial Networks, section 3.
//!
//! # Departures from the paper
//! Pixels end in a sigmoid over `[0, 1]` instead of tanh; z is Gaussian instead of uniform; weights
//! are drawn by Glorot's rule, 4x4 kernels instead of 5x5. Images need not be 64x64: the sides are
//! halved until few places are left, 28 to 7.

mod networks;

use ::nn::Halvings;
use burn::prelude::*;
use data::{DataShape, Noise};
use engine::{ModelConfig, Trainer};
use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::networks::Discriminator;
pub(crate) use self::networks::{Convolutions, Generator, Held};
use crate::gan::{Game, GanTrainer, Objective};
use protocol::check::positive;

/// Sides of images that the networks are meant for.
const SIDES: std::ops::RangeInclusive<usize> = 8..=64;

/// Settings of `dcgan`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct DcganConfig {
    /// Feature maps next to the image; twice as many after each halving. 64 in the paper, or 128 in G.
    channels: usize,
    /// Dimensions of z.
    latent: usize,
    /// What D and G minimise: minimax, non_saturating, least_squares, hinge or wgan.
    objective: Objective,
    /// Steps of D for each step of G, each on a batch of its own.
    critic_steps: usize,
    /// With wgan, where D's weights are clipped.
    clip: f64,
    /// Whether D's layers are spectrally normalised, instead of normalised over the batch.
    spectral: bool,
    /// Learning rate of G's Adam.
    lr_generator: f64,
    /// Learning rate of D's Adam.
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
    const ABOUT: &'static str = "adversarial network of convolutions, for images of 8x8 to 64x64, grey or RGB";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        self.game().check(data)?;
        positive("latent", self.latent)?;
        positive("channels", self.channels)?;
        if ![data.height, data.width].iter().all(|side| SIDES.contains(side)) {
            let what = format!("images of {}x{} are not the size that these networks are for", data.height, data.width);
            return Err(Problem::new("", what).help("sides of 8 to 64; `gan` takes any"));
        }
        Halvings::check(data, "")
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
    use protocol::Support;

    #[test]
    fn images_that_deconvolutions_do_not_reach_are_refused_with_advice() {
        let told = |channels, height, width| {
            let data = DataShape::new([channels, height, width], Support::Continuous, [8, 8, 8]);
            DcganConfig::default().check(&data).map_err(|problem| problem.message)
        };
        for (channels, side) in [(1, 8), (3, 16), (1, 28), (3, 32), (3, 64)] {
            assert_eq!(told(channels, side, side), Ok(()));
        }
        let expected = "images of 27x28 have an odd side, and the network halves both sides";
        assert_eq!(told(1, 27, 28).expect_err("odd"), expected);
        assert_eq!(told(1, 4, 4).expect_err("small"), "images of 4x4 are not the size that these networks are for");
        let real = DataShape::new([1, 8, 8], Support::Real, [8, 8, 8]);
        assert!(DcganConfig::default().check(&real).is_err());
    }

    #[test]
    fn networks_have_the_papers_parameters() {
        let device = Device::flex().autodiff();
        let config = DcganConfig { channels: 64, latent: 100, ..DcganConfig::default() };
        let data = DataShape::new([3, 64, 64], Support::Continuous, [8, 8, 8]);
        let (generator, discriminator) = config.networks(&data, 0, &device);
        // Maps of 512, 256, 128, 64 and 3; a scale and a shift after each but the last, which has a bias.
        let kernels = 16 * (512 * 256 + 256 * 128 + 128 * 64 + 64 * 3);
        let expected = 100 * 16 * 512 + kernels + 2 * (512 + 256 + 128 + 64) + 3;
        assert_eq!(::nn::parameter_count(&generator), expected);
        // The score reads 4x4 places of 512 maps; the first layer has a bias, the others scales and shifts.
        let expected = kernels + 64 + 2 * (128 + 256 + 512) + 16 * 512 + 1;
        assert_eq!(::nn::parameter_count(&discriminator), expected);
    }
}
