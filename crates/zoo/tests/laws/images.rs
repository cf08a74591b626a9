//! Tiny data for the laws.

use data::{CaptionShape, Captions, DataShape, Dataset, Noise, PartShape, Parts, Split};
use protocol::Support;

use crate::subject::IMAGES;

const PATTERNS: [[f32; 6]; 2] = [[1.0, 0.0, 1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0, 1.0, 1.0]];

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

/// Binary 2x3 images, skewed: mostly two patterns, with rare flips.
pub(crate) fn binary() -> Dataset {
    dataset(Support::Binary, [1, 2, 3], |noise| {
        let pattern = PATTERNS[usize::from(noise.bernoulli(0.3))];
        pattern.iter().map(|pixel| if noise.bernoulli(0.1) { 1.0 - pixel } else { *pixel }).collect()
    })
}

/// RGB 1x2 images of three levels: two patterns with rare changes of level.
pub(crate) fn levels() -> Dataset {
    dataset(Support::Levels(3), [3, 1, 2], |noise| {
        let pattern = PATTERNS[usize::from(noise.bernoulli(0.3))];
        pattern.iter().map(|pixel| if noise.bernoulli(0.15) { noise.below(3) as f32 / 2.0 } else { *pixel }).collect()
    })
}

/// Binary 2x4 images, whose sides can be halved: the same two patterns with a blank column or a full one.
pub(crate) fn even_binary() -> Dataset {
    dataset(Support::Binary, [1, 2, 4], |noise| {
        let pattern = PATTERNS[usize::from(noise.bernoulli(0.3))];
        let edge = f32::from(u8::from(noise.bernoulli(0.5)));
        let rows = pattern.chunks_exact(3).flat_map(|row| row.iter().chain([&edge]));
        rows.map(|pixel| if noise.bernoulli(0.1) { 1.0 - pixel } else { *pixel }).collect()
    })
}

/// 2x2 images of three levels: two patterns with rare changes of level.
pub(crate) fn even_levels() -> Dataset {
    dataset(Support::Levels(3), [1, 2, 2], |noise| {
        let pattern = if noise.bernoulli(0.3) { [1.0, 0.5, 0.0, 0.0] } else { [0.0, 0.5, 1.0, 1.0] };
        let level = |pixel| if noise.bernoulli(0.15) { noise.below(3) as f32 / 2.0 } else { pixel };
        pattern.map(level).to_vec()
    })
}

/// 8x8 images with a bright half, left or right, upper or lower, in one of the channels.
pub(crate) fn pictures(channels: usize) -> Dataset {
    dataset(Support::Continuous, [channels, 8, 8], |noise| {
        let (half, channel) = (noise.below(4), noise.below(channels));
        let bright = |at: usize| [at % 8 < 4, at % 8 >= 4, at < 32, at >= 32][half];
        let is_bright = |at: usize| at / 64 == channel && bright(at % 64);
        (0..channels * 64).map(|at| if is_bright(at) { 0.7 + 0.3 * noise.uniform() as f32 } else { 0.0 }).collect()
    })
}

/// Real-valued 1x2 images from two Gaussians.
pub(crate) fn real() -> Dataset {
    dataset(Support::Real, [1, 1, 2], |noise| {
        let [x, y] = if noise.bernoulli(0.3) { [1.5, -1.0] } else { [-1.0, 0.5] };
        vec![(x + 0.6 * noise.normal()) as f32, (y + 0.5 * noise.normal()) as f32]
    })
}

/// 4x4 images with a bright half, left or right, upper or lower.
fn halves() -> Dataset {
    dataset(Support::Continuous, [1, 4, 4], |noise| {
        let half = noise.below(4);
        let bright = |index: usize| [index % 4 < 2, index % 4 >= 2, index < 8, index >= 8][half];
        (0..16).map(|index| if bright(index) { 0.7 + 0.3 * noise.uniform() as f32 } else { 0.0 }).collect()
    })
}

/// The same, each with a word for its half.
pub(crate) fn described() -> Dataset {
    let mut data = halves();
    for split in [&mut data.train, &mut data.validation, &mut data.test] {
        let bright = |image: &[f32]| [[0, 4], [2, 6], [0, 2], [8, 10]].map(|[a, b]| image[a] > 0.0 && image[b] > 0.0);
        let word = |image: &[f32]| bright(image).iter().position(|bright| *bright).map_or(0, |half| half as u16 + 1);
        let words = split.images().flat_map(|image| [word(image), 0]).collect();
        split.captions = Some(Captions { words, caption_len: 2 });
    }
    data.shape.captions = Some(CaptionShape { vocabulary: 5, words: 2 });
    data
}

/// The same, with a part cut out of the middle of each: it shows which half is bright.
pub(crate) fn cut() -> Dataset {
    let mut data = halves();
    for split in [&mut data.train, &mut data.validation, &mut data.test] {
        let inside = [5, 6, 9, 10];
        let pixels = split.images().flat_map(|image| inside.map(|at| image[at])).collect();
        let mask = (0..16).map(|at| f32::from(u8::from(inside.contains(&at))));
        split.parts = Some(Parts {
            pixels,
            count: 1,
            part_len: 4,
            masks: (0..split.len()).flat_map(|_| mask.clone()).collect(),
            mask_len: 16,
            places: vec![[1, 1]; split.len()],
        });
    }
    data.shape.parts = Some(PartShape { count: 1, side: 2 });
    data
}

/// The same, with the negatives of other such images as the other domain.
pub(crate) fn two_domains() -> Dataset {
    let mut data = halves();
    for split in [&mut data.train, &mut data.validation, &mut data.test] {
        let mut order: Vec<usize> = (0..IMAGES).collect();
        order.rotate_left(1);
        let mut other = split.select(&order);
        other.pixels.iter_mut().for_each(|pixel| *pixel = 1.0 - *pixel);
        split.other = Some(Box::new(other));
    }
    data.shape.other = Some([1, 4, 4]);
    data
}
