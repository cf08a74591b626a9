//! Conditional probability tables of order k in raster order: counts, not gradients.
//!
//! p(x) = prod_i p(x_i | x_{i-k}, ..., x_{i-1}), one table per pixel, hence
//! 2^k - 1 + (n - k) 2^k free parameters over n pixels. Order 0 are independent pixels; order
//! n - 1 is the full joint.

use std::path::Path;

use data::{DataShape, Noise, Split};
use engine::{
    Autoregressive, Batch, Budget, ExplicitDensity, GenerativeModel, RecordError, Sampler, Scalars, Step, Trainer,
};
use protocol::{Problem, Support, atomic};
use serde::{Deserialize, Serialize};

/// Pseudo-counts per cell that the validation split chooses from. The Krichevsky-Trofimov
/// estimator is 1/2, Laplace's is 1.
const SMOOTHING: [f64; 10] = [0.001, 0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0];

/// Tables larger than this would not fit the memory of a small machine.
const MAX_CELLS: u128 = 1 << 24;

/// Counts of each pixel's value under each context.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Table {
    order: usize,
    smoothing: f64,
    /// `[pixel][context][value]`; a context's lowest bit is the nearest pixel.
    counts: Vec<Vec<[u32; 2]>>,
}

/// Whether tables of this order fit the data and the memory.
pub(crate) fn check(order: usize, data: &DataShape) -> Result<(), Problem> {
    crate::bernoulli::check_binary(data)?;
    let pixels = data.pixels();
    if order >= pixels {
        return Err(Problem::new("order", format!("order {order} looks back further than {pixels} pixels go"))
            .help(format!("at most {}", pixels - 1)));
    }
    let cells = (pixels as u128) << order.min(100);
    if cells > MAX_CELLS {
        return Err(Problem::new("order", format!("tables of order {order} over {pixels} pixels have {cells} cells"))
            .help(format!("at most {MAX_CELLS} cells")));
    }
    Ok(())
}

impl Table {
    /// Empty tables.
    pub(crate) fn new(order: usize, pixels: usize) -> Self {
        let counts = (0..pixels).map(|pixel| vec![[0; 2]; 1 << order.min(pixel)]).collect();
        Self { order, smoothing: 0.5, counts }
    }

    /// The context of the next pixel once `value` follows `context`.
    fn slide(&self, context: usize, value: bool) -> usize {
        ((context << 1) | usize::from(value)) & ((1 << self.order) - 1)
    }

    /// P(pixel = 1 | context), smoothed.
    fn probability(&self, pixel: usize, context: usize) -> f64 {
        let [zeros, ones] = self.counts[pixel][context].map(f64::from);
        (ones + self.smoothing) / (zeros + ones + 2.0 * self.smoothing)
    }

    /// Walks an image's pixels with the probability of each being 1.
    fn conditionals_of<'a>(&'a self, image: &'a [f32]) -> impl Iterator<Item = (bool, f64)> + 'a {
        image.iter().enumerate().scan(0, |context, (pixel, value)| {
            let (value, probability) = (*value > 0.5, self.probability(pixel, *context));
            *context = self.slide(*context, value);
            Some((value, probability))
        })
    }

    fn count(&mut self, image: &[f32]) {
        let mut context = 0;
        for (pixel, value) in image.iter().enumerate() {
            let value = *value > 0.5;
            self.counts[pixel][context][usize::from(value)] += 1;
            context = self.slide(context, value);
        }
    }

    fn mean_nll(&self, images: &Split) -> f64 {
        -self.log_density(images).iter().sum::<f64>() / images.len() as f64
    }
}

impl GenerativeModel for Table {
    fn parameters(&self) -> u64 {
        self.counts.iter().map(|contexts| contexts.len() as u64).sum()
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

impl ExplicitDensity for Table {
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

impl Autoregressive for Table {
    fn ordering(&self) -> Vec<usize> {
        (0..self.counts.len()).collect()
    }

    fn conditionals(&self, images: &Split) -> Vec<f32> {
        images.images().flat_map(|image| self.conditionals_of(image)).map(|(_, p)| logit(p)).collect()
    }

    fn sample_from(&self, uniforms: &[f32]) -> Split {
        let pixels = self.counts.len();
        let mut images = Vec::with_capacity(uniforms.len());
        for draws in uniforms.chunks_exact(pixels) {
            let mut context = 0;
            for (pixel, uniform) in draws.iter().enumerate() {
                let value = engine::capability::draw(*uniform, logit(self.probability(pixel, context)));
                context = self.slide(context, value > 0.5);
                images.push(value);
            }
        }
        Split { pixels: images, labels: None, image_len: pixels }
    }
}

fn logit(p: f64) -> f32 {
    (p.ln() - (-p).ln_1p()) as f32
}

impl Sampler for Table {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        self.sample_from(&noise.uniforms(count * self.counts.len()))
    }
}

/// Counts every training image once, then lets the validation split choose the smoothing.
pub(crate) struct TableTrainer(pub(crate) Table);

impl Trainer for TableTrainer {
    fn budget(&self) -> Budget {
        Budget::OnePass
    }

    fn step(&mut self, batch: &Batch, _at: &Step) -> Scalars {
        batch.host.images().for_each(|image| self.0.count(image));
        Scalars(Vec::new())
    }

    fn finish(&mut self, validation: &Split) {
        if validation.is_empty() {
            return;
        }
        let nll = |smoothing| Table { smoothing, ..self.0.clone() }.mean_nll(validation);
        let scored = SMOOTHING.map(|smoothing| (nll(smoothing), smoothing));
        if let Some((nll, smoothing)) = scored.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)) {
            tracing::info!(name: "smoothing", smoothing, validation_nll = nll);
            self.0.smoothing = smoothing;
        }
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        Box::new(self.0.clone())
    }

    fn save(&self, dir: &Path) -> Result<(), RecordError> {
        let path = dir.join("table.json");
        atomic::write_json(&path, &self.0).map_err(|error| RecordError::new(&path, error))
    }

    fn load(&mut self, dir: &Path) -> Result<(), RecordError> {
        let path = dir.join("table.json");
        self.0 = atomic::read_json(&path).map_err(|error| RecordError::new(&path, error))?;
        Ok(())
    }
}
