//! Neural autoregressive distribution estimation.
//!
//! p(x) = prod_d p(x_d | x_<d) along an ordering, with a hidden layer that is updated, not
//! recomputed, from pixel to pixel: a_1 = c; h_d = sigmoid(a_d);
//! p(x_d = 1 | x_<d) = sigmoid(b_d + V_d . h_d); a_{d+1} = a_d + W_d x_d. 2nh + n + h parameters.
//!
//! Larochelle and Murray, 2011, The Neural Autoregressive Distribution Estimator, section 3.
//!
//! # Departures from the paper
//! Adam instead of SGD with a decreasing rate; one raster ordering by default instead of one
//! random one.

use burn::module::{Module, Param};
use burn::optim::AdamConfig;
use burn::prelude::*;
use burn::tensor::activation::sigmoid;
use data::{DataShape, Noise, Split};
use engine::{
    Autoregressive, Batch, ExplicitDensity, GenerativeModel, Minimise, ModelConfig, Objective, Sampler, Scalars, Step,
    Trainer, uniform, upload,
};
use protocol::{Problem, Support};
use serde::{Deserialize, Serialize};

use crate::bernoulli::{self, BernoulliLogits};
use crate::ordering::{Ordering, positions};

/// Pixels whose hidden states are computed by one matrix product.
const CHUNK: usize = 32;
/// Images evaluated at once.
const IMAGES: usize = 250;

/// Settings of `nade`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct NadeConfig {
    /// Hidden units.
    hidden: usize,
    /// Learning rate of Adam.
    lr: f64,
    /// The order in which pixels are generated.
    ordering: Ordering,
    /// The seed of a random ordering: part of the model, not of the trial.
    ordering_seed: u64,
}

impl Default for NadeConfig {
    fn default() -> Self {
        Self { hidden: 500, lr: 1e-3, ordering: Ordering::Raster, ordering_seed: 0 }
    }
}

impl ModelConfig for NadeConfig {
    const NAME: &'static str = "nade";
    const ABOUT: &'static str = "neural autoregressive density over binary pixels, exact: 2nh + n + h parameters";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        bernoulli::check_binary(data)?;
        crate::registry::positive("hidden", self.hidden)?;
        crate::registry::learning_rate("lr", self.lr)
    }

    fn tiny() -> Self {
        Self { hidden: 8, ..Self::default() }
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        let adam = AdamConfig::new().with_epsilon(1e-8).init();
        Box::new(Minimise::new(Nade::new(self, data.pixels(), seed, device), adam, self.lr))
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
    fn new(config: &NadeConfig, pixels: usize, seed: u64, device: &Device) -> Self {
        let mut noise = Noise::new(seed, "nade/weights", 0);
        let bound = (6.0 / (pixels + config.hidden) as f32).sqrt();
        Self {
            input: uniform([pixels, config.hidden], bound, &mut noise, device),
            input_bias: Param::from_tensor(Tensor::zeros([config.hidden], device)),
            output: uniform([pixels, config.hidden], bound, &mut noise, device),
            output_bias: Param::from_tensor(Tensor::zeros([pixels], device)),
            ordering: config.ordering.pixels(pixels, config.ordering_seed),
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
}

impl ExplicitDensity for Nade {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        bernoulli::log_prob(&self.conditionals(images), images)
    }
}

impl Autoregressive for Nade {
    fn ordering(&self) -> Vec<usize> {
        self.ordering.clone()
    }

    fn conditionals(&self, images: &Split) -> Vec<f32> {
        let device = self.device();
        let all: Vec<usize> = (0..images.len()).collect();
        all.chunks(IMAGES).flat_map(|chunk| self.logits(upload(&images.select(chunk), &device)).read()).collect()
    }

    /// O(n h) per image: the hidden pre-activation changes only where a pixel is 1.
    fn sample_from(&self, uniforms: &[f32]) -> Split {
        let read = |tensor: Tensor<2>| tensor.into_data().iter::<f32>().collect::<Vec<_>>();
        let (w, v) = (read(self.input.val()), read(self.output.val()));
        let (c, b) = (read(self.input_bias.val().unsqueeze()), read(self.output_bias.val().unsqueeze()));
        let (pixels, hidden) = (b.len(), c.len());
        let mut images = vec![0.0; uniforms.len()];
        for (image, draws) in images.chunks_exact_mut(pixels).zip(uniforms.chunks_exact(pixels)) {
            let mut before = c.clone();
            let mut states: Vec<f32> = before.iter().map(|a| 1.0 / (1.0 + (-a).exp())).collect();
            for (position, uniform) in draws.iter().enumerate() {
                let row = position * hidden..(position + 1) * hidden;
                let logit = b[position] + states.iter().zip(&v[row.clone()]).map(|(h, v)| h * v).sum::<f32>();
                let value = engine::capability::draw(*uniform, logit);
                image[self.ordering[position]] = value;
                if value > 0.5 {
                    for ((a, h), w) in before.iter_mut().zip(&mut states).zip(&w[row]) {
                        *a += w;
                        *h = 1.0 / (1.0 + (-*a).exp());
                    }
                }
            }
        }
        Split { pixels: images, labels: None, image_len: pixels }
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
