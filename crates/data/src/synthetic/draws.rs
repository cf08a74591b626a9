//! Shared parts of the synthetic sets: sizes, counts, and three splits from three random streams.

use std::sync::Arc;

use protocol::Support;

use crate::check::{real, whole};
use crate::{DataError, DataShape, Dataset, ExactDensity, Noise, Split};

/// Default height and width in pixels.
pub(crate) const SIDE: usize = 8;
/// Default numbers of training, validation and test images.
pub(crate) const COUNTS: [usize; 3] = [4_000, 1_000, 2_000];

/// Default standard deviation of normal noise.
pub(crate) const SIGMA: f64 = 0.5;

const MAX_SIDE: usize = 256;
/// Largest number of pixels of all images: 2 GiB of `f32`.
const MAX_PIXELS: usize = 1 << 29;

/// The settings that every synthetic set has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draws {
    pub(crate) height: usize,
    pub(crate) width: usize,
    /// Seed of the set, not of the trial.
    pub(crate) seed: u64,
    /// Numbers of training, validation and test images.
    pub(crate) counts: [usize; 3],
}

impl Draws {
    /// Checks sizes and counts, and returns the shape.
    pub(crate) fn shape(&self, support: Support, classes: Option<usize>) -> Result<DataShape, DataError> {
        whole("height", self.height, 1..=MAX_SIDE, "1 to 256 pixels")?;
        whole("width", self.width, 1..=MAX_SIDE, "1 to 256 pixels")?;
        for (name, count) in ["train", "validation", "test"].into_iter().zip(self.counts) {
            let most = MAX_PIXELS / 3 / (self.height * self.width);
            whole(name, count, 1..=most, &format!("1 to {most} images of this size"))?;
        }
        let [train, validation, test] = self.counts;
        Ok(DataShape {
            classes,
            exact: true,
            ..DataShape::new([1, self.height, self.width], support, [train, validation, test])
        })
    }

    /// The set called `name`. Each split has a random stream of its own, so that the size of one split does not change the
    /// images of another.
    pub(crate) fn dataset<S: Source + 'static>(&self, name: &str, shape: DataShape, source: S) -> Dataset {
        let split = |part: &str, count| {
            source.draw(&Stream { seed: self.seed, purpose: format!("synthetic/{name}/{part}") }, count)
        };
        let splits = [("train", shape.train), ("validation", shape.validation), ("test", shape.test)];
        let splits = splits.map(|(part, count)| split(part, count));
        Dataset { truth: Some(Arc::new(source)), ..Dataset::new(shape, splits) }
    }
}

/// A distribution from which images are drawn.
pub(crate) trait Source: ExactDensity {
    /// Draws `count` images. The first images do not depend on `count`.
    fn draw(&self, stream: &Stream, count: usize) -> Split;
}

/// Key of the random numbers of a split.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    pub(crate) seed: u64,
    pub(crate) purpose: String,
}

impl Stream {
    pub(crate) fn noise(&self, index: u64) -> Noise {
        Noise::new(self.seed, &self.purpose, index)
    }
}

/// Unlabelled images. `draw` writes each image into pixels that are 0.
pub(crate) fn images(image_len: usize, count: usize, mut draw: impl FnMut(&mut [f32])) -> Split {
    let mut pixels = vec![0.0; image_len * count];
    pixels.chunks_exact_mut(image_len).for_each(&mut draw);
    Split::new(pixels, image_len)
}

/// The image as bits; `None` outside of the support: another size, or a pixel that is not 0 or 1.
pub(crate) fn bits(image: &[f32], len: usize) -> Option<Vec<bool>> {
    let inside = image.len() == len && image.iter().all(|pixel| *pixel == 0.0 || *pixel == 1.0);
    inside.then(|| image.iter().map(|pixel| *pixel == 1.0).collect())
}

/// The image in f64; `None` outside of the support: another size, or a pixel that is not finite.
pub(crate) fn reals(image: &[f32], len: usize) -> Option<impl Iterator<Item = f64>> {
    let inside = image.len() == len && image.iter().all(|pixel| pixel.is_finite());
    inside.then(|| image.iter().map(|pixel| f64::from(*pixel)))
}

/// Refuses a standard deviation of noise that is out of range. At the smallest one, rounding a pixel to `f32` changes it by
/// less than a thousandth of the standard deviation.
pub(crate) fn sigma(value: f64) -> Result<(), DataError> {
    real("sigma", value, 0.001..=1_000.0, "0.001 to 1,000")
}

/// Pixel of a bit: 0 or 1.
pub(crate) fn pixel(bit: bool) -> f32 {
    f32::from(u8::from(bit))
}
