//! Capabilities of a trained NADE: density, conditionals, samples, features.

use ::nn::ordering::to_raster;
use ::nn::{sigmoid, upload};
use burn::prelude::*;
use data::Split;
use engine::{
    Autoregressive, Conditionals, Encoder, ExplicitDensity, Features, GenerativeModel, ProductOfConditionals, Sampler,
};
use protocol::Support;

use super::Nade;

/// Number of images per chunk of an evaluation.
const IMAGES: usize = 250;

impl GenerativeModel for Nade {
    fn parameters(&self) -> u64 {
        ::nn::parameter_count(self)
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
    /// Returns the hidden layer given all pixels: sigmoid(c + sum of W_d x_d).
    fn encode(&self, images: &Split) -> Features {
        let shape = [images.len(), self.ordering.len()];
        let x = Tensor::<2>::from_data(TensorData::new(self.in_order(images), shape), &self.device());
        sigmoid(x.matmul(self.input.val()) + self.input_bias.val().unsqueeze()).into()
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

    /// Takes O(n h) operations per image: the hidden state changes only where a pixel is 1.
    fn sample_from(&self, uniforms: &[f32]) -> Split {
        let pixels = to_raster(&self.weights().sample(uniforms), &self.ordering);
        Split::new(pixels, self.ordering.len())
    }
}

impl ProductOfConditionals for Nade {
    fn support(&self) -> Support {
        Support::Binary
    }
}
