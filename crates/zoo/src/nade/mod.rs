//! NADE, the neural autoregressive distribution estimator.
//!
//! p(x) = prod_d p(x_d | x_<d) along an ordering. The hidden layer is updated from pixel to pixel instead of
//! recomputed: a_1 = c; h_d = sigmoid(a_d); p(x_d = 1 | x_<d) = sigmoid(b_d + V_d . h_d); a_{d+1} = a_d + W_d x_d.
//! 2nh + n + h parameters.
//!
//! Larochelle and Murray, 2011, The Neural Autoregressive Distribution Estimator, section 3. With `orderless`, one or
//! two hidden layers are trained for all orderings: see [`orderless`].
//!
//! # Departures from the paper
//! Adam instead of SGD with a decreasing rate; a raster ordering by default instead of a random one.
//!
//! # Computation
//! On the CPU, [`scan`] trains and evaluates by the recursion of the paper with its own backward pass. On a GPU,
//! [`Nade::logits`] does so with plain tensor operations; it is also the oracle of the tests.

mod capabilities;
mod gradients;
mod network;
mod orderless;
mod scan;
#[cfg(test)]
mod tests;

use ::nn::Ordering;
use burn::module::{Module, Param};
use burn::prelude::*;
use data::DataShape;
use engine::{Minimise, ModelConfig, Trainer};
use protocol::{Problem, check};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::orderless::Orderless;
use crate::bernoulli;
use engine::HostTrainer;

/// Settings of `nade`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct NadeConfig {
    /// Number of hidden units per layer, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    hidden: usize,
    /// Number of hidden layers: 1, or 2 if `orderless` is true.
    #[schemars(range(min = 1, max = 2))]
    layers: usize,
    /// Trains one network for all orderings (DeepNADE): true or false.
    orderless: bool,
    /// Number of orderings over which the density is averaged (EoNADE), 1 to 128; above 1 only if `orderless` is true.
    #[schemars(range(min = 1, max = 128))]
    ensemble: usize,
    /// Learning rate, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    lr: f64,
    /// Order in which pixels are generated: raster, reverse, column, spiral, random, centre_out, or a list of pixels.
    ordering: Ordering,
    /// Seed of a random ordering; part of the model, so that all seeds of a variant share one ordering.
    ordering_seed: u64,
}

impl Default for NadeConfig {
    fn default() -> Self {
        Self {
            hidden: 500,
            layers: 1,
            orderless: false,
            ensemble: 1,
            lr: 1e-3,
            ordering: Ordering::Raster,
            ordering_seed: 0,
        }
    }
}

impl ModelConfig for NadeConfig {
    const NAME: &'static str = "nade";
    const ABOUT: &'static str = "Neural autoregressive density over binary pixels, exact; 2nh + n + h parameters.";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        bernoulli::check_binary(data)?;
        self.ordering.check(data)?;
        check::positive("hidden", self.hidden)?;
        check::at_most("layers", self.layers, 2)?;
        check::at_most("ensemble", self.ensemble, 128)?;
        for (path, count) in [("layers", self.layers), ("ensemble", self.ensemble)] {
            if count > 1 && !self.orderless {
                let problem = format!("{path} {count} needs a network that was trained for all orderings");
                return Err(Problem::new(path, problem).help(format!("set `orderless: true`, or `{path}: 1`")));
            }
        }
        check::learning_rate("lr", self.lr)
    }

    fn tiny() -> Vec<Self> {
        let orderless = Self { hidden: 32, orderless: true, lr: 1e-2, ..Self::default() };
        vec![Self { hidden: 8, ..Self::default() }, orderless.clone(), Self { layers: 2, ensemble: 3, ..orderless }]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        let optimiser = ::nn::adam(0.9);
        if self.orderless {
            return Box::new(Minimise::new(Orderless::new(self, data, seed, device), optimiser, self.lr));
        }
        let model = Nade::new(self, data, seed, device);
        if model.is_on_cpu() {
            return Box::new(HostTrainer::new(model, optimiser, self.lr));
        }
        Box::new(Minimise::new(model, optimiser, self.lr))
    }
}

#[derive(Module, Debug)]
struct Nade {
    /// W, `[pixels, hidden]`; row d belongs to the pixel at position d.
    input: Param<Tensor<2>>,
    /// c, `[hidden]`.
    input_bias: Param<Tensor<1>>,
    /// V, `[pixels, hidden]`.
    output: Param<Tensor<2>>,
    /// b, `[pixels]`.
    output_bias: Param<Tensor<1>>,
    #[module(skip)]
    ordering: Vec<usize>,
}
