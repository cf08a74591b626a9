//! A data set in memory.

use std::sync::Arc;

use protocol::Support;
use sha2::{Digest, Sha256};

use crate::{Binarize, ExactDensity, Noise};

/// What a data set offers, known before it is loaded: what models are fitted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataShape {
    /// 1 for grey or binary, 3 for RGB.
    pub channels: usize,
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// The set the pixels lie in, after binarization.
    pub support: Support,
    /// The number of classes, if images are labelled.
    pub classes: Option<usize>,
    /// Training images.
    pub train: usize,
    /// Validation images.
    pub validation: usize,
    /// Test images.
    pub test: usize,
    /// Whether the true log-density is known.
    pub exact: bool,
}

impl DataShape {
    /// Numbers per image: channels x height x width.
    #[must_use]
    pub fn pixels(&self) -> usize {
        self.channels * self.height * self.width
    }
}

/// Images of one split, `[image][channel][row][column]`. Pixels are in `[0, 1]`, whatever the
/// support, except under [`Support::Real`], where they are any finite number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Split {
    /// All pixels, image after image.
    pub pixels: Vec<f32>,
    /// The class of each image, if there are classes.
    pub labels: Option<Vec<u16>>,
    /// Numbers per image.
    pub image_len: usize,
}

impl Split {
    /// How many images there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pixels.len().checked_div(self.image_len).unwrap_or_default()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pixels.is_empty()
    }

    /// One image.
    #[must_use]
    pub fn image(&self, index: usize) -> &[f32] {
        &self.pixels[index * self.image_len..][..self.image_len]
    }

    /// The images, one after the other.
    pub fn images(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.pixels.chunks_exact(self.image_len.max(1))
    }

    /// The images (and labels) at `indices`, in that order.
    #[must_use]
    pub fn select(&self, indices: &[usize]) -> Self {
        Self {
            pixels: indices.iter().flat_map(|&index| self.image(index)).copied().collect(),
            labels: self.labels.as_ref().map(|labels| indices.iter().map(|&index| labels[index]).collect()),
            image_len: self.image_len,
        }
    }

    /// The first `count` images, or all if there are fewer.
    #[must_use]
    pub fn take(&self, count: usize) -> Self {
        let count = count.min(self.len());
        Self {
            pixels: self.pixels[..count * self.image_len].to_vec(),
            labels: self.labels.as_ref().map(|labels| labels[..count].to_vec()),
            image_len: self.image_len,
        }
    }
}

/// A loaded data set. Splits are fixed by the set, never by a trial's seed.
#[derive(Clone)]
pub struct Dataset {
    /// What it offers.
    pub shape: DataShape,
    /// For learning. Grey under dynamic binarization: [`Dataset::batch`] draws the pixels.
    pub train: Split,
    /// For choosing: the best step, smoothing, early stopping.
    pub validation: Split,
    /// Read once, at the end.
    pub test: Split,
    /// Images of a class that no split has, if one was held out. Read once, at the end.
    pub held_out: Option<Split>,
    /// The true density, where known.
    pub truth: Option<Arc<dyn ExactDensity>>,
    /// How pixels become binary; [`Binarize::NONE`] for data that is used as it is.
    pub binarize: Binarize,
}

impl Dataset {
    /// The training images at `indices` as the model sees them at `step`: under dynamic
    /// binarization every pixel is drawn anew, from the set's own seed and the step.
    #[must_use]
    pub fn batch(&self, indices: &[usize], step: u64) -> Split {
        let mut batch = self.train.select(indices);
        if self.binarize.is_dynamic() {
            let mut noise = Noise::new(self.binarize.seed, "binarize/train", step);
            crate::binarize::draw(&mut batch.pixels, &mut noise);
        }
        batch
    }

    /// SHA-256 of the three splits and their labels, and of what was held out, if anything.
    #[must_use]
    pub fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        for split in [&self.train, &self.validation, &self.test].into_iter().chain(&self.held_out) {
            hash.update((split.len() as u64).to_le_bytes());
            for pixel in &split.pixels {
                hash.update(pixel.to_le_bytes());
            }
            for label in split.labels.iter().flatten() {
                hash.update(label.to_le_bytes());
            }
        }
        protocol::trial::hex(&hash.finalize())
    }
}
