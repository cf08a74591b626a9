//! Companions of an image besides its label: a caption, or parts that were cut out.

use sha2::{Digest, Sha256};

/// Vocabulary and length of captions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaptionShape {
    /// Number of words. Word 0 pads captions to their length.
    pub vocabulary: usize,
    /// Words per caption, with padding.
    pub words: usize,
}

/// Captions as indices of words, `[image][word]`, each padded with word 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captions {
    /// Words of all captions in order.
    pub words: Vec<u16>,
    /// Words per caption.
    pub caption_len: usize,
}

impl Captions {
    /// The captions in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[u16]> {
        self.words.chunks_exact(self.caption_len.max(1))
    }

    /// The captions at `indices`, in that order.
    #[must_use]
    pub fn select(&self, indices: &[usize]) -> Self {
        Self { words: rows(&self.words, self.caption_len, indices), caption_len: self.caption_len }
    }

    pub(crate) fn hash(&self, hash: &mut Sha256) {
        hash.update(b"captions");
        for word in &self.words {
            hash.update(word.to_le_bytes());
        }
    }
}

/// Reader of the attributes of an image that captions describe.
pub trait CaptionReader: Send + Sync {
    /// Names of the attributes, in the order of [`stated`](Self::stated) and [`read`](Self::read).
    fn attributes(&self) -> &'static [&'static str];

    /// Values of the attributes in a caption; `None` for an attribute that it does not state.
    fn stated(&self, caption: &[u16]) -> Vec<Option<u8>>;

    /// Values of the attributes in an image; `None` if the image is not close to any scene that a caption can describe.
    fn read(&self, image: &[f32]) -> Option<Vec<Option<u8>>>;

    /// The caption as text.
    fn text(&self, caption: &[u16]) -> String;
}

/// Number and size of the parts of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartShape {
    /// Parts per image.
    pub count: usize,
    /// Rows and columns of a part.
    pub side: usize,
}

/// Square parts of images without their positions. A model is to infer the masks and positions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parts {
    /// Pixels of the parts, `[image][part][channel][row][column]`. The order of the parts has no meaning.
    pub pixels: Vec<f32>,
    /// Parts per image.
    pub count: usize,
    /// Numbers per part: channels x side x side.
    pub part_len: usize,
    /// Masks, `[image][row][column]`: 1 where a part was, else 0.
    pub masks: Vec<f32>,
    /// Numbers per mask: height x width.
    pub mask_len: usize,
    /// Row and column of the first pixel of each part, `[image][part]`. Only measures read them.
    pub places: Vec<[u16; 2]>,
}

impl Parts {
    /// The parts of each image in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.pixels.chunks_exact((self.count * self.part_len).max(1))
    }

    /// The mask of each image.
    pub fn masks(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.masks.chunks_exact(self.mask_len.max(1))
    }

    /// The parts of the images at `indices`, in that order.
    #[must_use]
    pub fn select(&self, indices: &[usize]) -> Self {
        Self {
            pixels: rows(&self.pixels, self.count * self.part_len, indices),
            masks: rows(&self.masks, self.mask_len, indices),
            places: rows(&self.places, self.count, indices),
            ..*self
        }
    }

    pub(crate) fn hash(&self, hash: &mut Sha256) {
        hash.update(b"parts");
        for number in self.pixels.iter().chain(&self.masks) {
            hash.update(number.to_le_bytes());
        }
        for place in self.places.iter().flatten() {
            hash.update(place.to_le_bytes());
        }
    }
}

/// The rows of `width` values at `indices`.
pub(crate) fn rows<T: Copy>(values: &[T], width: usize, indices: &[usize]) -> Vec<T> {
    // Copying whole rows is faster than an iterator over numbers, which tests for the end of a row at each number.
    indices.iter().map(|&index| &values[index * width..][..width]).collect::<Vec<_>>().concat()
}
