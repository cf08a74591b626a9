//! Images with a bright half, and with a caption, a part or a second domain.

use data::{CaptionShape, Captions, Dataset, PartShape, Parts};
use protocol::Support;

use super::{IMAGES, dataset};

/// 4x4 images with a bright half, left or right, upper or lower.
fn halves() -> Dataset {
    dataset(Support::Continuous, [1, 4, 4], |noise| {
        let half = noise.below(4);
        let bright = |index: usize| [index % 4 < 2, index % 4 >= 2, index < 8, index >= 8][half];
        (0..16).map(|index| if bright(index) { 0.7 + 0.3 * noise.uniform() as f32 } else { 0.0 }).collect()
    })
}

/// Grey 4x4 images with a bright half, and a caption: the word of the half (1 to 4), then the filler 0.
#[must_use]
pub fn described() -> Dataset {
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

/// Grey 4x4 images with a bright half, and the 2x2 part in the middle of each, which shows the bright half.
#[must_use]
pub fn cut() -> Dataset {
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

/// Grey 4x4 images with a bright half, and the negatives of other such images as a second domain.
#[must_use]
pub fn two_domains() -> Dataset {
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
