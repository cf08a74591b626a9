//! Images drawn by a code that stands for something in them.

use data::{Noise, Split};

use crate::Features;

/// What a code is made of. Under the prior every category is equally likely, every continuous number
/// is uniform on [-1, 1], and all are independent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeShape {
    /// Categories to choose one from; 0 if the code has no category.
    pub categories: usize,
    /// Continuous numbers.
    pub continuous: usize,
}

/// Codes, one per image.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Codes {
    /// The category of each; all 0 where there are none.
    pub categories: Vec<usize>,
    /// The continuous numbers of each.
    pub continuous: Features,
}

impl CodeShape {
    /// `count` draws from the prior.
    #[must_use]
    pub fn draw(&self, count: usize, noise: &mut Noise) -> Codes {
        let categories = (0..count).map(|_| if self.categories == 0 { 0 } else { noise.below(self.categories) });
        let categories = categories.collect();
        let values = (0..count * self.continuous).map(|_| 2.0 * noise.uniform() - 1.0).collect();
        Codes { categories, continuous: Features { values, width: self.continuous } }
    }
}

impl Codes {
    /// Some of them.
    #[must_use]
    pub fn part(&self, range: std::ops::Range<usize>) -> Self {
        let width = self.continuous.width;
        let values = self.continuous.values[range.start * width..range.end * width].to_vec();
        Self { categories: self.categories[range].to_vec(), continuous: Features { values, width } }
    }
}

/// Q(c|x) of images: a categorical and independent Gaussians, one per image.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CodePosteriors {
    /// Log-probabilities of the categories.
    pub log_categories: Features,
    /// Means of the continuous numbers.
    pub means: Features,
    /// Natural logarithms of their variances.
    pub log_variances: Features,
}

/// Draws images by a code, and reads codes from images.
pub trait Coded {
    /// What the code is made of.
    fn shape(&self) -> CodeShape;

    /// Draws an image of each code. Equal noise gives each place the same rest, whatever its code.
    fn draw_by(&self, codes: &Codes, noise: &mut Noise) -> Split;

    /// Q(c|x) of each image.
    fn read(&self, images: &Split) -> CodePosteriors;
}
