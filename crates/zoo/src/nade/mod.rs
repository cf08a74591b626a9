//! Neural autoregressive distribution estimation.
//!
//! p(x) = prod_d p(x_d | x_<d) along an ordering, with a hidden layer that is updated, not
//! recomputed, from pixel to pixel: a_1 = c; h_d = sigmoid(a_d);
//! p(x_d = 1 | x_<d) = sigmoid(b_d + V_d . h_d); a_{d+1} = a_d + W_d x_d. 2nh + n + h parameters.
//!
//! Larochelle and Murray, 2011, The Neural Autoregressive Distribution Estimator, section 3. With
//! `orderless`: one or two layers trained for all orderings, [`orderless`].
//!
//! # Departures from the paper
//! Adam instead of SGD with a decreasing rate; one raster ordering by default instead of one
//! random one.
//!
//! On the CPU training and evaluation go through [`scan`], the paper's recursion with its own
//! backward pass; on a GPU, and as its oracle, through [`Nade::logits`] in plain tensor operations.

mod orderless;
mod scan;

use std::path::Path;

use burn::module::{Module, Param};
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::prelude::*;
use data::{DataShape, Noise, Split};
use engine::fused::sigmoid;
use engine::{
    Autoregressive, Batch, Conditionals, Encoder, ExplicitDensity, Features, GenerativeModel, Minimise, ModelConfig,
    Objective, RecordError, Sampler, Scalars, Step, Trainer, load_module, load_optimiser, save_module, save_optimiser,
    uniform, upload,
};
use protocol::{Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::orderless::Orderless;
use crate::bernoulli::{self, BernoulliLogits};
use crate::ordering::{Ordering, positions, to_raster};

/// Pixels whose hidden states are computed by one matrix product.
const CHUNK: usize = 32;
/// Images evaluated at once.
const IMAGES: usize = 250;

/// Settings of `nade`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct NadeConfig {
    /// Hidden units per layer.
    hidden: usize,
    /// Hidden layers: 1, or 2 if `orderless`.
    layers: usize,
    /// Whether it is trained for all orderings at once (DeepNADE).
    orderless: bool,
    /// Orderings that an orderless density is averaged over (EoNADE): `ordering` and random ones.
    ensemble: usize,
    /// Learning rate of Adam.
    lr: f64,
    /// The order in which pixels are generated.
    ordering: Ordering,
    /// The seed of a random ordering: part of the model, not of the trial.
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
    const ABOUT: &'static str = "neural autoregressive density over binary pixels, exact: 2nh + n + h parameters";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        bernoulli::check_binary(data)?;
        self.ordering.check(data)?;
        crate::registry::positive("hidden", self.hidden)?;
        crate::registry::at_most("layers", self.layers, 2)?;
        crate::registry::at_most("ensemble", self.ensemble, 128)?;
        for (path, count) in [("layers", self.layers), ("ensemble", self.ensemble)] {
            if count > 1 && !self.orderless {
                let problem = format!("{path} {count} needs a network that is trained for all orderings");
                return Err(Problem::new(path, problem).help("set `orderless: true`"));
            }
        }
        crate::registry::learning_rate("lr", self.lr)
    }

    fn tiny() -> Vec<Self> {
        let orderless = Self { hidden: 32, orderless: true, lr: 1e-2, ..Self::default() };
        vec![Self { hidden: 8, ..Self::default() }, orderless.clone(), Self { layers: 2, ensemble: 3, ..orderless }]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        let optimiser = engine::adam(0.9);
        if self.orderless {
            return Box::new(Minimise::new(Orderless::new(self, data, seed, device), optimiser, self.lr));
        }
        let model = Nade::new(self, data, seed, device);
        if model.is_on_cpu() {
            return Box::new(ScanTrainer { model, optimiser, lr: self.lr });
        }
        Box::new(Minimise::new(model, optimiser, self.lr))
    }
}

#[derive(Module, Debug)]
struct Nade {
    /// W, `[pixels, hidden]`, row d for the pixel at position d.
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

impl Nade {
    fn new(config: &NadeConfig, data: &DataShape, seed: u64, device: &Device) -> Self {
        let pixels = data.pixels();
        let mut noise = Noise::new(seed, "nade/weights", 0);
        let bound = (6.0 / (pixels + config.hidden) as f32).sqrt();
        Self {
            input: uniform([pixels, config.hidden], bound, &mut noise, device),
            input_bias: Param::from_tensor(Tensor::zeros([config.hidden], device)),
            output: uniform([pixels, config.hidden], bound, &mut noise, device),
            output_bias: Param::from_tensor(Tensor::zeros([pixels], device)),
            ordering: config.ordering.pixels(data, config.ordering_seed),
        }
    }

    /// Log-odds of each pixel given those before it; pixels in raster positions, `[batch, pixels]`.
    fn logits(&self, x: Tensor<2>) -> BernoulliLogits {
        let device = x.device();
        let raster = self.ordering.is_sorted();
        let x = if raster { x } else { x.select(1, indices(&self.ordering, &device)) };
        let logits = self.logits_in_order(x);
        BernoulliLogits(if raster { logits } else { logits.select(1, indices(&positions(&self.ordering), &device)) })
    }

    /// The same with pixels in the order of generation. A chunk's hidden states come from one
    /// product of the masked pixels with their rows of W, so that no step is shorter than a chunk.
    fn logits_in_order(&self, x: Tensor<2>) -> Tensor<2> {
        let [batch, pixels] = x.dims();
        let [_, hidden] = self.input.dims();
        let (w, v) = (self.input.val(), self.output.val());
        let mut before: Tensor<2> = self.input_bias.val().unsqueeze::<2>().expand([batch, hidden]); // a at the chunk's start
        let mut logits = Vec::new();
        for first in (0..pixels).step_by(CHUNK) {
            let count = CHUNK.min(pixels - first);
            let x = x.clone().slice([0..batch, first..first + count]);
            let w = w.clone().slice([first..first + count, 0..hidden]);
            let v = v.clone().slice([first..first + count, 0..hidden]);
            // Pixel d of the chunk sees those before it in the chunk: a strictly lower triangle.
            let mask = Tensor::<2>::ones([count, count], &x.device()).tril(-1).unsqueeze::<3>();
            let seen = x.clone().unsqueeze_dim::<3>(1) * mask; // [batch, count, count]
            let within = seen.reshape([batch * count, count]).matmul(w.clone()).reshape([batch, count, hidden]);
            let states = sigmoid(within + before.clone().unsqueeze_dim::<3>(1)); // [batch, count, hidden]
            logits.push((states * v.unsqueeze::<3>()).sum_dim(2).squeeze_dim::<2>(2));
            before = before + x.matmul(w);
        }
        Tensor::cat(logits, 1) + self.output_bias.val().unsqueeze()
    }

    fn device(&self) -> Device {
        self.input.val().device()
    }

    fn is_on_cpu(&self) -> bool {
        self.device() == Device::flex()
    }

    fn weights(&self) -> scan::Weights {
        fn read<const D: usize>(parameter: &Param<Tensor<D>>) -> Vec<f32> {
            engine::to_host(parameter.val())
        }
        scan::Weights {
            input: read(&self.input),
            input_bias: read(&self.input_bias),
            output: read(&self.output),
            output_bias: read(&self.output_bias),
        }
    }

    /// Pixels in the order of generation.
    fn in_order(&self, images: &Split) -> Vec<f32> {
        images.images().flat_map(|image| self.ordering.iter().map(|&pixel| image[pixel])).collect()
    }
}

/// Trains by [`scan`]: the gradients are computed on the host and handed to the optimiser.
struct ScanTrainer {
    model: Nade,
    optimiser: ModuleOptimizer,
    lr: f64,
}

impl ScanTrainer {
    fn gradients(&self, images: &Split) -> (f64, GradientsParams) {
        let model = &self.model;
        let scan::Descent { nll, gradients } = model.weights().descend(&model.in_order(images));
        let device = model.device().inner();
        let mut register = GradientsParams::new();
        let matrix = |values: Vec<f32>| Tensor::<2>::from_data(TensorData::new(values, model.input.dims()), &device);
        register.register(model.input.id, matrix(gradients.input));
        register.register(model.output.id, matrix(gradients.output));
        let vector = |values: Vec<f32>| {
            let count = values.len();
            Tensor::<1>::from_data(TensorData::new(values, [count]), &device)
        };
        register.register(model.input_bias.id, vector(gradients.input_bias));
        register.register(model.output_bias.id, vector(gradients.output_bias));
        (nll, register)
    }
}

impl Trainer for ScanTrainer {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        let (nll, gradients) = self.gradients(&batch.host);
        self.model = self.optimiser.step(self.lr * at.lr_factor, self.model.clone(), gradients);
        Scalars(vec![("nll", Tensor::from_floats([nll as f32], &Device::flex()))])
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        Box::new(self.model.valid())
    }

    fn save(&self, dir: &Path) -> Result<(), RecordError> {
        save_module(&self.model, dir, "model")?;
        save_optimiser(&self.optimiser, dir, "optimiser")
    }

    fn load(&mut self, dir: &Path) -> Result<(), RecordError> {
        self.model = load_module(self.model.clone(), dir, "model")?;
        self.optimiser = load_optimiser(self.optimiser.clone(), dir, "optimiser")?;
        Ok(())
    }
}

/// A small orderless network for the laws on gradients.
#[cfg(test)]
pub(crate) fn orderless_network(data: &DataShape, device: &Device) -> impl Objective {
    Orderless::new(&NadeConfig { hidden: 10, layers: 2, orderless: true, ..NadeConfig::default() }, data, 0, device)
}

/// A small network for the laws on gradients.
#[cfg(test)]
pub(crate) fn network(data: &DataShape, device: &Device) -> impl Objective {
    Nade::new(&NadeConfig { hidden: 10, ..NadeConfig::default() }, data, 0, device)
}

fn indices(order: &[usize], device: &Device) -> Tensor<1, Int> {
    let order: Vec<i32> = order.iter().map(|index| *index as i32).collect();
    let count = order.len();
    Tensor::from_data(TensorData::new(order, [count]), device)
}

impl Objective for Nade {
    fn loss(&self, batch: &Batch, _at: &Step) -> Scalars {
        let log_density = self.logits(batch.images.clone()).log_prob(batch.images.clone());
        Scalars(vec![("nll", log_density.mean().neg())])
    }
}

impl GenerativeModel for Nade {
    fn parameters(&self) -> u64 {
        engine::parameter_count(self)
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

    fn encoder(&self) -> Option<&dyn Encoder> {
        Some(self)
    }
}

impl Encoder for Nade {
    /// The hidden layer once all pixels are seen: sigmoid(c + sum of W_d x_d).
    fn encode(&self, images: &Split) -> Features {
        let shape = [images.len(), self.ordering.len()];
        let x = Tensor::<2>::from_data(TensorData::new(self.in_order(images), shape), &self.device());
        sigmoid(x.matmul(self.input.val()) + self.input_bias.val().unsqueeze()).into()
    }
}

impl ExplicitDensity for Nade {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        self.conditionals(images).log_density(images)
    }
}

impl Autoregressive for Nade {
    fn ordering(&self) -> Vec<usize> {
        self.ordering.clone()
    }

    fn conditionals(&self, images: &Split) -> Conditionals {
        let pixels = self.ordering.len();
        if self.is_on_cpu() {
            let in_order = self.weights().logits(&self.in_order(images));
            return Conditionals::bernoulli(to_raster(&in_order, &self.ordering), pixels);
        }
        let device = self.device();
        let all: Vec<usize> = (0..images.len()).collect();
        let log_odds = |chunk| self.logits(upload(&images.select(chunk), &device)).read();
        Conditionals::bernoulli(all.chunks(IMAGES).flat_map(log_odds).collect(), pixels)
    }

    /// O(n h) per image: the hidden state changes only where a pixel is 1.
    fn sample_from(&self, uniforms: &[f32]) -> Split {
        let pixels = to_raster(&self.weights().sample(uniforms), &self.ordering);
        Split::new(pixels, self.ordering.len())
    }
}

impl Sampler for Nade {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        self.sample_from(&noise.uniforms(count * self.ordering.len()))
    }
}

#[cfg(test)]
mod tests;
