//! Counts of whole images, shared by `full_table` and `chain_table`.

use data::{DataShape, Split};
use protocol::Problem;
use serde::{Deserialize, Serialize};

use crate::table::check_cells;

/// Pseudo-counts per image among which the validation split chooses. There are 2^n images.
const SMOOTHING: [f64; 8] = [1e-4, 1e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0];

/// Count of each image, with one pseudo-count for all images.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Joint {
    /// Pixels per image.
    pub(crate) pixels: usize,
    /// Pseudo-count that is added to the count of every image.
    pub(crate) smoothing: f64,
    /// Number of counted images.
    pub(crate) total: u64,
    /// Counts, indexed by [`Joint::index`].
    pub(crate) counts: Vec<u32>,
}

/// Refuses data that are not binary, and tables that do not fit the memory.
pub(crate) fn check(data: &DataShape) -> Result<(), Problem> {
    crate::bernoulli::check_binary(data)?;
    let pixels = data.pixels();
    check_cells("", &format!("a table of all images of {pixels} pixels"), 1 << pixels.min(120))
}

impl Joint {
    /// Returns counts of 0.
    pub(crate) fn new(pixels: usize) -> Self {
        Self { pixels, smoothing: 1.0, total: 0, counts: vec![0; 1 << pixels] }
    }

    /// Number of possible images: 2^n.
    pub(crate) fn cells(&self) -> usize {
        self.counts.len()
    }

    /// Number of an image. The first pixel is the highest bit, so that images with the same prefix are consecutive.
    pub(crate) fn index(image: &[f32]) -> usize {
        image.iter().fold(0, |index, pixel| 2 * index + usize::from(*pixel > 0.5))
    }

    /// Returns the pixels of the image with number `index`.
    pub(crate) fn image(index: usize, pixels: usize) -> impl Iterator<Item = f32> {
        (0..pixels).rev().map(move |bit| (index >> bit & 1) as f32)
    }

    /// Counts images.
    pub(crate) fn count(&mut self, images: &Split) {
        for image in images.images() {
            self.counts[Self::index(image)] += 1;
            self.total += 1;
        }
    }
}

/// Returns the pseudo-count with the highest mean log-density of the validation images.
pub(crate) fn choose(validation: &Split, mut log_density: impl FnMut(f64) -> Vec<f64>) -> Option<f64> {
    if validation.is_empty() {
        return None;
    }
    let scored = SMOOTHING.map(|smoothing| (log_density(smoothing).iter().sum::<f64>(), smoothing));
    let (nats, smoothing) = scored.into_iter().max_by(|a, b| a.0.total_cmp(&b.0))?;
    tracing::info!(name: "smoothing", smoothing, validation_nll = -nats / validation.len() as f64);
    Some(smoothing)
}
