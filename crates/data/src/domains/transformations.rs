//! Transformations of pixels that are exactly invertible.

use protocol::Support;

use crate::DataShape;

/// Factor of a pixel in a dark stripe: a power of two, so that no bit is lost.
const DARK: f32 = 0.25;

/// Darkens every other row, so that shapes have stripes. Black pixels do not change.
pub(super) fn stripe(image: &[f32], shape: &DataShape) -> Vec<f32> {
    let factor = |index: usize| if index / shape.width % shape.height % 2 == 1 { DARK } else { 1.0 };
    image.iter().enumerate().map(|(index, pixel)| pixel * factor(index)).collect()
}

/// Inverts grey levels and colours: the level k of N becomes N - 1 - k, any other value x becomes 1 - x.
pub(super) fn invert(image: &[f32], support: Support) -> Vec<f32> {
    let inverted = |pixel: &f32| match support {
        Support::Levels(levels) => {
            let top = f32::from(levels - 1);
            (top - (pixel * top).round()) / top
        }
        _ => 1.0 - pixel,
    };
    image.iter().map(inverted).collect()
}

/// Shifts each row sideways, the top row furthest to the right. Pixels that leave one side enter at the other.
pub(super) fn slant(image: &[f32], shape: &DataShape) -> Vec<f32> {
    let rows = image.chunks_exact(shape.width).enumerate();
    rows.flat_map(|(row, pixels)| {
        let shift = (shape.height - 1 - row % shape.height) / 3;
        let mut pixels = pixels.to_vec();
        pixels.rotate_right(shift % shape.width);
        pixels
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unstripe(image: &[f32], shape: &DataShape) -> Vec<f32> {
        let factor = |index: usize| if index / shape.width % shape.height % 2 == 1 { 1.0 / DARK } else { 1.0 };
        image.iter().enumerate().map(|(index, pixel)| pixel * factor(index)).collect()
    }

    fn unslant(image: &[f32], shape: &DataShape) -> Vec<f32> {
        let rows = image.chunks_exact(shape.width).enumerate();
        rows.flat_map(|(row, pixels)| {
            let mut pixels = pixels.to_vec();
            pixels.rotate_left((shape.height - 1 - row % shape.height) / 3 % shape.width);
            pixels
        })
        .collect()
    }

    proptest! {
        #[test]
        fn every_transformation_is_invertible_bit_for_bit(
            sides in (1usize..=3, 1usize..=9, 1usize..=9),
            levels in 2u16..=256,
            seed in any::<u64>(),
        ) {
            let (channels, height, width) = sides;
            let shape = DataShape::new([channels, height, width], Support::Levels(levels), [1, 1, 1]);
            let mut noise = crate::Noise::new(seed, "test", 0);
            let mut pixel = || noise.below(usize::from(levels)) as f32 / f32::from(levels - 1);
            let image: Vec<f32> = (0..shape.pixels()).map(|_| pixel()).collect();
            prop_assert_eq!(&unstripe(&stripe(&image, &shape), &shape), &image);
            prop_assert_eq!(&invert(&invert(&image, shape.support), shape.support), &image);
            prop_assert_eq!(&unslant(&slant(&image, &shape), &shape), &image);
            // Channels do not mix.
            let plane = height * width;
            let first = DataShape { channels: 1, ..shape };
            prop_assert_eq!(&slant(&image[..plane], &first), &slant(&image, &shape)[..plane]);
            prop_assert_eq!(&stripe(&image[image.len() - plane..], &first), &stripe(&image, &shape)[image.len() - plane..]);
        }
    }

    #[test]
    fn the_levels_of_the_digits_are_inverted_by_a_difference() {
        let image: Vec<f32> = (0..17u8).map(|level| f32::from(level) / 16.0).collect();
        assert_eq!(invert(&image, Support::Levels(17)), invert(&image, Support::Continuous));
    }

    #[test]
    fn a_column_leans_to_the_right() {
        let column: Vec<f32> = (0..64).map(|index| f32::from(u8::from(index % 8 == 3))).collect();
        let shape = DataShape::new([1, 8, 8], Support::Binary, [1, 1, 1]);
        let places: Vec<_> =
            slant(&column, &shape).chunks(8).map(|row| row.iter().position(|pixel| *pixel == 1.0).unwrap()).collect();
        assert_eq!(places, [5, 5, 4, 4, 4, 3, 3, 3]);
    }
}
