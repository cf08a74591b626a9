//! Shared parts of the mixtures: each image is drawn from one of several equally likely components, which is its label.

use super::draws::{Stream, images};
use super::numbers::{entropy_draws, entropy_from};
use crate::{Entropy, ExactDensity, Noise, Split};

/// A mixture of equally likely components.
pub(crate) trait Components: ExactDensity {
    /// Number of components.
    fn components(&self) -> usize;

    /// Number of pixels of an image.
    fn image_len(&self) -> usize;

    /// Draws an image in place, and returns the index of its component.
    fn draw_into(&self, noise: &mut Noise, image: &mut [f32]) -> usize;

    /// The probability of each component.
    fn equal_weights(&self) -> Vec<f64> {
        vec![1.0 / self.components() as f64; self.components()]
    }

    /// Draws `count` images with their labels.
    fn labelled_images(&self, stream: &Stream, count: usize) -> Split {
        let mut noise = stream.noise(0);
        let mut labels = Vec::with_capacity(count);
        let split = images(self.image_len(), count, |image| labels.push(self.draw_into(&mut noise, image) as u16));
        Split { labels: Some(labels), ..split }
    }

    /// Monte Carlo mean of the surprise over draws from `noise`: 100,000 for 10 components up to 14x14, then fewer (about
    /// 200 million terms of a pixel in all), but at least 1,000.
    fn entropy_by_draws(&self, mut noise: Noise) -> Entropy {
        let mut image = vec![0.0; self.image_len()];
        let work = self.image_len() * self.components().div_ceil(10);
        entropy_from(entropy_draws(work), || {
            self.draw_into(&mut noise, &mut image);
            -self.log_density(&image)
        })
    }
}
