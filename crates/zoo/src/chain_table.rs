//! Chain rule without independence assumptions: p(x) = prod_i p(x_i | x_1 .. x_{i-1}). Every pixel has a table with one
//! cell per prefix of the image: 1 + 2 + 4 + ... = 2^n - 1 parameters.
//!
//! The pseudo-count is added to whole images, and a conditional is a ratio of sums over the images that share a
//! prefix. The product telescopes, so that the model equals `full_table` up to rounding: the chain rule alone saves no
//! parameters.

use burn::prelude::Device;
use data::{DataShape, Noise, Split};
use engine::{
    Autoregressive, Batch, Conditionals, ExplicitDensity, Family, GenerativeModel, LossGradient, ModelConfig, Part,
    Sampler, Scalars, Step, Trainer,
};
use protocol::{Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::joint::{Joint, check};

/// No settings: the pseudo-count is chosen on the validation split.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct ChainTable {}

impl ModelConfig for ChainTable {
    const NAME: &'static str = "chain_table";
    const ABOUT: &'static str =
        "Chain rule with one table per prefix, counted, exact; 2^n - 1 parameters, for at most 24 pixels.";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        check(data)
    }

    fn closed_form(&self) -> bool {
        true
    }

    fn tiny() -> Vec<Self> {
        vec![Self {}]
    }

    fn build(&self, data: &DataShape, _seed: u64, _device: &Device) -> Box<dyn Trainer> {
        Box::new(ChainTrainer(Joint::new(data.pixels())))
    }
}

/// Smoothed counts of prefixes: `sums[i][prefix]` counts the images that begin with these i pixels.
struct Chain {
    pixels: usize,
    sums: Vec<Vec<f64>>,
}

impl Chain {
    fn new(joint: &Joint, smoothing: f64) -> Self {
        let mut sums = vec![joint.counts.iter().map(|count| f64::from(*count) + smoothing).collect::<Vec<f64>>()];
        for _ in 0..joint.pixels {
            let longer = &sums[sums.len() - 1];
            sums.push(longer.chunks_exact(2).map(|pair| pair[0] + pair[1]).collect());
        }
        sums.reverse();
        Self { pixels: joint.pixels, sums }
    }

    /// P(the next pixel is 1 | the prefix of length `position`).
    fn probability(&self, position: usize, prefix: usize) -> f64 {
        self.sums[position + 1][2 * prefix + 1] / self.sums[position][prefix]
    }

    /// Yields the value of each pixel with the probability of a 1.
    fn conditionals_of<'a>(&'a self, image: &'a [f32]) -> impl Iterator<Item = (bool, f64)> + 'a {
        image.iter().enumerate().scan(0, |prefix, (position, value)| {
            let (value, p) = (*value > 0.5, self.probability(position, *prefix));
            *prefix = 2 * *prefix + usize::from(value);
            Some((value, p))
        })
    }
}

fn logit(p: f64) -> f32 {
    (p.ln() - (-p).ln_1p()) as f32
}

impl GenerativeModel for Chain {
    fn parameters(&self) -> u64 {
        (0..self.pixels).map(|position| self.sums[position].len() as u64).sum()
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

impl ExplicitDensity for Chain {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        images
            .images()
            .map(|image| self.conditionals_of(image).map(|(value, p)| if value { p.ln() } else { (-p).ln_1p() }).sum())
            .collect()
    }
}

impl Autoregressive for Chain {
    fn ordering(&self) -> Vec<usize> {
        (0..self.pixels).collect()
    }

    fn conditionals(&self, images: &Split) -> Conditionals {
        let log_odds = images.images().flat_map(|image| self.conditionals_of(image)).map(|(_, p)| logit(p)).collect();
        Conditionals::bernoulli(log_odds, self.pixels)
    }

    fn sample_from(&self, uniforms: &[f32]) -> Split {
        let mut pixels = Vec::with_capacity(uniforms.len());
        for draws in uniforms.chunks_exact(self.pixels) {
            let mut prefix = 0;
            for (position, uniform) in draws.iter().enumerate() {
                let value = Family::Bernoulli.draw(&[logit(self.probability(position, prefix))], *uniform);
                prefix = 2 * prefix + usize::from(value > 0.5);
                pixels.push(value);
            }
        }
        Split::new(pixels, self.pixels)
    }
}

impl Sampler for Chain {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        self.sample_from(&noise.uniforms(count * self.pixels))
    }
}

struct ChainTrainer(Joint);

impl Trainer for ChainTrainer {
    fn step(&mut self, batch: &Batch, _at: &Step) -> Scalars {
        self.0.count(&batch.host);
        Scalars(Vec::new())
    }

    fn finish(&mut self, validation: &Split) {
        let joint = &self.0;
        self.0.smoothing =
            crate::joint::choose(validation, |smoothing| Chain::new(joint, smoothing).log_density(validation))
                .unwrap_or(joint.smoothing);
    }

    fn gradients(&self, _batch: &Batch, _at: &Step) -> Vec<LossGradient> {
        Vec::new()
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        Box::new(Chain::new(&self.0, self.0.smoothing))
    }

    fn parts(&mut self) -> Vec<Part<'_>> {
        vec![Part::json("table", &mut self.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::full_table::FullTable;
    use crate::test_shape::shape;

    /// One table of images and a product of n conditionals give the same numbers.
    #[test]
    fn the_chain_rule_equals_the_full_joint() {
        let (height, width) = (3, 4);
        let data = shape(1, height, width);
        let mut noise = Noise::new(0, "chain rule", 0);
        let mut split = |count: usize| {
            Split::new(
                (0..count * height * width).map(|_| f32::from(u8::from(noise.bernoulli(0.3)))).collect(),
                height * width,
            )
        };
        let (train, validation) = (split(500), split(100));
        let device = Device::flex().autodiff();
        let trained = |mut trainer: Box<dyn Trainer>| {
            let batch = Batch::new(train.clone(), &device);
            trainer.step(&batch, &Step { index: 0, lr_factor: 1.0, seed: 0 });
            trainer.finish(&validation);
            trainer.snapshot()
        };
        let all = Split::new(
            (0..1 << (height * width)).flat_map(|index| Joint::image(index, height * width)).collect(),
            height * width,
        );
        let full = trained(FullTable {}.build(&data, 0, &device));
        let chain = trained(ChainTable {}.build(&data, 0, &device));
        let nats = |model: &dyn GenerativeModel| model.density().expect("a table has one").log_density(&all);
        let (full_nats, chain_nats) = (nats(&*full), nats(&*chain));
        let worst = full_nats.iter().zip(&chain_nats).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(worst < 1e-12, "{worst}");
        assert_eq!(full.parameters(), chain.parameters());
        assert_eq!(chain.parameters(), (1 << (height * width)) - 1);
    }
}
