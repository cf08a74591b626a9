//! Plain shapes: one rectangle, disc, diamond or triangle in one grey, on black.

use crate::{Noise, Split};

pub(super) const SIDE: usize = 16;

/// Smallest radius in pixels, and its range.
const RADIUS: (f64, f64) = (3.0, 3.0);

/// Draws `count` images.
pub(super) fn draw(count: usize, noise: &mut Noise) -> Split {
    let pixels = (0..count).flat_map(|_| shape(noise)).collect();
    Split::new(pixels, SIDE * SIDE)
}

fn shape(noise: &mut Noise) -> Vec<f32> {
    let kind = noise.below(4);
    let radius = RADIUS.0 + RADIUS.1 * noise.uniform();
    let mut middle = || radius + (SIDE as f64 - 1.0 - 2.0 * radius) * noise.uniform();
    let (row, column) = (middle(), middle());
    let grey = (0.5 + 0.5 * noise.uniform()) as f32;
    let inside = |index: usize| {
        let (y, x) = ((index / SIDE) as f64 - row, (index % SIDE) as f64 - column);
        match kind {
            0 => y.abs().max(x.abs()) <= 0.8 * radius,
            1 => y.hypot(x) <= radius,
            2 => y.abs() + x.abs() <= radius,
            _ => (-radius..=0.8 * radius).contains(&y) && x.abs() <= 0.5 * (y + radius),
        }
    };
    (0..SIDE * SIDE).map(|index| if inside(index) { grey } else { 0.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_is_one_grey_on_black_and_all_differ() {
        let images = draw(300, &mut Noise::new(0, "test", 0));
        for image in images.images() {
            let grey = image.iter().copied().fold(0.0, f32::max);
            assert!((0.5..=1.0).contains(&grey));
            assert!(image.iter().all(|pixel| *pixel == 0.0 || *pixel == grey));
            let inked = image.iter().filter(|pixel| **pixel > 0.0).count();
            assert!((12..140).contains(&inked), "{inked} pixels");
        }
        let mut all: Vec<Vec<u32>> =
            images.images().map(|image| image.iter().map(|pixel| pixel.to_bits()).collect()).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 300);
    }
}
