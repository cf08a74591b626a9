//! Tiny data sets on which the laws train models: 256 images per split, the same at every call.
//!
//! | set | shape | support | extra |
//! |---|---|---|---|
//! | [`binary`] | 1x2x3 | binary | exact density |
//! | [`levels`] | 3x1x2 (RGB) | 3 levels | exact density |
//! | [`real`] | 1x1x2 | real | exact density |
//! | [`described`] | 1x4x4 | continuous | captions of 2 words out of 5 |
//! | [`cut`] | 1x4x4 | continuous | one 2x2 part per image |
//! | [`two_domains`] | 1x4x4 | continuous | a second domain, 1x4x4 |
//! | [`even_binary`] | 1x2x4 | binary | exact density |
//! | [`even_levels`] | 1x2x2 | 3 levels | exact density |
//! | [`grey_pictures`], [`rgb_pictures`] | 1x8x8, 3x8x8 | continuous | |
//! | [`ising`] | 1x3x3 | binary | exact density; 8,192 training images |
//!
//! Shapes are channels x rows x columns. A model is tested on all of the first six data sets that it supports. A model
//! that supports none of them is tested on the even data sets, or else on the pictures ([`suited`]). [`ising`] is for
//! discriminators only.

mod halves;
mod truth;

use std::sync::Arc;

use data::{DataConfig, DataShape, Dataset, Ising, Noise, Split};
use protocol::Support;

pub use self::halves::{cut, described, two_domains};
use self::truth::{PixelNoise, Truth};

/// Number of images per split.
pub const IMAGES: usize = 256;

const PATTERNS: [[f32; 6]; 2] = [[1.0, 0.0, 1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0, 1.0, 1.0]];
const LEVEL_PATTERNS: [[f32; 4]; 2] = [[0.0, 0.5, 1.0, 1.0], [1.0, 0.5, 0.0, 0.0]];
const CENTRES: [[f32; 2]; 2] = [[-1.0, 0.5], [1.5, -1.0]];
/// Standard deviation of each real-valued pixel.
const SPREAD: [f64; 2] = [0.6, 0.5];
/// Probability of the first and of the second pattern.
const WEIGHTS: [f64; 2] = [0.7, 0.3];
/// A binary pixel is flipped with probability 0.1.
const FLIPPED: PixelNoise = PixelNoise::Discrete { same: 0.9, other: 0.1, levels: 2 };
/// A pixel of three levels is redrawn, uniformly, with probability 0.15.
const REDRAWN: PixelNoise = PixelNoise::Discrete { same: 0.9, other: 0.05, levels: 3 };

/// Returns the data sets that a model supports, by name. `takes` tells whether it supports data of a shape.
///
/// Data sets with captions, parts or a second domain are only for models that do not support the images alone.
#[must_use]
pub fn suited(takes: impl Fn(&DataShape) -> bool) -> Vec<(&'static str, Dataset)> {
    let small: [(&str, Dataset); 6] = [
        ("binary", binary()),
        ("levels", levels()),
        ("real", real()),
        ("described", described()),
        ("cut", cut()),
        ("two-domain", two_domains()),
    ];
    let fits = |shape: &DataShape| {
        let bare = DataShape { captions: None, parts: None, other: None, ..*shape };
        takes(shape) && (bare == *shape || !takes(&bare))
    };
    let mut suited: Vec<_> = small.into_iter().filter(|(_, data)| fits(&data.shape)).collect();
    if suited.is_empty() {
        let even = [("even binary", even_binary()), ("even levels", even_levels())];
        suited.extend(even.into_iter().filter(|(_, data)| takes(&data.shape)));
    }
    if suited.is_empty() {
        let pictures = [("grey picture", grey_pictures()), ("RGB picture", rgb_pictures())];
        suited.extend(pictures.into_iter().filter(|(_, data)| takes(&data.shape)));
    }
    suited
}

fn dataset(support: Support, [channels, height, width]: [usize; 3], draw: impl Fn(&mut Noise) -> Vec<f32>) -> Dataset {
    let split = |name: &str| {
        let mut noise = Noise::new(1, name, 0);
        let pixels = (0..IMAGES).flat_map(|_| draw(&mut noise)).collect();
        Split::new(pixels, channels * height * width)
    };
    let (train, validation, test) = (IMAGES, IMAGES, IMAGES);
    let shape = DataShape::new([channels, height, width], support, [train, validation, test]);
    let (train, validation, test) = (split("train"), split("validation"), split("test"));
    Dataset::new(shape, [train, validation, test])
}

/// Returns the data with their exact density.
fn with_truth(data: Dataset, weights: Vec<f64>, centres: Vec<Vec<f32>>, noise: PixelNoise) -> Dataset {
    let shape = DataShape { exact: true, ..data.shape };
    Dataset { shape, truth: Some(Arc::new(Truth { shape, weights, centres, noise })), ..data }
}

/// Binary 2x3 images: two patterns with probabilities 0.7 and 0.3, each pixel flipped with probability 0.1.
#[must_use]
pub fn binary() -> Dataset {
    let data = dataset(Support::Binary, [1, 2, 3], |noise| {
        let pattern = PATTERNS[usize::from(noise.bernoulli(0.3))];
        pattern.iter().map(|pixel| if noise.bernoulli(0.1) { 1.0 - pixel } else { *pixel }).collect()
    });
    with_truth(data, WEIGHTS.to_vec(), PATTERNS.map(|pattern| pattern.to_vec()).to_vec(), FLIPPED)
}

/// RGB 1x2 images of three levels: two patterns, each number redrawn with probability 0.15.
#[must_use]
pub fn levels() -> Dataset {
    let data = dataset(Support::Levels(3), [3, 1, 2], |noise| {
        let pattern = PATTERNS[usize::from(noise.bernoulli(0.3))];
        pattern.iter().map(|pixel| if noise.bernoulli(0.15) { noise.below(3) as f32 / 2.0 } else { *pixel }).collect()
    });
    with_truth(data, WEIGHTS.to_vec(), PATTERNS.map(|pattern| pattern.to_vec()).to_vec(), REDRAWN)
}

/// Binary 2x4 images, whose sides can be halved: the patterns of [`binary`] with a blank or a full last column.
#[must_use]
pub fn even_binary() -> Dataset {
    let with_edge = |pattern: [f32; 6], edge: f32| -> Vec<f32> {
        pattern.chunks_exact(3).flat_map(|row| row.iter().copied().chain([edge])).collect()
    };
    let data = dataset(Support::Binary, [1, 2, 4], |noise| {
        let pattern = PATTERNS[usize::from(noise.bernoulli(0.3))];
        let edge = f32::from(u8::from(noise.bernoulli(0.5)));
        let flip = |pixel: f32| if noise.bernoulli(0.1) { 1.0 - pixel } else { pixel };
        with_edge(pattern, edge).into_iter().map(flip).collect()
    });
    let centres = [0.0, 1.0].iter().flat_map(|edge| PATTERNS.map(|pattern| with_edge(pattern, *edge))).collect();
    with_truth(data, [0.5, 0.5].iter().flat_map(|half| WEIGHTS.map(|weight| half * weight)).collect(), centres, FLIPPED)
}

/// Grey 2x2 images of three levels: two patterns, each pixel redrawn with probability 0.15.
#[must_use]
pub fn even_levels() -> Dataset {
    let data = dataset(Support::Levels(3), [1, 2, 2], |noise| {
        let pattern = LEVEL_PATTERNS[usize::from(noise.bernoulli(0.3))];
        let level = |pixel| if noise.bernoulli(0.15) { noise.below(3) as f32 / 2.0 } else { pixel };
        pattern.map(level).to_vec()
    });
    with_truth(data, WEIGHTS.to_vec(), LEVEL_PATTERNS.map(|pattern| pattern.to_vec()).to_vec(), REDRAWN)
}

/// Real-valued 1x2 images from two Gaussians.
#[must_use]
pub fn real() -> Dataset {
    let data = dataset(Support::Real, [1, 1, 2], |noise| {
        let [x, y] = CENTRES[usize::from(noise.bernoulli(0.3))].map(f64::from);
        vec![(x + SPREAD[0] * noise.normal()) as f32, (y + SPREAD[1] * noise.normal()) as f32]
    });
    let centres = CENTRES.map(|centre| centre.to_vec()).to_vec();
    with_truth(data, WEIGHTS.to_vec(), centres, PixelNoise::Normal(SPREAD.to_vec()))
}

/// Grey 8x8 images with a bright half: left, right, upper or lower.
#[must_use]
pub fn grey_pictures() -> Dataset {
    pictures(1)
}

/// RGB 8x8 images with a bright half in one of the channels.
#[must_use]
pub fn rgb_pictures() -> Dataset {
    pictures(3)
}

fn pictures(channels: usize) -> Dataset {
    dataset(Support::Continuous, [channels, 8, 8], |noise| {
        let (half, channel) = (noise.below(4), noise.below(channels));
        let bright = |at: usize| [at % 8 < 4, at % 8 >= 4, at < 32, at >= 32][half];
        let is_bright = |at: usize| at / 64 == channel && bright(at % 64);
        (0..channels * 64).map(|at| if is_bright(at) { 0.7 + 0.3 * noise.uniform() as f32 } else { 0.0 }).collect()
    })
}

/// Binary 3x3 images of the Ising model at beta = 0.5, with 8,192 training images.
///
/// # Panics
/// Never: the settings are in range.
#[must_use]
pub fn ising() -> Dataset {
    Ising { height: 3, width: 3, beta: 0.5, train: 8_192, validation: 256, test: 256, ..Ising::default() }
        .load()
        .expect("in range")
}

#[cfg(test)]
mod tests;
