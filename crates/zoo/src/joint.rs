//! Counts of whole images: what the full table and the chain table are made of.

use data::{DataShape, Split};
use protocol::Problem;
use serde::{Deserialize, Serialize};

use crate::table::check_cells;

/// Pseudo-counts per image that the validation split chooses from: there are 2^n of them.
const SMOOTHING: [f64; 8] = [1e-4, 1e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0];

/// How often each image was seen, with one pseudo-count for all.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Joint {
    /// Pixels per image.
    pub(crate) pixels: usize,
    /// Added to every image's count.
    pub(crate) smoothing: f64,
    /// Images seen.
    pub(crate) total: u64,
    /// By [`Joint::index`].
    pub(crate) counts: Vec<u32>,
}

/// Whether a table of all images fits the memory.
pub(crate) fn check(data: &DataShape) -> Result<(), Problem> {
    crate::bernoulli::check_binary(data)?;
    let pixels = data.pixels();
    check_cells("", &format!("a table of all images of {pixels} pixels"), 1 << pixels.min(120))
}

impl Joint {
    /// Nothing seen yet.
    pub(crate) fn new(pixels: usize) -> Self {
        Self { pixels, smoothing: 1.0, total: 0, counts: vec![0; 1 << pixels] }
    }

    /// How many images there could be: 2^n.
    pub(crate) fn cells(&self) -> usize {
        self.counts.len()
    }

    /// An image's number; the first pixel is the highest bit, so that images with the same
    /// beginning are neighbours.
    pub(crate) fn index(image: &[f32]) -> usize {
        image.iter().fold(0, |index, pixel| 2 * index + usize::from(*pixel > 0.5))
    }

    /// The image of a number.
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

/// The pseudo-count with the highest mean log-density over the validation images.
pub(crate) fn choose(validation: &Split, mut log_density: impl FnMut(f64) -> Vec<f64>) -> Option<f64> {
    if validation.is_empty() {
        return None;
    }
    let scored = SMOOTHING.map(|smoothing| (log_density(smoothing).iter().sum::<f64>(), smoothing));
    let (nats, smoothing) = scored.into_iter().max_by(|a, b| a.0.total_cmp(&b.0))?;
    tracing::info!(name: "smoothing", smoothing, validation_nll = -nats / validation.len() as f64);
    Some(smoothing)
}
