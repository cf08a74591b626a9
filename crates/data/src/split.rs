//! Images of one split with their labels, captions, parts and partners.

use sha2::{Digest, Sha256};

use crate::companions::rows;
use crate::{Captions, Parts};

/// Images of one split, `[image][channel][row][column]`. Pixels are in `[0, 1]` on every support except
/// [`Support::Real`](protocol::Support::Real), where they are any finite number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Split {
    /// Pixels of all images in order.
    pub pixels: Vec<f32>,
    /// Class of each image, if the set has classes.
    pub labels: Option<Vec<u16>>,
    /// Numbers per image: channels x height x width.
    pub image_len: usize,
    /// Caption of each image, if the set has captions.
    pub captions: Option<Captions>,
    /// Parts that were cut out of each image, if any.
    pub parts: Option<Parts>,
    /// Images of another domain, as many as here. In the training split, image i of one domain is unrelated to image i of
    /// the other. In the other splits they are a true pair, for measures only.
    pub other: Option<Box<Split>>,
}

impl Split {
    /// Images without labels, captions, parts or partners.
    #[must_use]
    pub fn new(pixels: Vec<f32>, image_len: usize) -> Self {
        Self { pixels, image_len, ..Self::default() }
    }

    /// Number of images.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pixels.len().checked_div(self.image_len).unwrap_or_default()
    }

    /// Returns whether the split has no images.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pixels.is_empty()
    }

    /// Pixels of one image.
    #[must_use]
    pub fn image(&self, index: usize) -> &[f32] {
        &self.pixels[index * self.image_len..][..self.image_len]
    }

    /// Pixels of each image in order.
    pub fn images(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.pixels.chunks_exact(self.image_len.max(1))
    }

    /// The images at `indices` in that order, with their labels, captions, parts and partners.
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
