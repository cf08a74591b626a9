//! RealNVP: a chain of affine couplings between the data and a standard normal distribution.
//!
//! A coupling keeps one half of the pixels, a, and moves the other half, b, by what a small network computes from a:
//! b' = b exp(s(a)) + t(a). Its Jacobian is triangular, so that log |det| is the sum of s(a). The inverse is
//! b = (b' - t(a)) exp(-s(a)), which costs the same. With z the image after all couplings,
//!
//! log p(x) = log N(z; 0, I) + sum of all s.
//!
//! The halves are the two colours of a checkerboard; couplings move them in turn.
//!
//! On grey levels the flow is over w = logit(y) with y = (level + u) / L and u uniform in [0, 1). Then
//! log P(level) >= E_u[log p(w) + log |dw/dy|] - n log L (Theis, van den Oord and Bethge, 2016, section 3.1). The
//! bound accounts for the changes of variables.
//!
//! Dinh, Sohl-Dickstein and Bengio, 2017, Density estimation using Real NVP, eq. 4 to 8 and section 4.1.
//!
//! # Departures from the paper
//! Fully connected networks instead of residual convolutions; no multi-scale architecture and no batch normalisation.
//! The logit is over (0, 1) up to 1e-6, where the paper leaves 0.05 free: the density outside belongs to no level.

mod capabilities;
mod coupling;
mod levels;

use genbench::burn;
use genbench::burn::module::Module;
use genbench::burn::prelude::*;
use genbench::data::{DataShape, Noise, Split};
use genbench::engine::{Batch, Minimise, ModelConfig, Objective, Scalars, Step, Trainer};
use genbench::nn;
use genbench::protocol::{Problem, Support, check};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::coupling::Coupling;

/// Images evaluated at once.
const CHUNK: usize = 250;
const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;

/// Settings of `real_nvp`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct RealNvpConfig {
    /// Number of couplings.
    couplings: usize,
    /// Width of the two hidden layers in each coupling.
    hidden: usize,
    /// Learning rate of Adam.
    lr: f64,
}

impl Default for RealNvpConfig {
    fn default() -> Self {
        Self { couplings: 6, hidden: 128, lr: 1e-3 }
    }
}

impl ModelConfig for RealNvpConfig {
    const NAME: &'static str = "real_nvp";
    const ABOUT: &'static str = "normalizing flow of affine couplings: real values, or grey levels by a bound";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        if !matches!(data.support, Support::Real | Support::Levels(_)) {
            let message = format!("the model is over real values or grey levels, the data are {}", data.support);
            return Err(Problem::new("", message).help("set `data.binarize` to none, or take `made`"));
        }
        if data.pixels() < 2 {
            return Err(Problem::new("", "a coupling needs at least two pixels").help("larger images"));
        }
        check::at_most("couplings", self.couplings, 64)?;
        check::positive("hidden", self.hidden)?;
        check::learning_rate("lr", self.lr)
    }

    fn tiny() -> Vec<Self> {
        vec![Self { couplings: 4, hidden: 32, lr: 3e-3 }]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        Box::new(Minimise::new(RealNvp::new(self, data, seed, device), nn::adam(0.9), self.lr))
    }
}

/// The flow. Its images have the pixels of one colour of the checkerboard first.
#[derive(Module, Debug)]
struct RealNvp {
    couplings: Vec<Coupling>,
    /// Index of each pixel in an image of the data set.
    #[module(skip)]
    order: Vec<usize>,
    /// Number of grey levels, if the data are not real-valued.
    #[module(skip)]
    levels: Option<u16>,
}

impl RealNvp {
    fn new(config: &RealNvpConfig, data: &DataShape, seed: u64, device: &Device) -> Self {
        let plane = data.height * data.width;
        let is_black = |pixel: &usize| {
            let (channel, row, column) = (pixel / plane, pixel % plane / data.width, pixel % data.width);
            (channel + row + column).is_multiple_of(2)
        };
        let (black, white): (Vec<usize>, Vec<usize>) = (0..data.pixels()).partition(is_black);
        let mut noise = Noise::new(seed, "real_nvp/weights", 0);
        let couplings = (0..config.couplings)
            .map(|index| Coupling::new([black.len(), white.len()], index % 2, config.hidden, &mut noise, device))
            .collect();
        let levels = match data.support {
            Support::Levels(levels) => Some(levels),
            _ => None,
        };
        Self { couplings, order: [black, white].concat(), levels }
    }

    /// Pixels of `images` in the order of the flow, `[image][pixel]`.
    fn in_order(&self, images: &Split) -> Vec<f32> {
        images.images().flat_map(|image| self.order.iter().map(|&pixel| image[pixel])).collect()
    }

    /// Uploads numbers in the order of the flow, `[images, pixels]`.
    fn upload(&self, numbers: Vec<f32>) -> Tensor<2> {
        let shape = [numbers.len() / self.order.len(), self.order.len()];
        Tensor::from_data(TensorData::new(numbers, shape), &self.couplings[0].device())
    }

    /// log p of each image in nats, `[batch]`.
    fn log_prob(&self, x: Tensor<2>) -> Tensor<1> {
        let [batch, pixels] = x.dims();
        let start = (x.clone(), Tensor::<2>::zeros([batch, 1], &x.device()));
        let (z, log_det) = self.couplings.iter().fold(start, |(x, total), coupling| {
            let (x, log_det) = coupling.forward(x);
            (x, total + log_det)
        });
        let squares = z.powi_scalar(2).sum_dim(1);
        (log_det - squares * 0.5).reshape([batch]) - HALF_LN_TAU * pixels as f64
    }

    /// Images in the order of the flow for draws `z` from N(0, I).
    fn inverse(&self, z: Tensor<2>) -> Tensor<2> {
        self.couplings.iter().rev().fold(z, |x, coupling| coupling.inverse(x))
    }
}

impl Objective for RealNvp {
    fn loss(&self, batch: &Batch, at: &Step) -> Scalars {
        let images = self.in_order(&batch.host);
        let Some(levels) = self.levels else {
            return Scalars(vec![("nll", self.log_prob(self.upload(images)).mean().neg())]);
        };
        let (w, jacobian) = levels::to_real(&images, levels, &mut at.noise("real_nvp/dequantise"));
        let log_jacobian = jacobian.iter().sum::<f64>() / batch.len() as f64;
        Scalars(vec![("negative_elbo", self.log_prob(self.upload(w)).mean().neg() - log_jacobian)])
    }
}
