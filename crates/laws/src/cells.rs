//! Enumeration of all images of a small data set, or of the cells of a grid over real values.

use data::{DataShape, Split};
use protocol::Support;

/// Half of the side of the cube over which real-valued images are integrated.
const EXTENT: f64 = 5.0;
/// Side of a quadrature cell.
const CELL: f64 = 0.1;
/// Largest number of images that are enumerated.
const MOST: usize = 1_000_000;

/// All images of a discrete support, or the cells of a grid over `[-5, 5]` per real-valued pixel.
#[derive(Clone, Copy, Debug)]
pub struct Cells {
    support: Support,
    image_len: usize,
    values: usize,
    count: usize,
}

impl Cells {
    /// Returns the cells of images of `shape`; `None` for [`Support::Continuous`] and for more than a million.
    #[must_use]
    pub fn of(shape: &DataShape) -> Option<Self> {
        let (support, image_len) = (shape.support, shape.pixels());
        if support == Support::Continuous {
            return None;
        }
        let values = values(support);
        let count = values.checked_pow(u32::try_from(image_len).ok()?).filter(|count| *count <= MOST)?;
        Some(Self { support, image_len, values, count })
    }

    /// Returns every image, or the centre of every cell.
    #[must_use]
    pub fn images(&self) -> Split {
        let Self { support, image_len, values, count } = *self;
        let value = |value: usize| match support {
            Support::Real => ((value as f64 + 0.5) * CELL - EXTENT) as f32,
            _ => value as f32 / (values - 1) as f32,
        };
        let image = |index: usize| (0..image_len).map(move |pixel| value(index / values.pow(pixel as u32) % values));
        Split::new((0..count).flat_map(image).collect(), image_len)
    }

    /// Returns the volume of a cell; 1 for a discrete support.
    #[must_use]
    pub fn volume(&self) -> f64 {
        match self.support {
            Support::Real => CELL.powi(self.image_len as i32),
            _ => 1.0,
        }
    }

    /// Returns the index in [`Cells::images`] of the cell that holds `image`; `None` outside of all cells.
    #[must_use]
    pub fn index(&self, image: &[f32]) -> Option<usize> {
        let values = self.values;
        image.iter().rev().try_fold(0, |index, pixel| {
            let value = match self.support {
                Support::Real => ((f64::from(*pixel) + EXTENT) / CELL).floor(),
                _ => f64::from(*pixel * (values - 1) as f32).round(),
            };
            (0.0..values as f64).contains(&value).then_some(index * values + value as usize)
        })
    }
}

/// Number of values of a pixel, or of cells along the axis of a real-valued pixel.
fn values(support: Support) -> usize {
    match support {
        Support::Binary => 2,
        Support::Levels(levels) => usize::from(levels),
        Support::Continuous | Support::Real => (2.0 * EXTENT / CELL).round() as usize,
    }
}

/// Returns a value of the support that differs from `value`.
pub(crate) fn other(support: Support, value: f32) -> f32 {
    if support == Support::Real {
        return value + 0.7;
    }
    let last = (values(support) - 1) as f32;
    let next = (value * last).round() + 1.0;
    if next > last { 0.0 } else { next / last }
}

/// Returns whether a pixel is in the support: exactly 0 or 1, within 1e-4 of a level, in `[0, 1]`, or finite.
pub(crate) fn is_on(support: Support, pixel: f32) -> bool {
    match support {
        Support::Binary => pixel == 0.0 || pixel == 1.0,
        Support::Levels(levels) => {
            let level = pixel * f32::from(levels - 1);
            (0.0..=1.0).contains(&pixel) && (level - level.round()).abs() < 1e-4
        }
        Support::Continuous => (0.0..=1.0).contains(&pixel),
        Support::Real => pixel.is_finite(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(image: [usize; 3], support: Support) -> Option<Cells> {
        Cells::of(&DataShape::new(image, support, [1, 1, 1]))
    }

    #[test]
    fn every_image_is_listed_once_under_its_index() {
        for (image, support, count) in
            [([1, 2, 3], Support::Binary, 64), ([3, 1, 2], Support::Levels(3), 729), ([1, 1, 2], Support::Real, 10_000)]
        {
            let cells = cells(image, support).expect("few");
            let images = cells.images();
            assert_eq!(images.len(), count);
            assert!(images.images().enumerate().all(|(index, image)| cells.index(image) == Some(index)), "{support}");
        }
    }

    #[test]
    fn images_that_cannot_be_enumerated_have_no_cells() {
        assert!(cells([1, 1, 1], Support::Continuous).is_none());
        assert!(cells([1, 8, 8], Support::Binary).is_none());
        assert_eq!(cells([1, 1, 1], Support::Real).expect("few").index(&[5.1]), None);
    }

    #[test]
    fn another_value_differs_and_is_in_the_support() {
        for support in [Support::Binary, Support::Levels(3), Support::Continuous, Support::Real] {
            for value in [0.0, 1.0] {
                let other = other(support, value);
                assert!(other != value && is_on(support, other), "{support} {value} {other}");
            }
        }
    }
}
