//! Choice of the windows that are cut out.

use crate::DataShape;

/// Number of windows that can always be chosen without overlap, for any positions of the first ones. A window of side s
/// excludes at most (2s - 1)^2 positions, so fewer windows than this number cannot exclude all positions.
pub(super) fn max_count(height: usize, width: usize, side: usize) -> usize {
    let along = |length: usize| (length - side + 1).div_ceil(2 * side - 1);
    along(height) * along(width)
}

/// First rows and columns of `count` windows that do not overlap, in the order of decreasing variance. Of equal windows
/// the upper one comes first, then the left one.
pub(super) fn choose(image: &[f32], shape: &DataShape, side: usize, count: usize) -> Vec<[usize; 2]> {
    let (rows, columns) = (shape.height - side + 1, shape.width - side + 1);
    let places = (0..rows).flat_map(|row| (0..columns).map(move |column| [row, column]));
    let mut all: Vec<_> = places.map(|place| (variance(image, shape, side, place), place)).collect();
    // The sort is stable: equal windows stay in raster order.
    all.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let mut chosen: Vec<[usize; 2]> = Vec::with_capacity(count);
    for (_, [row, column]) in all {
        let is_free = |other: &[usize; 2]| row.abs_diff(other[0]) >= side || column.abs_diff(other[1]) >= side;
        if chosen.len() < count && chosen.iter().all(is_free) {
            chosen.push([row, column]);
        }
    }
    chosen
}

/// Variance of the pixels of a window, summed over channels.
fn variance(image: &[f32], shape: &DataShape, side: usize, [top, left]: [usize; 2]) -> f64 {
    let n = (side * side) as f64;
    let of_channel = |plane: &[f32]| {
        let rows = (top..top + side).flat_map(|row| &plane[row * shape.width + left..][..side]);
        let (sum, squares) =
            rows.map(|pixel| f64::from(*pixel)).fold((0.0, 0.0), |(sum, squares), x| (sum + x, squares + x * x));
        squares / n - (sum / n).powi(2)
    };
    image.chunks_exact(shape.height * shape.width).map(of_channel).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use protocol::Support;

    use super::*;

    proptest! {
        #[test]
        fn all_windows_are_found_and_no_two_overlap(
            height in 2usize..14, width in 2usize..14, side in 1usize..6, pixels in proptest::collection::vec(0u8..4, 169)
        ) {
            prop_assume!(side < height.min(width));
            let shape = DataShape::new([1, height, width], Support::Continuous, [1, 1, 1]);
            let image: Vec<f32> = pixels[..height * width].iter().map(|level| f32::from(*level) / 3.0).collect();
            let count = max_count(height, width, side);
            let places = choose(&image, &shape, side, count);
            prop_assert_eq!(places.len(), count);
            let mut covered = vec![0; height * width];
            for [top, left] in &places {
                for (row, column) in (0..side).flat_map(|row| (0..side).map(move |column| (row, column))) {
                    covered[(top + row) * width + left + column] += 1;
                }
            }
            prop_assert!(covered.iter().all(|times| *times <= 1));
            // The first window has the largest variance.
            let of = |place| variance(&image, &shape, side, place);
            let best = (0..=height - side).flat_map(|row| (0..=width - side).map(move |column| of([row, column])));
            prop_assert!(of(places[0]) >= best.fold(0.0, f64::max) - 1e-12);
        }
    }
}
