//! A data set in memory.

use std::sync::Arc;

use protocol::Support;
use sha2::{Digest, Sha256};

use crate::{Binarize, CaptionReader, CaptionShape, Captions, ExactDensity, Noise, PartShape, Parts};

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
    /// A caption of each image.
    pub captions: Option<Captions>,
    /// What was cut out of each image.
    pub parts: Option<Parts>,
    /// As many images of another domain. In the training split image i here and image i there have
    /// nothing to do with each other; in the others they are a true pair, for measures alone.
    pub other: Option<Box<Split>>,
}

impl Split {
    /// Bare images.
    #[must_use]
    pub fn new(pixels: Vec<f32>, image_len: usize) -> Self {
        Self { pixels, image_len, ..Self::default() }
    }

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

    /// The images at `indices` and all they come with, in that order.
    #[must_use]
    pub fn select(&self, indices: &[usize]) -> Self {
        Self {
            pixels: rows(&self.pixels, self.image_len, indices),
            labels: self.labels.as_ref().map(|labels| rows(labels, 1, indices)),
            image_len: self.image_len,
            captions: self.captions.as_ref().map(|captions| captions.select(indices)),
            parts: self.parts.as_ref().map(|parts| parts.select(indices)),
            other: self.other.as_ref().map(|other| Box::new(other.select(indices))),
        }
    }

    /// The first `count` images, or all if there are fewer.
    #[must_use]
    pub fn take(&self, count: usize) -> Self {
        self.select(&(0..count.min(self.len())).collect::<Vec<_>>())
    }

    fn hash(&self, hash: &mut Sha256) {
        hash.update((self.len() as u64).to_le_bytes());
        for pixel in &self.pixels {
            hash.update(pixel.to_le_bytes());
        }
        for label in self.labels.iter().flatten() {
            hash.update(label.to_le_bytes());
        }
        if let Some(captions) = &self.captions {
            captions.hash(hash);
        }
        if let Some(parts) = &self.parts {
            parts.hash(hash);
        }
        if let Some(other) = &self.other {
            hash.update(b"other");
            other.hash(hash);
        }
    }
}

/// The rows of `width` values at `indices`.
pub(crate) fn rows<T: Copy>(values: &[T], width: usize, indices: &[usize]) -> Vec<T> {
    // Whole rows are copied at once; an iterator over their numbers would test for a row's end at each.
    indices.iter().map(|&index| &values[index * width..][..width]).collect::<Vec<_>>().concat()
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
