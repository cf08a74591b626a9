//! A data set in memory.

use std::sync::Arc;

use protocol::Support;
use sha2::{Digest, Sha256};

use crate::{Binarize, CaptionReader, CaptionShape, ExactDensity, Noise, PartShape, Split};

/// Properties of a data set that are known before it is loaded, for which models are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataShape {
    /// Number of channels: 1 for grey or binary images, 3 for RGB.
    pub channels: usize,
    /// Height in pixels.
    pub height: usize,
    /// Width in pixels.
    pub width: usize,
    /// Support of the pixels, after binarization.
    pub support: Support,
    /// Number of classes, if images are labelled.
    pub classes: Option<usize>,
    /// Number of training images.
    pub train: usize,
    /// Number of validation images.
    pub validation: usize,
    /// Number of test images.
    pub test: usize,
    /// `true` if the true log-density is known.
    pub exact: bool,
    /// Vocabulary and length of the captions, if images have captions.
    pub captions: Option<CaptionShape>,
    /// Number and size of the parts that are cut out of each image, if any.
    pub parts: Option<PartShape>,
    /// Channels, height and width of the images of the other domain, if there is one.
    pub other: Option<[usize; 3]>,
}

impl DataShape {
    /// The shape of plain images of `[channels, height, width]`, with the numbers of training, validation and test images.
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

/// A loaded data set. The splits never depend on the seed of a trial.
#[derive(Clone)]
pub struct Dataset {
    /// Properties of the set.
    pub shape: DataShape,
    /// Training split. With dynamic binarization it is grey, and [`Dataset::batch`] draws the pixels.
    pub train: Split,
    /// Validation split, which selects the best step, smoothing and early stopping.
    pub validation: Split,
    /// Test split, which only measures read.
    pub test: Split,
    /// Images of a held-out class, which no split contains, if any. Only measures read them.
    pub held_out: Option<Split>,
    /// True density, if it is known.
    pub truth: Option<Arc<dyn ExactDensity>>,
    /// Binarization of the pixels; [`Binarize::NONE`] for data that are not binarized.
    pub binarize: Binarize,
    /// Reader of the attributes of an image that captions describe, if there are captions.
    pub reader: Option<Arc<dyn CaptionReader>>,
    /// Hash of the bytes that were read from files, in the form of [`DataConfig::hash`](crate::DataConfig::hash). With
    /// `None`, [`load_verified`](crate::load_verified) hashes the files after loading.
    pub files_hash: Option<String>,
}

impl Dataset {
    /// A set of a training, a validation and a test split, without a density, captions or held-out images.
    #[must_use]
    pub fn new(shape: DataShape, [train, validation, test]: [Split; 3]) -> Self {
        Self {
            shape,
            train,
            validation,
            test,
            held_out: None,
            truth: None,
            binarize: Binarize::NONE,
            reader: None,
            files_hash: None,
        }
    }

    /// The training images at `indices` for a batch at `step`. With dynamic binarization every pixel is drawn from the
    /// seed of the set and the step.
    #[must_use]
    pub fn batch(&self, indices: &[usize], step: u64) -> Split {
        let mut batch = self.train.select(indices);
        if self.binarize.is_dynamic() {
            let mut noise = Noise::new(self.binarize.seed, "binarize/train", step);
            crate::binarize::draw(&mut batch.pixels, &mut noise);
        }
        batch
    }

    /// SHA-256 of the three splits, with labels, captions, parts and partners, and of the held-out images, if any.
    #[must_use]
    pub fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        for split in [&self.train, &self.validation, &self.test].into_iter().chain(&self.held_out) {
            split.hash(&mut hash);
        }
        protocol::trial::hex(&hash.finalize())
    }
}
