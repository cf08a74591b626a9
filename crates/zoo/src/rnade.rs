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

use burn::module::{Module, Param};
use burn::prelude::*;
use burn::tensor::activation::relu;
use data::{DataShape, Noise, Split};
use engine::{
    Autoregressive, Batch, Conditionals, DensityBound, Elbo, ExplicitDensity, Family, GenerativeModel, Minimise,
    ModelConfig, Objective, Sampler, Scalars, Step, Trainer, log_sum_exp, uniform,
};
use protocol::{Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ordering::{Ordering, positions};

/// Pixels whose hidden states are computed by one matrix product.
const CHUNK: usize = 32;
/// Images evaluated at once.
const IMAGES: usize = 250;
const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;

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
        crate::registry::positive("hidden", self.hidden)?;
        crate::registry::at_most("components", self.components, 100)?;
        crate::registry::learning_rate("lr", self.lr)
    }

    fn tiny() -> Vec<Self> {
        let tiny = Self { hidden: 16, components: 3, lr: 1e-2, ..Self::default() };
        vec![tiny.clone(), Self { components: 1, ..tiny }]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        let adam = engine::adam(0.9);
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

impl Rnade {
    fn new(config: &RnadeConfig, data: &DataShape, seed: u64, device: &Device) -> Self {
        let (pixels, hidden, components) = (data.pixels(), config.hidden, config.components);
        let mut noise = Noise::new(seed, "rnade/weights", 0);
        let levels = match data.support {
            Support::Levels(levels) => Some(levels),
            _ => None,
        };
        // Means start apart from each other, over the range of grey levels or around 0.
        let (first, last) = if levels.is_some() { (0.0, 1.0) } else { (-1.0, 1.0) };
        let width = (last - first) / components as f32;
        let start: Vec<f32> = (0..3 * components)
            .map(|number| match number / components {
                0 => 0.0,
                1 => first + width * ((number - components) as f32 + 0.5),
                _ => width.ln(),
            })
            .collect();
        let bias = start.repeat(pixels);
        Self {
            input: uniform([pixels, hidden], (6.0 / (pixels + hidden) as f32).sqrt(), &mut noise, device),
            input_bias: uniform([hidden], 0.1, &mut noise, device),
            rescale: Param::from_tensor(Tensor::ones([pixels], device)),
            output: uniform([pixels, hidden, 3 * components], (hidden as f32).sqrt().recip(), &mut noise, device),
            output_bias: Param::from_tensor(Tensor::from_data(TensorData::new(bias, [pixels, 3 * components]), device)),
            ordering: config.ordering.pixels(data, config.ordering_seed),
            components,
            levels,
        }
    }

    fn family(&self) -> Family {
        Family::Gaussians(self.components as u16)
    }

    fn in_order(&self, images: &Split) -> Vec<f32> {
        images.images().flat_map(|image| self.ordering.iter().map(|&pixel| image[pixel])).collect()
    }

    fn upload(&self, in_order: Vec<f32>, device: &Device) -> Tensor<2> {
        let pixels = self.ordering.len();
        let images = in_order.len() / pixels;
        Tensor::from_data(TensorData::new(in_order, [images, pixels]), device)
    }

    /// The numbers of every mixture given the pixels before it, `[pixels, batch, 3 K]`, for pixels
    /// in the order of generation.
    fn numbers(&self, y: &Tensor<2>) -> Tensor<3> {
        let [batch, pixels] = y.dims();
        let [_, hidden, width] = self.output.dims();
        let mut before: Tensor<2> = self.input_bias.val().unsqueeze::<2>().expand([batch, hidden]);
        let mut numbers = Vec::new();
        for first in (0..pixels).step_by(CHUNK) {
            let count = CHUNK.min(pixels - first);
            let y = y.clone().slice([0..batch, first..first + count]);
            let w = self.input.val().slice([first..first + count, 0..hidden]);
            // Pixel d of the chunk sees those before it in the chunk: a strictly lower triangle.
            let mask = Tensor::<2>::ones([count, count], &y.device()).tril(-1).unsqueeze::<3>();
            let seen = y.clone().unsqueeze_dim::<3>(1) * mask; // [batch, count, count]
            let within = seen.reshape([batch * count, count]).matmul(w.clone()).reshape([batch, count, hidden]);
            let rho = self.rescale.val().narrow(0, first, count).reshape([1, count, 1]);
            let states = relu((within + before.clone().unsqueeze_dim::<3>(1)) * rho).swap_dims(0, 1);
            let output = self.output.val().slice([first..first + count, 0..hidden, 0..width]);
            let bias = self.output_bias.val().slice([first..first + count, 0..width]).unsqueeze_dim::<3>(1);
            numbers.push(states.matmul(output) + bias);
            before = before + y.matmul(w);
        }
        Tensor::cat(numbers, 0)
    }

    /// log p(y) of each image in nats, `[batch]`, for pixels in the order of generation.
    fn log_prob(&self, y: Tensor<2>) -> Tensor<1> {
        let [batch, pixels] = y.dims();
        let k = self.components;
        let numbers = self.numbers(&y);
        let part = |index: usize| numbers.clone().slice([0..pixels, 0..batch, index * k..(index + 1) * k]);
        let (weights, means, log_sds) = (part(0), part(1), part(2));
        let y = y.swap_dims(0, 1).unsqueeze_dim::<3>(2);
        let z = (y - means) * log_sds.clone().neg().exp();
        let terms = weights.clone() - z.powi_scalar(2) * 0.5 - log_sds;
        let per_pixel = log_sum_exp_tensor(terms) - log_sum_exp_tensor(weights); // [pixels, batch, 1]
        per_pixel.sum_dim(0).reshape([batch]) - HALF_LN_TAU * pixels as f64
    }

    /// (level + u) / L for images of L levels, in the order of generation.
    fn dequantise(&self, images: &Split, levels: u16, noise: &mut Noise) -> Vec<f32> {
        let count = f32::from(levels);
        let in_order = self.in_order(images);
        let uniforms = noise.uniforms(in_order.len());
        in_order.iter().zip(uniforms).map(|(grey, u)| ((grey * (count - 1.0)).round() + u) / count).collect()
    }

    /// One draw of the bound on log P of each image: log p(y) - n ln L.
    fn bound(&self, images: &Split, noise: &mut Noise) -> Vec<f64> {
        let levels = self.levels.expect("only grey levels have a bound");
        let volume = self.ordering.len() as f64 * f64::from(levels).ln();
        let device = self.input.val().device();
        let all: Vec<usize> = (0..images.len()).collect();
        let mut nats = Vec::with_capacity(images.len());
        for chunk in all.chunks(IMAGES) {
            let y = self.upload(self.dequantise(&images.select(chunk), levels, noise), &device);
            nats.extend(engine::to_host(self.log_prob(y)).into_iter().map(|log_p| f64::from(log_p) - volume));
        }
        nats
    }
}

fn log_sum_exp_tensor(x: Tensor<3>) -> Tensor<3> {
    let largest = x.clone().detach().max_dim(2);
    (x - largest.clone()).exp().sum_dim(2).log() + largest
}

/// A small network for the laws on gradients.
#[cfg(test)]
pub(crate) fn network(data: &DataShape, device: &Device) -> impl Objective {
    let real = DataShape { support: Support::Real, ..*data };
    Rnade::new(&RnadeConfig { hidden: 10, components: 3, ..RnadeConfig::default() }, &real, 0, device)
}

impl Objective for Rnade {
    fn loss(&self, batch: &Batch, at: &Step) -> Scalars {
        let device = batch.images.device();
        let pixels = self.ordering.len() as f64;
        let (name, y, volume) = match self.levels {
            Some(levels) => {
                let y = self.dequantise(&batch.host, levels, &mut at.noise("rnade/dequantise"));
                ("negative_elbo", y, pixels * f64::from(levels).ln())
            }
            None => ("nll", self.in_order(&batch.host), 0.0),
        };
        let log_density = self.log_prob(self.upload(y, &device));
        Scalars(vec![(name, log_density.mean().neg() + volume)])
    }
}

impl GenerativeModel for Rnade {
    fn parameters(&self) -> u64 {
        engine::parameter_count(self)
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }

    fn density(&self) -> Option<&dyn ExplicitDensity> {
        self.levels.is_none().then_some(self)
    }

    fn autoregressive(&self) -> Option<&dyn Autoregressive> {
        self.levels.is_none().then_some(self)
    }

    fn bound(&self) -> Option<&dyn DensityBound> {
        self.levels.is_some().then_some(self)
    }
}

impl ExplicitDensity for Rnade {
    fn support(&self) -> Support {
        Support::Real
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        let all: Vec<usize> = (0..images.len()).collect();
        let of_chunk = |chunk: &[usize]| {
            let images = images.select(chunk);
            self.conditionals(&images).log_density(&images)
        };
        all.chunks(IMAGES).flat_map(of_chunk).collect()
    }
}

impl Autoregressive for Rnade {
    fn ordering(&self) -> Vec<usize> {
        self.ordering.clone()
    }

    fn conditionals(&self, images: &Split) -> Conditionals {
        let y = self.upload(self.in_order(images), &self.input.val().device());
        let [_, _, width] = self.output.dims();
        let by_position = engine::to_host(self.numbers(&y));
        let (count, positions) = (images.len(), positions(&self.ordering));
        let numbers = (0..count)
            .flat_map(|image| positions.iter().map(move |position| (position * count + image) * width))
            .flat_map(|first| by_position[first..first + width].iter().copied())
            .collect();
        Conditionals { family: self.family(), numbers, pixels: self.ordering.len() }
    }

    /// O(n h K) per image.
    fn sample_from(&self, uniforms: &[f32]) -> Split {
        let pixels = self.ordering.len();
        let [_, hidden, width] = self.output.dims();
        let read = |data: TensorData| data.iter::<f32>().collect::<Vec<f32>>();
        let (input, start) = (read(self.input.val().into_data()), read(self.input_bias.val().into_data()));
        let (output, bias) = (read(self.output.val().into_data()), read(self.output_bias.val().into_data()));
        let rescale = read(self.rescale.val().into_data());
        let mut images = vec![0.0; uniforms.len()];
        for (image, draws) in images.chunks_exact_mut(pixels).zip(uniforms.chunks_exact(pixels)) {
            let mut before = start.clone();
            for (position, (&pixel, uniform)) in self.ordering.iter().zip(draws).enumerate() {
                let mut numbers = bias[position * width..(position + 1) * width].to_vec();
                for (unit, before) in before.iter().enumerate() {
                    let state = (before * rescale[position]).max(0.0);
                    let row = &output[(position * hidden + unit) * width..][..width];
                    numbers.iter_mut().zip(row).for_each(|(number, weight)| *number += state * weight);
                }
                let value = self.family().draw(&numbers, *uniform);
                image[pixel] = value;
                let row = &input[position * hidden..(position + 1) * hidden];
                before.iter_mut().zip(row).for_each(|(before, weight)| *before += value * weight);
            }
        }
        Split::new(images, pixels)
    }
}

impl Sampler for Rnade {
    fn support(&self) -> Support {
        self.levels.map_or(Support::Real, Support::Levels)
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let mut images = self.sample_from(&noise.uniforms(count * self.ordering.len()));
        if let Some(levels) = self.levels {
            let last = f32::from(levels - 1);
            let level = |y: f32| (y * f32::from(levels)).floor().clamp(0.0, last) / last;
            images.pixels.iter_mut().for_each(|pixel| *pixel = level(*pixel));
        }
        images
    }
}

impl DensityBound for Rnade {
    fn support(&self) -> Support {
        Sampler::support(self)
    }

    /// All of it is reconstruction: the noise is the same for every image, so nothing is fitted.
    fn elbo(&self, images: &Split, noise: &mut Noise) -> Vec<Elbo> {
        self.bound(images, noise).into_iter().map(|nats| Elbo { reconstruction: nats, kl: 0.0 }).collect()
    }

    fn iwae(&self, images: &Split, k: usize, noise: &mut Noise) -> Vec<f64> {
        let draws: Vec<Vec<f64>> = (0..k).map(|_| self.bound(images, noise)).collect();
        let mean = |image: usize| log_sum_exp(draws.iter().map(|nats| nats[image])) - (k as f64).ln();
        (0..images.len()).map(mean).collect()
    }
}
