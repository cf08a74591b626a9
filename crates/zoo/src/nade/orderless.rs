//! Order-agnostic NADE: one network for all orderings, and the ensemble over several orderings.
//!
//! The input is the image with all pixels not yet generated set to 0, and the mask of the generated ones. One or two
//! hidden layers lead to the log-odds of all pixels. A training step draws an ordering and a position for each image
//! and weights the terms of the remaining pixels by n / (n - position + 1), which is unbiased for the mean NLL over
//! orderings. The density is the mean over several orderings of the product of conditionals: a mixture, hence exact.
//!
//! Uria, Murray and Larochelle, 2014, A Deep and Tractable Density Estimator, eq. 9 to 13
//! (DeepNADE, EoNADE).
//!
//! # Departures from the paper
//! Adam as the optimiser; at most two hidden layers.

use ::nn::ordering::to_raster;
use ::nn::{Activation, Dense, uniform, upload};
use burn::module::{Module, Param};
use burn::prelude::*;
use burn::tensor::activation::{relu, softplus};
use data::{DataShape, Noise, Split};
use engine::{
    Autoregressive, Batch, Conditionals, Encoder, ExplicitDensity, Family, Features, GenerativeModel, Objective,
    Sampler, Scalars, Step, log_sum_exp,
};
use protocol::Support;

use super::NadeConfig;

/// Number of images per chunk of an evaluation.
const IMAGES: usize = 500;

#[derive(Module, Debug)]
pub(super) struct Orderless {
    /// Weights from the pixel values to the first hidden layer, `[pixels, hidden]`.
    value: Param<Tensor<2>>,
    /// Weights from the mask of generated pixels to the first hidden layer, `[pixels, hidden]`.
    seen: Param<Tensor<2>>,
    /// Bias of the first hidden layer, `[hidden]`.
    bias: Param<Tensor<1>>,
    second: Option<Dense>,
    /// Weights from the last hidden layer to the log-odds, `[pixels, hidden]`.
    output: Param<Tensor<2>>,
    /// Bias of the log-odds, `[pixels]`.
    output_bias: Param<Tensor<1>>,
    /// Orderings over which the density is averaged.
    #[module(skip)]
    orderings: Vec<Vec<usize>>,
}

impl Orderless {
    pub(super) fn new(config: &NadeConfig, data: &DataShape, seed: u64, device: &Device) -> Self {
        let (pixels, hidden) = (data.pixels(), config.hidden);
        let mut noise = Noise::new(seed, "nade/orderless/weights", 0);
        let bound = (6.0 / (pixels + hidden) as f32).sqrt();
        let drawn = |ordering: usize| match ordering {
            0 => config.ordering.pixels(data, config.ordering_seed),
            _ => Noise::new(config.ordering_seed, "nade/ensemble", ordering as u64).permutation(pixels),
        };
        Self {
            value: uniform([pixels, hidden], bound, &mut noise, device),
            seen: uniform([pixels, hidden], bound, &mut noise, device),
            bias: Param::from_tensor(Tensor::zeros([hidden], device)),
            second: (config.layers == 2).then(|| Dense::new(hidden, hidden, &mut noise, device)),
            output: uniform([pixels, hidden], bound, &mut noise, device),
            output_bias: Param::from_tensor(Tensor::zeros([pixels], device)),
            orderings: (0..config.ensemble).map(drawn).collect(),
        }
    }

    fn pixels(&self) -> usize {
        self.output_bias.dims()[0]
    }

    /// Computes the last hidden layer from the pre-activation of the first.
    fn hidden(&self, before: Tensor<2>) -> Tensor<2> {
        let first = relu(before);
        match &self.second {
            Some(second) => second.forward_then(first, Activation::Relu),
            None => first,
        }
    }

    fn start(&self, images: usize) -> Tensor<2> {
        let [hidden] = self.bias.dims();
        self.bias.val().unsqueeze::<2>().expand([images, hidden])
    }

    /// Log-odds of one pixel, `[images, 1]`, given the pre-activation of the generated pixels.
    fn logit(&self, before: &Tensor<2>, pixel: usize) -> Tensor<2> {
        let [_, hidden] = self.output.dims();
        let row = self.output.val().slice([pixel..pixel + 1, 0..hidden]);
        let bias = self.output_bias.val().narrow(0, pixel, 1).unsqueeze::<2>();
        (self.hidden(before.clone()) * row).sum_dim(1) + bias
    }

    /// Adds the values of a pixel, `[images, 1]`, to the pre-activation.
    fn see(&self, before: Tensor<2>, pixel: usize, values: Tensor<2>) -> Tensor<2> {
        let [_, hidden] = self.value.dims();
        let row = |weights: &Param<Tensor<2>>| weights.val().slice([pixel..pixel + 1, 0..hidden]);
        before + values * row(&self.value) + row(&self.seen)
    }

    fn column(&self, values: Vec<f32>) -> Tensor<2> {
        let count = values.len();
        Tensor::from_data(TensorData::new(values, [count, 1]), &self.value.val().device())
    }

    /// Log-odds along one ordering, `[image][pixel]` in raster positions.
    fn log_odds(&self, images: &Split, ordering: &[usize]) -> Vec<f32> {
        let all: Vec<usize> = (0..images.len()).collect();
        let of_chunk = |chunk: &[usize]| {
            let mut before = self.start(chunk.len());
            let mut logits = Vec::with_capacity(ordering.len());
            for &pixel in ordering {
                logits.push(self.logit(&before, pixel));
                let values = chunk.iter().map(|image| images.image(*image)[pixel]).collect();
                before = self.see(before, pixel, self.column(values));
            }
            let in_order: Vec<f32> = ::nn::to_host(Tensor::cat(logits, 1));
            to_raster(&in_order, ordering)
        };
        all.chunks(IMAGES).flat_map(of_chunk).collect()
    }

    /// Draws images along one ordering from `uniforms`, `[image][position]`.
    fn draw(&self, uniforms: &[f32], ordering: &[usize]) -> Split {
        let pixels = ordering.len();
        let count = uniforms.len() / pixels;
        let mut images = vec![0.0; uniforms.len()];
        let mut before = self.start(count);
        for (position, &pixel) in ordering.iter().enumerate() {
            let logits = self.logit(&before, pixel).into_data();
            let draw =
                |(image, logit): (usize, f32)| Family::Bernoulli.draw(&[logit], uniforms[image * pixels + position]);
            let values: Vec<f32> = logits.iter::<f32>().enumerate().map(draw).collect();
            values.iter().enumerate().for_each(|(image, value)| images[image * pixels + pixel] = *value);
            before = self.see(before, pixel, self.column(values));
        }
        Split::new(images, pixels)
    }
}

impl Objective for Orderless {
    fn loss(&self, batch: &Batch, at: &Step) -> Scalars {
        let (images, pixels) = (batch.len(), self.pixels());
        let mut noise = at.noise("nade/orders");
        // A mask of the generated pixels, and the weights of the terms of the others.
        let (mut mask, mut weights) = (vec![0.0; images * pixels], vec![0.0; images * pixels]);
        for image in 0..images {
            let (ordering, seen) = (noise.permutation(pixels), noise.below(pixels));
            for (position, pixel) in ordering.into_iter().enumerate() {
                let index = image * pixels + pixel;
                if position < seen {
                    mask[index] = 1.0;
                } else {
                    weights[index] = pixels as f32 / (pixels - seen) as f32;
                }
            }
        }
        let x = batch.images.clone();
        let tensor = |values: Vec<f32>| Tensor::<2>::from_data(TensorData::new(values, [images, pixels]), &x.device());
        let mask = tensor(mask);
        let before = (x.clone() * mask.clone()).matmul(self.value.val()) + mask.matmul(self.seen.val());
        let hidden = self.hidden(before + self.bias.val().unsqueeze());
        let logits = hidden.matmul(self.output.val().transpose()) + self.output_bias.val().unsqueeze();
        let terms = softplus(logits.clone(), 1.0) - x.clone() * logits;
        Scalars(vec![("nll_over_orderings", (terms * tensor(weights)).sum_dim(1).mean())])
    }
}

impl GenerativeModel for Orderless {
    fn parameters(&self) -> u64 {
        ::nn::parameter_count(self)
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }

    fn density(&self) -> Option<&dyn ExplicitDensity> {
        Some(self)
    }

    /// Returns `None` for an average over several orderings, which has no single ordering.
    fn autoregressive(&self) -> Option<&dyn Autoregressive> {
        (self.orderings.len() == 1).then_some(self)
    }

    fn encoder(&self) -> Option<&dyn Encoder> {
        Some(self)
    }
}

impl Encoder for Orderless {
    /// Returns the last hidden layer given all pixels.
    fn encode(&self, images: &Split) -> Features {
        let x = upload(images, &self.value.val().device());
        let seen = self.seen.val().sum_dim(0) + self.bias.val().unsqueeze();
        self.hidden(x.matmul(self.value.val()) + seen).into()
    }
}

impl ExplicitDensity for Orderless {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        let nats: Vec<Vec<f64>> = self
            .orderings
            .iter()
            .map(|order| Conditionals::bernoulli(self.log_odds(images, order), order.len()).log_density(images))
            .collect();
        let mean = |image: usize| log_sum_exp(nats.iter().map(|nats| nats[image])) - (nats.len() as f64).ln();
        (0..images.len()).map(mean).collect()
    }
}

impl Autoregressive for Orderless {
    fn ordering(&self) -> Vec<usize> {
        self.orderings[0].clone()
    }

    fn conditionals(&self, images: &Split) -> Conditionals {
        Conditionals::bernoulli(self.log_odds(images, &self.orderings[0]), self.pixels())
    }

    fn sample_from(&self, uniforms: &[f32]) -> Split {
        self.draw(uniforms, &self.orderings[0])
    }
}

impl Sampler for Orderless {
    fn support(&self) -> Support {
        Support::Binary
    }

    /// Draws an ordering of the ensemble for each image, then the image along it.
    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let pixels = self.pixels();
        let choice: Vec<usize> = (0..count).map(|_| noise.below(self.orderings.len())).collect();
        let uniforms = noise.uniforms(count * pixels);
        let mut images = vec![0.0; count * pixels];
        for (index, ordering) in self.orderings.iter().enumerate() {
            let chosen: Vec<usize> = (0..count).filter(|image| choice[*image] == index).collect();
            if chosen.is_empty() {
                continue;
            }
            let draws: Vec<f32> =
                chosen.iter().flat_map(|image| &uniforms[image * pixels..(image + 1) * pixels]).copied().collect();
            let drawn = self.draw(&draws, ordering);
            for (image, values) in chosen.iter().zip(drawn.images()) {
                images[image * pixels..(image + 1) * pixels].copy_from_slice(values);
            }
        }
        Split::new(images, pixels)
    }
}
