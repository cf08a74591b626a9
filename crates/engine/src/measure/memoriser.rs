//! Model that has memorised the training images.

use data::{Dataset, Noise, Split};
use protocol::Support;

use crate::{GenerativeModel, Sampler};

/// Model that draws training images, each with the same probability. It is the control of measures that look for copies.
pub(super) struct Memoriser {
    images: Split,
    support: Support,
}

impl Memoriser {
    /// A model of the images of a training step: with dynamic binarization the training split itself is grey.
    pub(super) fn of(data: &Dataset) -> Self {
        let all: Vec<usize> = (0..data.train.len()).collect();
        Self { images: data.batch(&all, 0), support: data.shape.support }
    }
}

impl GenerativeModel for Memoriser {
    fn parameters(&self) -> u64 {
        self.images.pixels.len() as u64
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        (!self.images.is_empty()).then_some(self as &dyn Sampler)
    }
}

impl Sampler for Memoriser {
    fn support(&self) -> Support {
        self.support
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let chosen: Vec<usize> = (0..count).map(|_| noise.below(self.images.len())).collect();
        Split::new(self.images.select(&chosen).pixels, self.images.image_len)
    }
}
