//! Discriminator that is linear in products of pairs of pixels, against uniform noise.
//!
//! On images of the Ising model it can be optimal: the log-odds of the optimum are a sum over pairs of neighbours.

use burn::prelude::Device;
use data::{DataShape, Noise, Split};
use engine::{Critic, ExplicitDensity, GenerativeModel, ModelConfig, Sampler, Trainer};
use protocol::{Optim, Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::descent::{Descent, DescentTrainer};
use super::{sigmoid, softplus};

/// Settings of a discriminator of pairs.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PairCritic {
    /// Learning rate of Adam.
    pub lr: f64,
}

impl Default for PairCritic {
    fn default() -> Self {
        Self { lr: 0.01 }
    }
}

impl ModelConfig for PairCritic {
    const NAME: &'static str = "laws_pair_critic";
    const ABOUT: &'static str = "Discriminator of pairs of pixels, against uniform noise.";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        super::check_binary(data)?;
        super::check_lr(self.lr)
    }

    fn check_optim(&self, optim: &Optim) -> Result<(), Problem> {
        super::own_adam(optim)
    }

    fn tiny() -> Vec<Self> {
        vec![Self::default()]
    }

    fn build(&self, data: &DataShape, seed: u64, _device: &Device) -> Box<dyn Trainer> {
        let pixels = data.pixels();
        let normals = Noise::new(seed, "laws_pair_critic/weights", 0).normals(1 + pixels + pixels * (pixels - 1) / 2);
        let weights = normals.into_iter().map(|normal| 0.01 * f64::from(normal)).collect();
        Box::new(DescentTrainer::new(Network { uniform: Uniform { pixels }, weights }, self.lr))
    }
}

/// Weights of 1, of every pixel and of every pair of pixels, as spins of -1 and 1.
#[derive(Clone)]
struct Network {
    uniform: Uniform,
    weights: Vec<f64>,
}

fn features(image: &[f32]) -> Vec<f64> {
    let spins: Vec<f64> = image.iter().map(|pixel| 2.0 * f64::from(*pixel) - 1.0).collect();
    let pairs = (0..spins.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
    let mut features = vec![1.0];
    features.extend(&spins);
    features.extend(pairs.map(|(a, b)| spins[a] * spins[b]));
    features
}

impl Network {
    fn odds(&self, features: &[f64]) -> f64 {
        self.weights.iter().zip(features).map(|(weight, feature)| weight * feature).sum()
    }
}

impl Descent for Network {
    fn weights(&self) -> &Vec<f64> {
        &self.weights
    }

    fn weights_mut(&mut self) -> &mut Vec<f64> {
        &mut self.weights
    }

    /// Loss -E_d log D - E_g log(1 - D), with as many samples as images.
    fn gradient(&self, images: &Split, noise: &mut Noise) -> (f64, Vec<f64>) {
        let share = 1.0 / images.len() as f64;
        let (mut loss, mut gradient) = (0.0, vec![0.0; self.weights.len()]);
        let fake = self.uniform.sample(images.len(), noise);
        let labelled = images.images().map(|image| (image, 1.0)).chain(fake.images().map(|image| (image, -1.0)));
        for (image, sign) in labelled {
            let features = features(image);
            let odds = self.odds(&features);
            loss += share * softplus(-sign * odds);
            let error = -sign * share * sigmoid(-sign * odds);
            gradient.iter_mut().zip(features).for_each(|(slope, feature)| *slope += error * feature);
        }
        (loss, gradient)
    }
}

impl GenerativeModel for Network {
    fn parameters(&self) -> u64 {
        self.weights.len() as u64
    }

    fn critic(&self) -> Option<&dyn Critic> {
        Some(self)
    }
}

impl Critic for Network {
    fn log_odds(&self, images: &Split) -> Vec<f64> {
        images.images().map(|image| self.odds(&features(image))).collect()
    }

    fn generator_density(&self) -> &dyn ExplicitDensity {
        &self.uniform
    }

    fn generator_sampler(&self) -> &dyn Sampler {
        &self.uniform
    }
}

/// Uniform distribution over binary images.
#[derive(Clone)]
struct Uniform {
    pixels: usize,
}

impl ExplicitDensity for Uniform {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        vec![-(self.pixels as f64) * 2f64.ln(); images.len()]
    }
}

impl Sampler for Uniform {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        Split::new((0..count * self.pixels).map(|_| f32::from(u8::from(noise.bernoulli(0.5)))).collect(), self.pixels)
    }
}

#[cfg(test)]
mod tests {
    use super::super::descent::tests::check_gradient;
    use super::*;

    #[test]
    fn the_gradient_is_that_of_the_loss() {
        let weights = Noise::new(1, "test", 0).normals(22).into_iter().map(|normal| 0.3 * f64::from(normal)).collect();
        check_gradient(&Network { uniform: Uniform { pixels: 6 }, weights }, &crate::data::binary().test.take(8));
    }
}
