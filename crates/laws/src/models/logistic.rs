//! Logistic regression of every pixel on the pixels before it.
//!
//! Frey, Hinton and Dayan, 1996, Does the wake-sleep algorithm produce good density estimators?, on fully visible
//! sigmoid belief networks.

use burn::prelude::Device;
use data::{DataShape, Noise, Split};
use engine::{Autoregressive, Conditionals, ExplicitDensity, Family, GenerativeModel, ModelConfig, Sampler, Trainer};
use protocol::{Optim, Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::descent::{Descent, DescentTrainer};
use super::{log_bernoulli, sigmoid};

/// Settings of the logistic regressions.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Logistic {
    /// Learning rate of Adam.
    pub lr: f64,
    /// Order in which pixels are generated.
    pub ordering: Order,
}

/// Order of the pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// From the first pixel to the last.
    #[default]
    Raster,
    /// From the last pixel to the first.
    Reverse,
}

impl Default for Logistic {
    fn default() -> Self {
        Self { lr: 0.05, ordering: Order::Raster }
    }
}

impl ModelConfig for Logistic {
    const NAME: &'static str = "laws_logistic";
    const ABOUT: &'static str = "Logistic regression of every pixel on the pixels before it.";

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
        let mut ordering: Vec<usize> = (0..pixels).collect();
        if self.ordering == Order::Reverse {
            ordering.reverse();
        }
        let normals = Noise::new(seed, "laws_logistic/weights", 0).normals(pixels * (pixels + 1));
        let weights = normals.into_iter().map(|normal| 0.1 * f64::from(normal)).collect();
        Box::new(DescentTrainer::new(Network { ordering, weights }, self.lr))
    }
}

/// Bias per position, then a row of weights per position; only the weights of earlier positions are used.
#[derive(Clone)]
struct Network {
    ordering: Vec<usize>,
    weights: Vec<f64>,
}

impl Network {
    /// Log-odds of the pixel at `position`, given the pixels before it.
    fn odds(&self, position: usize, image: &[f32]) -> f64 {
        let pixels = self.ordering.len();
        let row = &self.weights[pixels * (position + 1)..];
        let before = self.ordering[..position].iter().zip(row).map(|(pixel, weight)| f64::from(image[*pixel]) * weight);
        self.weights[position] + before.sum::<f64>()
    }

    fn log_odds(&self, position: usize, image: &[f32]) -> f32 {
        self.odds(position, image) as f32
    }
}

impl Descent for Network {
    fn weights(&self) -> &Vec<f64> {
        &self.weights
    }

    fn weights_mut(&mut self) -> &mut Vec<f64> {
        &mut self.weights
    }

    /// Mean NLL in nats, and its gradient.
    fn gradient(&self, images: &Split, _noise: &mut Noise) -> (f64, Vec<f64>) {
        let (pixels, share) = (self.ordering.len(), 1.0 / images.len() as f64);
        let (mut loss, mut gradient) = (0.0, vec![0.0; self.weights.len()]);
        for image in images.images() {
            for (position, &pixel) in self.ordering.iter().enumerate() {
                let odds = self.odds(position, image);
                loss -= share * log_bernoulli(odds, image[pixel]);
                let error = share * (sigmoid(odds) - f64::from(image[pixel]));
                gradient[position] += error;
                for (before, &other) in self.ordering[..position].iter().enumerate() {
                    gradient[pixels * (position + 1) + before] += error * f64::from(image[other]);
                }
            }
        }
        (loss, gradient)
    }
}

impl GenerativeModel for Network {
    fn parameters(&self) -> u64 {
        let pixels = self.ordering.len() as u64;
        pixels + pixels * (pixels - 1) / 2
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }

    fn density(&self) -> Option<&dyn ExplicitDensity> {
        Some(self)
    }

    fn autoregressive(&self) -> Option<&dyn Autoregressive> {
        Some(self)
    }
}

impl ExplicitDensity for Network {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        self.conditionals(images).log_density(images)
    }
}

impl Sampler for Network {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        self.sample_from(&noise.uniforms(count * self.ordering.len()))
    }
}

impl Autoregressive for Network {
    fn ordering(&self) -> Vec<usize> {
        self.ordering.clone()
    }

    fn conditionals(&self, images: &Split) -> Conditionals {
        let pixels = self.ordering.len();
        let mut log_odds = vec![0.0; images.pixels.len()];
        for (log_odds, image) in log_odds.chunks_exact_mut(pixels).zip(images.images()) {
            for (position, &pixel) in self.ordering.iter().enumerate() {
                log_odds[pixel] = self.log_odds(position, image);
            }
        }
        Conditionals::bernoulli(log_odds, pixels)
    }

    fn sample_from(&self, uniforms: &[f32]) -> Split {
        let pixels = self.ordering.len();
        let mut images = vec![0.0; uniforms.len()];
        for (image, draws) in images.chunks_exact_mut(pixels).zip(uniforms.chunks_exact(pixels)) {
            for (position, uniform) in draws.iter().enumerate() {
                image[self.ordering[position]] = Family::Bernoulli.draw(&[self.log_odds(position, image)], *uniform);
            }
        }
        Split::new(images, pixels)
    }
}

#[cfg(test)]
mod tests {
    use super::super::descent::tests::check_gradient;
    use super::*;

    #[test]
    fn the_gradient_is_that_of_the_loss() {
        let weights = Noise::new(1, "test", 0).normals(42).into_iter().map(f64::from).collect();
        check_gradient(&Network { ordering: vec![2, 0, 1, 5, 4, 3], weights }, &crate::data::binary().test.take(8));
    }
}
