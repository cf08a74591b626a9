//! RNADE: NADE for real values, a mixture of K Gaussians for every pixel.
//!
//! a_1 = c; h_d = relu(rho_d a_d); weights, means and log standard deviations of pixel d's mixture
//! are linear in h_d; a_{d+1} = a_d + W_d x_d. K = 1 is a Gaussian per conditional.
//!
//! On grey levels the density is over y = (level + u) / L with u uniform in [0, 1): then
//! log P(x) >= E_u[log p(y)] - n ln L, the change of variables included, so that the figure is a
//! bound on the log-probability of the levels themselves (Theis, van den Oord and Bethge, 2016,
//! section 3.1), and importance weights over u tighten it.
//!
//! Uria, Murray and Larochelle, 2013, RNADE: The real-valued neural autoregressive density-
//! estimator, eq. 5 to 8.
//!
//! # Departures from the paper
//! Adam instead of SGD, so that means' gradients are not multiplied by their standard deviation; no
//! weight decay. Draws of y outside [0, 1) become the nearest level.

mod capabilities;
mod network;

use ::nn::Ordering;
use burn::module::{Module, Param};
use burn::prelude::*;
use data::DataShape;
use engine::{Minimise, ModelConfig, Trainer};
use protocol::{Problem, Support, check};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Images evaluated at once.
const IMAGES: usize = 250;

/// Settings of `rnade`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct RnadeConfig {
    /// Hidden units.
    hidden: usize,
    /// K: Gaussians per conditional.
    components: usize,
    /// Learning rate of Adam.
    lr: f64,
    /// The order in which pixels are generated.
    ordering: Ordering,
    /// The seed of a random ordering: part of the model, not of the trial.
    ordering_seed: u64,
}

impl Default for RnadeConfig {
    fn default() -> Self {
        Self { hidden: 100, components: 10, lr: 1e-3, ordering: Ordering::Raster, ordering_seed: 0 }
    }
}

impl ModelConfig for RnadeConfig {
    const NAME: &'static str = "rnade";
    const ABOUT: &'static str = "NADE with a mixture of K Gaussians per pixel: real values, or grey levels by a bound";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        if data.support == Support::Binary {
            return Err(Problem::new("", "the model is over real values or grey levels, the data are binary")
                .help("set `data.binarize` to none, or take `nade`"));
        }
        self.ordering.check(data)?;
        check::positive("hidden", self.hidden)?;
        check::at_most("components", self.components, 100)?;
        check::learning_rate("lr", self.lr)
    }

    fn tiny() -> Vec<Self> {
        let tiny = Self { hidden: 16, components: 3, lr: 1e-2, ..Self::default() };
        vec![tiny.clone(), Self { components: 1, ..tiny }]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        let adam = ::nn::adam(0.9);
        Box::new(Minimise::new(Rnade::new(self, data, seed, device), adam, self.lr))
    }
}

#[derive(Module, Debug)]
struct Rnade {
    /// W, `[pixels, hidden]`, row d for the pixel at position d.
    input: Param<Tensor<2>>,
    /// c, `[hidden]`.
    input_bias: Param<Tensor<1>>,
    /// rho, `[pixels]`.
    rescale: Param<Tensor<1>>,
    /// From hidden units to the numbers of a mixture, `[pixels, hidden, 3 K]`.
    output: Param<Tensor<3>>,
    /// `[pixels, 3 K]`.
    output_bias: Param<Tensor<2>>,
    #[module(skip)]
    ordering: Vec<usize>,
    #[module(skip)]
    components: usize,
    /// Grey levels, if the data are not real-valued.
    #[module(skip)]
    levels: Option<u16>,
}
