//! Splits of a set whose files may or may not separate training, validation and test images.

use protocol::{Problem, Support};
use sha2::{Digest, Sha256};

use super::splits::{MAX_VALIDATION, limit};
use crate::{Binarize, DataError, DataShape, Dataset, Split, hold_out};

/// The images of all files of a set, without their pixels: first those for training, then validation, then test.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Numbers of training, validation and test images; 0 for a part that the files do not have.
    pub(crate) counts: [usize; 3],
    /// Channels, height and width.
    pub(crate) sides: [usize; 3],
    /// Class of each image, if there are classes.
    pub(crate) labels: Option<Vec<u16>>,
    /// Fixed order of the training images: training takes the front, missing parts take the back.
    pub(crate) order: Vec<usize>,
}

/// The settings that such sets share.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// The settings `train`, `validation` and `test`; 0 stands for the default number.
    pub(crate) counts: [usize; 3],
    pub(crate) hold_out: Option<u16>,
    pub(crate) binarize: Binarize,
    /// Support of the pixels without binarization.
    pub(crate) support: Support,
}

/// Indices of the images of each split, and of the held-out class.
#[derive(Debug)]
struct Indices {
    splits: [Vec<usize>; 3],
    held: Vec<usize>,
}

impl Stored {
    /// Properties of the set.
    pub(crate) fn shape(&self, wanted: Wanted) -> Result<DataShape, DataError> {
        let support = if wanted.binarize.is_binary() { Support::Binary } else { wanted.support };
        let counts = self.indices(wanted)?.splits.map(|split| split.len());
        let classes = self.labels.iter().flatten().max().map(|last| usize::from(*last) + 1);
        Ok(DataShape { classes, ..DataShape::new(self.sides, support, counts) })
    }

    /// The set, from the pixels of all images in order.
    pub(crate) fn dataset(&self, wanted: Wanted, pixels: Vec<f32>) -> Result<Dataset, DataError> {
        let (shape, indices) = (self.shape(wanted)?, self.indices(wanted)?);
        let all = Split { labels: self.labels.clone(), ..Split::new(pixels, shape.pixels()) };
        let part = |name: &str, indices: &[usize]| {
            let mut split = all.select(indices);
            wanted.binarize.apply(name, &mut split);
            split
        };
        let [train, validation, test] = &indices.splits;
        let splits = [part("train", train), part("validation", validation), part("test", test)];
        Ok(Dataset {
            held_out: wanted.hold_out.map(|_| part("held_out", &indices.held)),
            binarize: wanted.binarize,
            ..Dataset::new(shape, splits)
        })
    }

    /// SHA-256 of counts, sides, order, labels and pixels. Names and formats of files do not matter.
    pub(crate) fn sha256(&self, pixels: &[f32]) -> String {
        let mut hash = Sha256::new();
        for number in self.counts.iter().chain(&self.sides).chain(&self.order) {
            hash.update((*number as u64).to_le_bytes());
        }
        for label in self.labels.iter().flatten() {
            hash.update(label.to_le_bytes());
        }
        for pixel in pixels {
            hash.update(pixel.to_le_bytes());
        }
        protocol::trial::hex(&hash.finalize())
    }

    fn indices(&self, wanted: Wanted) -> Result<Indices, DataError> {
        let [train, validation, test] = self.counts;
        let is_kept = |index: &usize| match (&self.labels, wanted.hold_out) {
            (Some(labels), Some(class)) => labels[*index] != class,
            _ => true,
        };
        // Held-out images are those of the test part, or of all images if there is no such part.
        let tests = if test == 0 { 0..train + validation } else { train + validation..train + validation + test };
        if let Some(class) = wanted.hold_out {
            hold_out::check(class, self.labels.as_ref().map(|labels| labels[tests.clone()].iter().copied()))?;
        }
        let held = tests.clone().filter(|index| !is_kept(index)).collect();
        let [wants_train, wants_validation, wants_test] = wanted.counts;
        let mut front: Vec<usize> = self.order.iter().copied().filter(is_kept).collect();
        let tenth = (front.len() / 10).clamp(1, MAX_VALIDATION);
        let mut part = |name, stored: std::ops::Range<usize>, wants| {
            if !stored.is_empty() {
                let mut kept: Vec<usize> = stored.filter(is_kept).collect();
                kept.truncate(limit(name, wants, kept.len())?);
                return Ok(kept);
            }
            let count = if wants == 0 { tenth } else { wants };
            if count >= front.len() {
                let message = format!("{count} of {} images leaves none for training", front.len());
                return Err(Problem::new(name, message));
            }
            Ok(front.split_off(front.len() - count))
        };
        let test = part("test", if test == 0 { 0..0 } else { tests }, wants_test)?;
        let validation = part("validation", train..train + validation, wants_validation)?;
        front.truncate(limit("train", wants_train, front.len())?);
        for (name, split) in [("train", &front), ("validation", &validation), ("test", &test)] {
            if split.is_empty() {
                return Err(Problem::new(name, "no image is left").into());
            }
        }
        Ok(Indices { splits: [front, validation, test], held })
    }
}
