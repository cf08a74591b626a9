//! Capabilities of MADE: a density and samples from its conditionals, and features.

use ::nn::upload;
use data::Split;
use engine::{
    Autoregressive, Conditionals, Encoder, ExplicitDensity, Features, GenerativeModel, ProductOfConditionals, Sampler,
};
use protocol::Support;

use super::masks::Degrees;
use super::{Made, average, sampler};

impl GenerativeModel for Made {
    /// Number of weights that at least one mask keeps, plus the biases.
    fn parameters(&self) -> u64 {
        let weights: usize = (0..self.layers.len()).map(|layer| Degrees::open(&self.degrees, layer)).sum();
        let biases: usize = self.layers.iter().map(|layer| layer.bias.dims()[0]).sum();
        let direct = self.direct.as_ref().map_or(0, |_| self.ordering.len() * (self.ordering.len() - 1) / 2);
        (weights + biases + direct) as u64
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

impl Encoder for Made {
    /// Returns the last hidden layer under the first set of masks. No hidden unit depends on the last pixel.
    fn encode(&self, images: &Split) -> Features {
        self.hidden(upload(images, &self.layers[0].weight.val().device()), 0).into()
    }
}

impl Autoregressive for Made {
    fn ordering(&self) -> Vec<usize> {
        self.ordering.clone()
    }

    fn conditionals(&self, images: &Split) -> Conditionals {
        let x = upload(images, &self.layers[0].weight.val().device());
        let sets: Vec<Vec<f32>> = (0..self.masks.len()).map(|set| self.logits(x.clone(), set).read()).collect();
        Conditionals::bernoulli(average(&sets), self.ordering.len())
    }

    /// Takes one forward pass per image: each hidden unit is computed once, as soon as its inputs are known.
    fn sample_from(&self, uniforms: &[f32]) -> Split {
        sampler::sample(self, uniforms)
    }
}

impl ProductOfConditionals for Made {
    fn support(&self) -> Support {
        Support::Binary
    }
}
