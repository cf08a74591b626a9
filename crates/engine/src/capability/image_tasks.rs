//! Images of captions, of parts and of another domain.

use data::{Captions, Noise, Parts, Split};
use protocol::Support;

/// Sampler of images for captions.
pub trait ConditionalSampler {
    /// Support of the images.
    fn support(&self) -> Support;

    /// Draws one image per caption.
    fn sample_for(&self, captions: &Captions, noise: &mut Noise) -> Split;
}

/// Restoration of whole images from parts without known positions.
pub trait Restorer {
    /// Restores one image per set of parts, and predicts a mask of the parts.
    ///
    /// Only the pixels of `parts` may be used, not their true positions and masks.
    fn restore(&self, parts: &Parts, noise: &mut Noise) -> Restored;
}

/// Result of a [`Restorer`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Restored {
    /// The whole images.
    pub images: Split,
    /// Predicted probability that a part covers each position, 0 to 1: `[image][row][column]`.
    pub masks: Vec<f32>,
}

/// Translation of images between two domains: that of the data set (A) and its other domain (B).
pub trait Translator {
    /// Translates images of A to B, one per image.
    fn forth(&self, images: &Split) -> Split;

    /// Translates images of B to A, one per image.
    fn back(&self, images: &Split) -> Split;
}
