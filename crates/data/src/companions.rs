//! What an image may come with besides a label: a caption, parts cut out of it.

use sha2::{Digest, Sha256};

/// What captions are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaptionShape {
    /// How many words there are; word 0 fills captions up to their length.
    pub vocabulary: usize,
    /// Words per caption, filled up.
    pub words: usize,
}

/// Captions as numbers of words, `[image][word]`, each filled up with word 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captions {
    /// All words, caption after caption.
    pub words: Vec<u16>,
    /// Words per caption.
    pub caption_len: usize,
}

impl Captions {
    /// The captions, one after the other.
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

/// Reads from an image what captions speak of.
pub trait CaptionReader: Send + Sync {
    /// The names of what is read, in the order of the other answers.
    fn attributes(&self) -> &'static [&'static str];

    /// What a caption says of each attribute; `None` where it says nothing.
    fn stated(&self, caption: &[u16]) -> Vec<Option<u8>>;

    /// What an image shows; `None` if it is like no scene that a caption can describe.
    fn read(&self, image: &[f32]) -> Option<Vec<Option<u8>>>;

    /// The caption in words, for people.
    fn text(&self, caption: &[u16]) -> String;
}

/// What is cut out of each image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartShape {
    /// Parts per image.
    pub count: usize,
    /// Rows and columns of a part.
    pub side: usize,
}

/// Square parts of images, without a word on where they were; the mask and the places are what a
/// model is to find out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parts {
    /// `[image][part][channel][row][column]`. The order of parts means nothing.
    pub pixels: Vec<f32>,
    /// Parts per image.
    pub count: usize,
    /// Numbers per part: channels x side x side.
    pub part_len: usize,
    /// 1 where a part was, else 0: `[image][row][column]`.
    pub masks: Vec<f32>,
    /// Numbers per mask: height x width.
    pub mask_len: usize,
    /// The row and column of each part's first pixel, `[image][part]`. For measures alone.
    pub places: Vec<[u16; 2]>,
}

impl Parts {
    /// The parts of each image, one after the other.
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
    // Whole rows are copied at once; an iterator over their numbers would test for a row's end at each.
    indices.iter().map(|&index| &values[index * width..][..width]).collect::<Vec<_>>().concat()
}
