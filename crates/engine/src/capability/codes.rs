//! Capability of models that generate images from a code and read the code from images.

use data::{Noise, Split};

use crate::Features;

/// Parts of a code: one category and continuous numbers.
///
/// Under the prior all categories are equally likely, continuous numbers are uniform on [-1, 1], and all parts are
/// independent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeShape {
    /// Number of categories; 0 if the code has no category.
    pub categories: usize,
    /// Number of continuous numbers.
    pub continuous: usize,
}

/// Codes, one per image.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Codes {
    /// Category of each code, from 0; all 0 if the code has no category.
    pub categories: Vec<usize>,
    /// Continuous numbers of each code, `[image][number]`, in [-1, 1].
    pub continuous: Features,
}

impl CodeShape {
    /// Draws `count` codes from the prior.
    #[must_use]
    pub fn draw(&self, count: usize, noise: &mut Noise) -> Codes {
        let categories = (0..count).map(|_| if self.categories == 0 { 0 } else { noise.below(self.categories) });
        let categories = categories.collect();
        let values = (0..count * self.continuous).map(|_| 2.0 * noise.uniform() - 1.0).collect();
        Codes { categories, continuous: Features { values, width: self.continuous } }
    }
}

impl Codes {
    /// The codes with indices in `range`.
    #[must_use]
    pub fn part(&self, range: std::ops::Range<usize>) -> Self {
        let width = self.continuous.width;
        let values = self.continuous.values[range.start * width..range.end * width].to_vec();
        Self { categories: self.categories[range].to_vec(), continuous: Features { values, width } }
    }
}

/// Distributions Q(c|x) of the codes of images: a categorical distribution and independent Gaussians per image.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CodePosteriors {
    /// Log-probabilities of the categories in nats, `[image][category]`.
    pub log_categories: Features,
    /// Means of the continuous numbers, `[image][number]`.
    pub means: Features,
    /// Natural logarithms of their variances, `[image][number]`.
    pub log_variances: Features,
}

/// Generation of images from codes, and recognition of codes in images.
pub trait Coded {
    /// Parts of the code.
    fn shape(&self) -> CodeShape;

    /// Draws one image per code.
    ///
    /// With equal noise, images at one index differ in the effect of the code only.
    fn draw_by(&self, codes: &Codes, noise: &mut Noise) -> Split;

    /// Distribution Q(c|x) of the code of each image.
    fn read(&self, images: &Split) -> CodePosteriors;
}
