//! A data set in memory.

use std::sync::Arc;

use protocol::Support;
use sha2::{Digest, Sha256};

use crate::{Binarize, CaptionReader, CaptionShape, ExactDensity, Noise, PartShape, Split};

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
    /// What images are described by, if they are.
    pub captions: Option<CaptionShape>,
    /// What is cut out of images, if anything is.
    pub parts: Option<PartShape>,
    /// The channels, rows and columns of the other domain's images, if there is one.
    pub other: Option<[usize; 3]>,
}

impl DataShape {
    /// Bare images of `[channels, height, width]`, so many for training, validation and test.
    #[must_use]
    pub const fn new(
        [channels, height, width]: [usize; 3],
        support: Support,
        [train, validation, test]: [usize; 3],
    ) -> Self {
        Self {
            channels,
            height,
            width,
            support,
            classes: None,
            train,
            validation,
            test,
            exact: false,
            captions: None,
            parts: None,
            other: None,
        }
    }

    /// Numbers per image: channels x height x width.
    #[must_use]
    pub fn pixels(&self) -> usize {
        self.channels * self.height * self.width
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
    /// Reads from an image what a caption says, where there are captions.
    pub reader: Option<Arc<dyn CaptionReader>>,
}

impl Dataset {
    /// A set of three splits, training, validation and test, and nothing else.
    #[must_use]
    pub fn new(shape: DataShape, [train, validation, test]: [Split; 3]) -> Self {
        Self { shape, train, validation, test, held_out: None, truth: None, binarize: Binarize::NONE, reader: None }
    }

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

    /// SHA-256 of the three splits and all they come with, and of what was held out, if anything.
    #[must_use]
    pub fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        for split in [&self.train, &self.validation, &self.test].into_iter().chain(&self.held_out) {
            split.hash(&mut hash);
        }
        protocol::trial::hex(&hash.finalize())
    }
}
