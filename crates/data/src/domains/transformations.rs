//! Transformations of pixels that are exactly invertible.

/// Factor of a pixel in a dark stripe: a power of two, so that no bit is lost.
const DARK: f32 = 0.25;

/// Darkens every other row, so that shapes have stripes. Black pixels do not change.
pub(super) fn stripe(image: &[f32], side: usize) -> Vec<f32> {
    let factor = |index: usize| if index / side % 2 == 1 { DARK } else { 1.0 };
    image.iter().enumerate().map(|(index, pixel)| pixel * factor(index)).collect()
}

/// Inverts grey levels. This is exact for the levels of the digits, which are sixteenths.
pub(super) fn invert(image: &[f32]) -> Vec<f32> {
    image.iter().map(|pixel| 1.0 - pixel).collect()
}

/// Shifts each row sideways, the top row furthest to the right. Pixels that leave one side enter at the other.
pub(super) fn slant(image: &[f32], side: usize) -> Vec<f32> {
    let rows = image.chunks_exact(side).enumerate();
    rows.flat_map(|(row, pixels)| {
        let shift = (side - 1 - row) / 3;
        let mut pixels = pixels.to_vec();
        pixels.rotate_right(shift % side);
        pixels
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIDE: usize = 8;

    fn unstripe(image: &[f32]) -> Vec<f32> {
        let factor = |index: usize| if index / SIDE % 2 == 1 { 1.0 / DARK } else { 1.0 };
        image.iter().enumerate().map(|(index, pixel)| pixel * factor(index)).collect()
    }

    fn unslant(image: &[f32]) -> Vec<f32> {
        let rows = image.chunks_exact(SIDE).enumerate();
        rows.flat_map(|(row, pixels)| {
            let mut pixels = pixels.to_vec();
            pixels.rotate_left((SIDE - 1 - row) / 3);
            pixels
        })
        .collect()
    }

    proptest! {
        #[test]
        fn every_transformation_is_invertible_bit_for_bit(levels in proptest::collection::vec(0u8..=16, SIDE * SIDE)) {
            let image: Vec<f32> = levels.iter().map(|level| f32::from(*level) / 16.0).collect();
            prop_assert_eq!(&unstripe(&stripe(&image, SIDE)), &image);
            prop_assert_eq!(&invert(&invert(&image)), &image);
            prop_assert_eq!(&unslant(&slant(&image, SIDE)), &image);
        }
    }

    #[test]
    fn a_column_leans_to_the_right() {
        let column: Vec<f32> = (0..64).map(|index| f32::from(u8::from(index % 8 == 3))).collect();
        let places: Vec<_> =
            slant(&column, 8).chunks(8).map(|row| row.iter().position(|pixel| *pixel == 1.0).unwrap()).collect();
        assert_eq!(places, [5, 5, 4, 4, 4, 3, 3, 3]);
    }
}
