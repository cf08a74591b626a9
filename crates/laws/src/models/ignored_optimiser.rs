//! Independent pixels whose trainer lists an optimiser that it does not use: a broken model.

use ::nn::Optimiser;
use burn::module::{Module, Param};
use burn::prelude::*;
use burn::tensor::activation::softplus;
use data::{DataShape, Noise, Split};
use engine::{
    Batch, ExplicitDensity, GenerativeModel, LossGradient, Minimise, ModelConfig, Objective, Part, Scalars, Step,
    Trainer,
};
use protocol::{Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Trains with an Adam of its own instead of the optimiser of the grid.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct IgnoresOptim {}

impl ModelConfig for IgnoresOptim {
    const NAME: &'static str = "laws_ignores_optim";
    const ABOUT: &'static str = "Broken model for the tests of a law.";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        super::check_binary(data)
    }

    fn tiny() -> Vec<Self> {
        vec![Self::default()]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        let start = Noise::new(seed, "laws_ignores_optim/weights", 0).normals(data.pixels());
        let log_odds = Param::from_tensor(Tensor::from_data(TensorData::new(start, [data.pixels()]), device));
        let inner = Minimise::new(Pixels { log_odds }, ::nn::adam(0.9), 0.05);
        Box::new(Ignoring { inner, listed: ::nn::adam(0.9) })
    }
}

#[derive(Module, Debug)]
struct Pixels {
    log_odds: Param<Tensor<1>>,
}

impl Objective for Pixels {
    fn loss(&self, batch: &Batch, _at: &Step) -> Scalars {
        let odds = self.log_odds.val().unsqueeze::<2>();
        let surprise = softplus(odds.clone(), 1.0) - batch.images.clone() * odds;
        Scalars(vec![("nll", surprise.mean())])
    }
}

impl GenerativeModel for Pixels {
    fn parameters(&self) -> u64 {
        ::nn::parameter_count(self)
    }

    fn density(&self) -> Option<&dyn ExplicitDensity> {
        Some(self)
    }
}

impl ExplicitDensity for Pixels {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        let log_odds = ::nn::to_host(self.log_odds.val());
        let of = |image: &[f32]| {
            image.iter().zip(&log_odds).map(|(pixel, odds)| super::log_bernoulli(f64::from(*odds), *pixel)).sum()
        };
        images.pixels.chunks_exact(images.image_len).map(of).collect()
    }
}

struct Ignoring {
    inner: Minimise<Pixels>,
    listed: Optimiser,
}

impl Trainer for Ignoring {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        self.inner.step(batch, at)
    }

    fn gradients(&self, batch: &Batch, at: &Step) -> Vec<LossGradient> {
        self.inner.gradients(batch, at)
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        self.inner.snapshot()
    }

    fn parts(&mut self) -> Vec<Part<'_>> {
        let mut parts = self.inner.parts();
        parts.truncate(1);
        parts.push(Part::optimiser("optimiser", &mut self.listed));
        parts
    }
}
