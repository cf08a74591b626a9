//! RNADE: NADE for real values, with a mixture of K Gaussians per pixel.
//!
//! a_1 = c; h_d = relu(rho_d a_d); the weights, means and log standard deviations of the mixture of pixel d are linear
//! in h_d; a_{d+1} = a_d + W_d x_d. K = 1 is a Gaussian per conditional.
//!
//! On grey levels the density is that of y = (level + u) / L with u uniform in [0, 1). The reported figure is the bound
//! log P(x) >= E_u[log p(y)] - n ln L on the log-probability of the levels, with the change of variables (Theis, van
//! den Oord and Bethge, 2016, section 3.1). Importance weights over u tighten it.
//!
//! Uria, Murray and Larochelle, 2013, RNADE: The real-valued neural autoregressive density-
//! estimator, eq. 5 to 8.
//!
//! # Departures from the paper
//! Adam instead of SGD, so that the gradients of the means are not multiplied by the standard deviations; no weight
//! decay. Draws of y outside [0, 1) become the nearest level.

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

/// Number of images per chunk of an evaluation.
const IMAGES: usize = 250;

/// Settings of `rnade`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct RnadeConfig {
    /// Number of hidden units, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    hidden: usize,
    /// K, the number of Gaussians per pixel, 1 to 100.
    #[schemars(range(min = 1, max = 100))]
    components: usize,
    /// Learning rate, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    lr: f64,
    /// Order in which pixels are generated: raster, reverse, column, spiral, random, centre_out, or a list of pixels.
    ordering: Ordering,
    /// Seed of a random ordering; part of the model, so that all seeds of a variant share one ordering.
    ordering_seed: u64,
}

impl Default for RnadeConfig {
    fn default() -> Self {
        Self { hidden: 100, components: 10, lr: 1e-3, ordering: Ordering::Raster, ordering_seed: 0 }
    }
}

impl ModelConfig for RnadeConfig {
    const NAME: &'static str = "rnade";
    const ABOUT: &'static str =
        "NADE with a mixture of K Gaussians per pixel: exact for real values, a bound for grey levels.";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        if data.support == Support::Binary {
            return Err(Problem::new("", "the model needs real values or grey levels, the data are binary")
                .help("set `data.binarize: none`, or use `nade`"));
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
    /// W, `[pixels, hidden]`; row d belongs to the pixel at position d.
    input: Param<Tensor<2>>,
    /// c, `[hidden]`.
    input_bias: Param<Tensor<1>>,
    /// rho, `[pixels]`.
    rescale: Param<Tensor<1>>,
    /// Weights from the hidden units to the parameters of the mixtures, `[pixels, hidden, 3 K]`.
    output: Param<Tensor<3>>,
    /// Bias of the parameters of the mixtures, `[pixels, 3 K]`.
    output_bias: Param<Tensor<2>>,
    #[module(skip)]
    ordering: Vec<usize>,
    #[module(skip)]
    components: usize,
    /// Number of grey levels, or `None` for real values.
    #[module(skip)]
    levels: Option<u16>,
}
