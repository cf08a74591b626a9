//! Discriminator network, and its capabilities together with the generator.

use ::nn::{Dense, centred, upload};
use burn::module::Module;
use burn::prelude::*;
use data::{DataShape, Noise, Split};
use engine::{Critic, ExplicitDensity, GenerativeModel, Sampler};

use super::CriticConfig;
use crate::latent::Perceptron;

/// Number of images per chunk of an evaluation.
const IMAGES: usize = 4_096;

/// Discriminator.
#[derive(Module, Debug)]
pub(crate) struct Network {
    hidden: Perceptron,
    score: Dense,
    #[module(skip)]
    device: Device,
}

impl Network {
    pub(super) fn new(config: &CriticConfig, data: &DataShape, noise: &mut Noise, device: &Device) -> Self {
        let (hidden, width) = Perceptron::new(data.pixels(), config.hidden, config.layers, noise, device);
        let score = Dense::new(width, 1, noise, device);
        Self { hidden, score, device: device.clone().inner() }
    }

    /// Log-odds of being data, `[batch, 1]`, from the centred pixels.
    pub(crate) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.score.forward(self.hidden.forward(centred(x)))
    }
}

/// Discriminator with the generator against which it was trained.
pub(super) struct TrainedCritic {
    pub(super) network: Network,
    pub(super) generator: Box<dyn GenerativeModel>,
}

impl GenerativeModel for TrainedCritic {
    fn parameters(&self) -> u64 {
        ::nn::parameter_count(&self.network)
    }

    fn critic(&self) -> Option<&dyn Critic> {
        Some(self)
    }
}

impl Critic for TrainedCritic {
    fn log_odds(&self, images: &Split) -> Vec<f64> {
        let all: Vec<usize> = (0..images.len()).collect();
        let score = |chunk: &[usize]| {
            let scores = self.network.forward(upload(&images.select(chunk), &self.network.device));
            scores.into_data().iter::<f32>().map(f64::from).collect::<Vec<_>>()
        };
        all.chunks(IMAGES).flat_map(score).collect()
    }

    fn generator_density(&self) -> &dyn ExplicitDensity {
        self.generator.density().expect("every generator here has a density")
    }

    fn generator_sampler(&self) -> &dyn Sampler {
        sampler(&*self.generator)
    }
}

/// Sampler of the generator.
pub(super) fn sampler(generator: &dyn GenerativeModel) -> &dyn Sampler {
    generator.sampler().expect("every generator here can be sampled")
}

#[cfg(test)]
mod tests {
    use engine::ModelConfig;

    use super::*;
    use crate::test_shape::{centres_pixels, shape};

    #[test]
    fn the_discriminator_sees_centred_pixels() {
        let data = shape(1, 3, 3);
        let config = CriticConfig::tiny().swap_remove(0);
        let network = Network::new(&config, &data, &mut Noise::new(0, "test", 0), &Device::flex());
        assert!(centres_pixels(|x| network.forward(x), &data));
    }
}
