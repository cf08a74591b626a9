//! Table of all images, estimated by counting.

use burn::prelude::Device;
use data::{DataShape, Noise, Split};
use engine::{
    Batch, ExplicitDensity, GenerativeModel, LossGradient, ModelConfig, Part, Sampler, Scalars, Step, Trainer,
};
use protocol::{Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Largest number of pixels: 4,096 images.
const PIXELS: usize = 12;

/// Settings of a table with one cell per binary image.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Counts {
    /// Pseudo-count of every image.
    pub pseudo_count: f64,
}

impl Default for Counts {
    fn default() -> Self {
        Self { pseudo_count: 0.1 }
    }
}

impl ModelConfig for Counts {
    const NAME: &'static str = "laws_counts";
    const ABOUT: &'static str = "Table of all binary images, counted.";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        super::check_binary(data)?;
        if data.pixels() > PIXELS {
            return Err(Problem::new("", format!("{} pixels have too many images", data.pixels()))
                .help(format!("use at most {PIXELS} pixels")));
        }
        if self.pseudo_count > 0.0 && self.pseudo_count.is_finite() {
            return Ok(());
        }
        Err(Problem::new("pseudo_count", format!("{} is out of range", self.pseudo_count)).help("above 0"))
    }

    fn closed_form(&self) -> bool {
        true
    }

    fn tiny() -> Vec<Self> {
        vec![Self::default()]
    }

    fn build(&self, data: &DataShape, _seed: u64, _device: &Device) -> Box<dyn Trainer> {
        Box::new(Table { pixels: data.pixels(), counts: vec![self.pseudo_count; 1 << data.pixels()] })
    }
}

/// Model and its trainer: counts of all images, pseudo-counts included.
#[derive(Clone)]
struct Table {
    pixels: usize,
    counts: Vec<f64>,
}

fn index(image: &[f32]) -> usize {
    image.iter().rev().fold(0, |index, pixel| 2 * index + usize::from(*pixel > 0.5))
}

impl Trainer for Table {
    fn step(&mut self, batch: &Batch, _at: &Step) -> Scalars {
        batch.host.images().for_each(|image| self.counts[index(image)] += 1.0);
        Scalars(Vec::new())
    }

    fn gradients(&self, _batch: &Batch, _at: &Step) -> Vec<LossGradient> {
        Vec::new()
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        Box::new(self.clone())
    }

    fn parts(&mut self) -> Vec<Part<'_>> {
        vec![Part::json("counts", &mut self.counts)]
    }
}

impl GenerativeModel for Table {
    fn parameters(&self) -> u64 {
        self.counts.len() as u64 - 1
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }

    fn density(&self) -> Option<&dyn ExplicitDensity> {
        Some(self)
    }
}

impl ExplicitDensity for Table {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        let total = self.counts.iter().sum::<f64>();
        images.images().map(|image| (self.counts[index(image)] / total).ln()).collect()
    }
}

impl Sampler for Table {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let image = |index: usize| (0..self.pixels).map(move |pixel| (index >> pixel & 1) as f32);
        Split::new((0..count).flat_map(|_| image(noise.categorical(&self.counts))).collect(), self.pixels)
    }
}
