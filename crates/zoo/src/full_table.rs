//! Full joint table: p(x) = (count of x + a) / (N + 2^n a), one cell per image, 2^n - 1 free parameters.
//!
//! The table makes no assumption and does not generalise: an image that is not in the training split has only its
//! pseudo-count a, which is chosen on the validation split.

use burn::prelude::Device;
use data::{DataShape, Noise, Split};
use engine::{
    Batch, ExplicitDensity, GenerativeModel, LossGradient, ModelConfig, Part, Sampler, Scalars, Step, Trainer,
};
use protocol::{Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::joint::{Joint, check};

/// No settings: the pseudo-count is chosen on the validation split.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct FullTable {}

impl ModelConfig for FullTable {
    const NAME: &'static str = "full_table";
    const ABOUT: &'static str =
        "Joint table of all binary images, counted, exact; 2^n - 1 parameters, for at most 24 pixels.";

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
        Box::new(FullTrainer(Full(Joint::new(data.pixels()))))
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Full(Joint);

impl GenerativeModel for Full {
    fn parameters(&self) -> u64 {
        self.0.cells() as u64 - 1
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }

    fn density(&self) -> Option<&dyn ExplicitDensity> {
        Some(self)
    }
}

impl ExplicitDensity for Full {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        let Joint { smoothing, counts, total, .. } = &self.0;
        let mass = *total as f64 + smoothing * self.0.cells() as f64;
        images.images().map(|image| ((f64::from(counts[Joint::index(image)]) + smoothing) / mass).ln()).collect()
    }
}

impl Sampler for Full {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let image_len = self.0.pixels;
        let mut reached = 0.0;
        let cumulative: Vec<f64> = self
            .0
            .counts
            .iter()
            .map(|count| {
                reached += f64::from(*count) + self.0.smoothing;
                reached
            })
            .collect();
        let mut pixels = Vec::with_capacity(count * image_len);
        for _ in 0..count {
            let target = noise.uniform() * reached;
            let cell = cumulative.partition_point(|mass| *mass <= target).min(cumulative.len() - 1);
            pixels.extend(Joint::image(cell, image_len));
        }
        Split::new(pixels, image_len)
    }
}

struct FullTrainer(Full);

impl Trainer for FullTrainer {
    fn step(&mut self, batch: &Batch, _at: &Step) -> Scalars {
        self.0.0.count(&batch.host);
        Scalars(Vec::new())
    }

    fn finish(&mut self, validation: &Split) {
        let mut trial = self.0.clone();
        self.0.0.smoothing = crate::joint::choose(validation, |smoothing| {
            trial.0.smoothing = smoothing;
            trial.log_density(validation)
        })
        .unwrap_or(self.0.0.smoothing);
    }

    fn gradients(&self, _batch: &Batch, _at: &Step) -> Vec<LossGradient> {
        Vec::new()
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        Box::new(self.0.clone())
    }

    fn parts(&mut self) -> Vec<Part<'_>> {
        vec![Part::json("table", &mut self.0)]
    }
}
