//! MADE, the masked autoencoder for distribution estimation.
//!
//! p(x) = prod_d p(x_d | x_<d). The weights of a feed-forward network are masked so that output d depends only on the
//! inputs before d. Every hidden unit has a degree m: it is connected to inputs and hidden units of degree at most m,
//! and to outputs of degree above m. All conditionals come from one forward pass.
//!
//! Germain, Gregor, Murray and Larochelle, 2015, MADE: Masked Autoencoder for Distribution
//! Estimation, eq. 12 to 14 (masks), section 4.3 (connectivity-agnostic training), section 6
//! (averaging over masks), and direct connections from input to output as in its experiments.
//!
//! # Departures from the paper
//! Adam instead of Adagrad; uniform Glorot initialisation instead of orthogonal. All masks share one ordering, so that
//! the average over masks of a conditional is a conditional and the density is exact.

mod capabilities;
mod masks;
mod sampler;

use ::nn::{Activation, Ordering, linear, uniform};
use burn::module::{Module, Param};
use burn::prelude::*;
use data::{DataShape, Noise};
use engine::{Batch, Family, Minimise, ModelConfig, Objective, Scalars, Step, Trainer, log_sum_exp};
use protocol::{Problem, check};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::masks::Degrees;
use crate::bernoulli::{self, BernoulliLogits};
use crate::faults::made_targets;

/// Settings of `made`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct MadeConfig {
    /// Number of hidden units per layer, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    hidden: usize,
    /// Number of hidden layers, 1 to 8.
    #[schemars(range(min = 1, max = 8))]
    layers: usize,
    /// Number of mask sets, 1 to 64: training cycles through them, evaluation averages over them.
    #[schemars(range(min = 1, max = 64))]
    masks: usize,
    /// Adds direct connections from inputs to outputs: true or false.
    direct: bool,
    /// Learning rate, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    lr: f64,
    /// Order in which pixels are generated: raster, reverse, column, spiral, random, centre_out, or a list of pixels.
    ordering: Ordering,
    /// Seed of a random ordering; part of the model, so that all seeds of a variant share one ordering.
    ordering_seed: u64,
    /// Seed of the masks; part of the model, so that all seeds of a variant share the masks.
    mask_seed: u64,
}

impl Default for MadeConfig {
    fn default() -> Self {
        Self {
            hidden: 500,
            layers: 1,
            masks: 1,
            direct: true,
            lr: 1e-3,
            ordering: Ordering::Raster,
            ordering_seed: 0,
            mask_seed: 0,
        }
    }
}

impl ModelConfig for MadeConfig {
    const NAME: &'static str = "made";
    const ABOUT: &'static str = "Masked autoencoder over binary pixels, exact; all conditionals in one forward pass.";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        bernoulli::check_binary(data)?;
        self.ordering.check(data)?;
        check::positive("hidden", self.hidden)?;
        check::at_most("layers", self.layers, 8)?;
        check::at_most("masks", self.masks, 64)?;
        check::learning_rate("lr", self.lr)
    }

    fn tiny() -> Vec<Self> {
        let tiny = Self { hidden: 16, lr: 1e-2, ..Self::default() };
        vec![Self { direct: false, ..tiny.clone() }, Self { layers: 2, masks: 3, ..tiny }]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        let adam = ::nn::adam(0.9);
        Box::new(Minimise::new(Made::new(self, data, seed, device), adam, self.lr))
    }
}

#[derive(Module, Debug)]
struct Layer {
    /// Weights before the mask, `[inputs, outputs]`.
    weight: Param<Tensor<2>>,
    /// Bias, `[outputs]`.
    bias: Param<Tensor<1>>,
}

impl Layer {
    fn new(inputs: usize, outputs: usize, noise: &mut Noise, device: &Device) -> Self {
        let bound = (6.0 / (inputs + outputs) as f32).sqrt();
        Self {
            weight: uniform([inputs, outputs], bound, noise, device),
            bias: Param::from_tensor(Tensor::zeros([outputs], device)),
        }
    }

    fn forward_then(&self, x: Tensor<2>, mask: &Tensor<2>, activation: Activation) -> Tensor<2> {
        linear(x, self.weight.val() * mask.clone(), self.bias.val(), activation)
    }
}

/// One set of masks: one per layer, the last for the output layer.
#[derive(Module, Debug)]
struct MaskSet {
    layers: Vec<Tensor<2>>,
}

#[derive(Module, Debug)]
struct Made {
    /// The hidden layers, then the output layer.
    layers: Vec<Layer>,
    /// Optional weights from inputs to outputs, `[pixels, pixels]`.
    direct: Option<Param<Tensor<2>>>,
    direct_mask: Tensor<2>,
    masks: Vec<MaskSet>,
    #[module(skip)]
    degrees: Vec<Degrees>,
    #[module(skip)]
    ordering: Vec<usize>,
}

impl Made {
    fn new(config: &MadeConfig, data: &DataShape, seed: u64, device: &Device) -> Self {
        let pixels = data.pixels();
        let ordering = config.ordering.pixels(data, config.ordering_seed);
        let mut noise = Noise::new(seed, "made/weights", 0);
        let mut inputs = pixels;
        let mut layers = Vec::new();
        for _ in 0..config.layers {
            layers.push(Layer::new(inputs, config.hidden, &mut noise, device));
            inputs = config.hidden;
        }
        layers.push(Layer::new(inputs, pixels, &mut noise, device));
        let degrees: Vec<Degrees> = (0..config.masks)
            .map(|set| {
                let mut noise = Noise::new(config.mask_seed, "made/masks", set as u64);
                Degrees::new(&ordering, config.layers, config.hidden, &mut noise)
            })
            .collect();
        let tensor = |mask: masks::Mask| {
            let shape = [mask.inputs, mask.outputs];
            Tensor::from_data(TensorData::new(mask.values, shape), device)
        };
        Self {
            layers,
            direct: config.direct.then(|| Param::from_tensor(Tensor::zeros([pixels, pixels], device))),
            direct_mask: tensor(degrees[0].direct()),
            masks: degrees
                .iter()
                .map(|degrees| MaskSet { layers: degrees.masks().into_iter().map(tensor).collect() })
                .collect(),
            degrees,
            ordering,
        }
    }

    /// Last hidden layer under one set of masks, `[batch, hidden]`.
    fn hidden(&self, x: Tensor<2>, set: usize) -> Tensor<2> {
        let last = self.layers.len() - 1;
        let layers = self.layers[..last].iter().zip(&self.masks[set].layers);
        layers.fold(x, |below, (layer, mask)| layer.forward_then(below, mask, Activation::Relu))
    }

    /// Log-odds of each pixel given the pixels before it under one set of masks, `[batch, pixels]`.
    fn logits(&self, x: Tensor<2>, set: usize) -> BernoulliLogits {
        let last = self.layers.len() - 1;
        let (hidden, mask) = (self.hidden(x.clone(), set), &self.masks[set].layers[last]);
        let mut logits = self.layers[last].forward_then(hidden, mask, Activation::Identity);
        if let Some(direct) = &self.direct {
            logits = logits + x.matmul(direct.val() * self.direct_mask.clone());
        }
        BernoulliLogits(logits)
    }
}

/// Log-odds of the mean probability of each pixel over several log-odds.
fn average(log_odds: &[Vec<f32>]) -> Vec<f32> {
    if let [only] = log_odds {
        return only.clone();
    }
    (0..log_odds[0].len()).map(|pixel| mean_odds(log_odds.iter().map(|set| set[pixel]))).collect()
}

/// Log-odds of the mean of sigmoids: log sum p - log sum (1 - p), without overflow.
fn mean_odds(log_odds: impl Iterator<Item = f32> + Clone) -> f32 {
    let log_sigmoid = |x: f32| Family::Bernoulli.log_prob(&[x], 1.0);
    (log_sum_exp(log_odds.clone().map(log_sigmoid)) - log_sum_exp(log_odds.map(|x| log_sigmoid(-x)))) as f32
}

impl Objective for Made {
    fn loss(&self, batch: &Batch, at: &Step) -> Scalars {
        let set = (at.index % self.masks.len() as u64) as usize;
        let log_density = self.logits(batch.images.clone(), set).log_prob(made_targets(batch.images.clone()));
        Scalars(vec![("nll", log_density.mean().neg())])
    }
}
