//! Logistic autoregression of order N. The log-odds of a pixel are a linear function of the N pixels before it in
//! an ordering. Every pixel has its own weights.
//!
//! p(x_d = 1 | x_<d) = sigmoid(b_d + sum over j from max(1, d-N) to d-1 of W_dj x_j), hence
//! n + N (N - 1) / 2 + (n - N) N parameters. With N = n - 1 it is the fully visible sigmoid belief network (FVSBN).
//!
//! Frey, Hinton and Dayan, 1996, Does the wake-sleep algorithm produce good density estimators?,
//! section 3 (logistic autoregression); Neal, 1992, Connectionist learning of belief networks.
//!
//! # Departures from the papers
//! Adam on minibatches, no weight decay.

use ::nn::ordering::positions;
use ::nn::{Activation, Ordering, linear, uniform, upload};
use burn::module::{Module, Param};
use burn::prelude::*;
use data::{DataShape, Noise, Split};
use engine::{
    Autoregressive, Batch, Conditionals, ExplicitDensity, Family, GenerativeModel, Minimise, ModelConfig, Objective,
    ProductOfConditionals, Sampler, Scalars, Step, Trainer,
};
use protocol::{Problem, Support, check};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::bernoulli::{self, BernoulliLogits};

/// Settings of `ar`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct ArConfig {
    /// Number of preceding pixels that a pixel depends on, below the number of pixels; 0 = all of them.
    order: usize,
    /// Learning rate, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    lr: f64,
    /// Order in which pixels are generated: raster, reverse, column, spiral, random, centre_out, or a list of pixels.
    ordering: Ordering,
    /// Seed of a random ordering; part of the model, so that all seeds of a variant share one ordering.
    ordering_seed: u64,
}

impl Default for ArConfig {
    fn default() -> Self {
        Self { order: 0, lr: 1e-2, ordering: Ordering::Raster, ordering_seed: 0 }
    }
}

impl ModelConfig for ArConfig {
    const NAME: &'static str = "ar";
    const ABOUT: &'static str =
        "Logistic autoregression on the N preceding pixels, exact; with all of them, the FVSBN.";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        bernoulli::check_binary(data)?;
        self.ordering.check(data)?;
        let pixels = data.pixels();
        if self.order >= pixels {
            let problem = format!("order {} exceeds the pixels that precede one of {pixels}", self.order);
            return Err(Problem::new("order", problem).help(format!("use at most {}, or 0 for all", pixels - 1)));
        }
        check::learning_rate("lr", self.lr)
    }

    fn tiny() -> Vec<Self> {
        let lr = 3e-2;
        vec![Self { lr, ..Self::default() }, Self { order: 2, lr, ..Self::default() }]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        let adam = ::nn::adam(0.9);
        Box::new(Minimise::new(Ar::new(self, data, seed, device), adam, self.lr))
    }
}

#[derive(Module, Debug)]
struct Ar {
    /// W, `[pixel j, pixel d]` in raster positions: weight of pixel j in the log-odds of pixel d.
    weight: Param<Tensor<2>>,
    /// b, `[pixels]`.
    bias: Param<Tensor<1>>,
    /// 1 where pixel d depends on pixel j.
    mask: Tensor<2>,
    #[module(skip)]
    ordering: Vec<usize>,
    #[module(skip)]
    order: usize,
}

impl Ar {
    fn new(config: &ArConfig, data: &DataShape, seed: u64, device: &Device) -> Self {
        let pixels = data.pixels();
        let ordering = config.ordering.pixels(data, config.ordering_seed);
        let order = if config.order == 0 { pixels - 1 } else { config.order };
        let positions = positions(&ordering);
        let depends = |from: usize, at: usize| at < from && from - at <= order;
        let mask: Vec<f32> = (0..pixels * pixels)
            .map(|index| f32::from(u8::from(depends(positions[index % pixels], positions[index / pixels]))))
            .collect();
        Self {
            weight: uniform([pixels, pixels], 0.01, &mut Noise::new(seed, "ar/weights", 0), device),
            bias: Param::from_tensor(Tensor::zeros([pixels], device)),
            mask: Tensor::from_data(TensorData::new(mask, [pixels, pixels]), device),
            ordering,
            order,
        }
    }

    /// Log-odds of each pixel given the pixels before it, `[batch, pixels]`.
    fn logits(&self, x: Tensor<2>) -> BernoulliLogits {
        let weight = self.weight.val() * self.mask.clone();
        BernoulliLogits(linear(x, weight, self.bias.val(), Activation::Identity))
    }
}

impl Objective for Ar {
    fn loss(&self, batch: &Batch, _at: &Step) -> Scalars {
        let log_density = self.logits(batch.images.clone()).log_prob(batch.images.clone());
        Scalars(vec![("nll", log_density.mean().neg())])
    }
}

impl GenerativeModel for Ar {
    /// Number of weights that the mask keeps, plus the biases.
    fn parameters(&self) -> u64 {
        (0..self.ordering.len()).map(|position| 1 + position.min(self.order) as u64).sum()
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

impl Autoregressive for Ar {
    fn ordering(&self) -> Vec<usize> {
        self.ordering.clone()
    }

    fn conditionals(&self, images: &Split) -> Conditionals {
        let device = self.weight.val().device();
        Conditionals::bernoulli(self.logits(upload(images, &device)).read(), self.ordering.len())
    }

    /// Takes O(n N) operations per image: the log-odds of later pixels change only where a pixel is 1.
    fn sample_from(&self, uniforms: &[f32]) -> Split {
        let pixels = self.ordering.len();
        let weight = ::nn::to_host(self.weight.val() * self.mask.clone());
        let bias = ::nn::to_host(self.bias.val());
        let mut images = vec![0.0; uniforms.len()];
        for (image, draws) in images.chunks_exact_mut(pixels).zip(uniforms.chunks_exact(pixels)) {
            let mut logits = bias.clone();
            for (position, (&pixel, uniform)) in self.ordering.iter().zip(draws).enumerate() {
                image[pixel] = Family::Bernoulli.draw(&[logits[pixel]], *uniform);
                if image[pixel] > 0.5 {
                    let row = &weight[pixel * pixels..(pixel + 1) * pixels];
                    let last = (position + self.order + 1).min(pixels);
                    self.ordering[position + 1..last].iter().for_each(|&later| logits[later] += row[later]);
                }
            }
        }
        Split::new(images, pixels)
    }
}

impl ProductOfConditionals for Ar {
    fn support(&self) -> Support {
        Support::Binary
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_shape::shape;

    #[test]
    fn parameters_are_counted_as_the_formula_says() {
        let count = |order| Ar::new(&ArConfig { order, ..ArConfig::default() }, &shape(1, 4, 5), 0, &Device::flex());
        let (n, order) = (20, 6);
        assert_eq!(count(6).parameters(), n + order * (order - 1) / 2 + (n - order) * order);
        assert_eq!(count(0).parameters(), n * (n + 1) / 2, "FVSBN");
        let mask: f32 = count(6).mask.sum().into_scalar();
        assert_eq!(mask as u64 + n, count(6).parameters());
    }
}
