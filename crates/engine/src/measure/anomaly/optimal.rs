//! The best that any detector can do, where the distributions of both groups are known.

use data::{ExactDensity, Split};

use super::anomalies::Anomaly;
use super::background::Background;

/// log of p(x) over the density of the anomaly, of each image, up to a constant: no score has a higher AUROC in
/// expectation (Neyman and Pearson, 1933).
pub(super) struct Optimal<'a> {
    pub(super) truth: &'a dyn ExactDensity,
    /// The pixels that `pixel_noise` is drawn from.
    pub(super) pixels: &'a Background,
    /// The permutation of `shuffled`: its pixel i is pixel `order[i]` of a normal image.
    pub(super) order: &'a [usize],
}

impl Optimal<'_> {
    /// `None` where the anomaly's density is not known.
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
                self.order.iter().zip(image).for_each(|(place, pixel)| back[*place] = *pixel);
                p(image) - p(&back)
            }),
            // A single image: whether it is that one is all there is to know.
            Anomaly::Blank | Anomaly::Full => {
                let pixel = if kind == Anomaly::Blank { 0.0 } else { 1.0 };
                of(&|image| f64::from(u8::from(image.iter().any(|own| *own != pixel))))
            }
        }
    }
}
