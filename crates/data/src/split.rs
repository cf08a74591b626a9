//! Images of one split and what they come with.

use sha2::{Digest, Sha256};

use crate::companions::rows;
use crate::{Captions, Parts};

/// Images of one split, `[image][channel][row][column]`. Pixels are in `[0, 1]`, whatever the
/// support, except under [`protocol::Support::Real`], where they are any finite number.
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

    pub(crate) fn hash(&self, hash: &mut Sha256) {
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
