//! Optimal detection score: the true likelihood ratio, where both densities are known.

use data::{ExactDensity, Split};

use super::anomalies::Anomaly;
use super::background::Background;

/// Log ratio of the data density to the density of the anomaly, up to a constant.
///
/// No score has a higher AUROC in expectation (Neyman and Pearson, 1933).
pub(super) struct Optimal<'a> {
    pub(super) truth: &'a dyn ExactDensity,
    /// Marginal distributions of `pixel_noise`.
    pub(super) pixels: &'a Background,
    /// The permutation of `shuffled`: its pixel i is pixel `order[i]` of a normal image.
    pub(super) order: &'a [usize],
}

impl Optimal<'_> {
    /// Scores of images; `None` if the density of the anomaly is unknown.
    pub(super) fn scores(&self, kind: Anomaly, images: &Split) -> Option<Vec<f64>> {
        let of = |score: &dyn Fn(&[f32]) -> f64| Some(images.images().map(score).collect());
        let p = |image: &[f32]| self.truth.log_density(image);
        match kind {
            Anomaly::HeldOut => None,
            Anomaly::Inverted => of(&|image| p(image) - p(&image.iter().map(|pixel| 1.0 - pixel).collect::<Vec<_>>())),
            Anomaly::Noise => of(&p),
            Anomaly::PixelNoise => {
                let own = self.pixels.log_density(images);
                Some(images.images().zip(own).map(|(image, own)| p(image) - own).collect())
            }
            Anomaly::Shuffled => of(&|image| {
                let mut back = vec![0.0; image.len()];
                self.order.iter().zip(image).for_each(|(index, pixel)| back[*index] = *pixel);
                p(image) - p(&back)
            }),
            // The only information is whether the image equals the single anomalous image.
            Anomaly::Blank | Anomaly::Full => {
                let pixel = if kind == Anomaly::Blank { 0.0 } else { 1.0 };
                of(&|image| f64::from(u8::from(image.iter().any(|own| *own != pixel))))
            }
        }
    }
}
