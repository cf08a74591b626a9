//! Orderings in which an autoregressive model generates the pixels.

mod settings;

use data::{DataShape, Noise};
use protocol::Problem;

pub use self::settings::walk_schema;

/// Names of all orderings. A list of pixel numbers is an ordering, too.
pub const ORDERINGS: [&str; 6] = ["raster", "reverse", "column", "spiral", "random", "centre_out"];

/// Ordering of the pixels: a name of [`ORDERINGS`] or a list of pixel numbers in settings.
///
/// The channels of an RGB pixel are generated together, in the order R, G, B.
///
/// ```
/// use data::DataShape;
/// use nn::Ordering;
/// use protocol::Support;
///
/// let shape = DataShape::new([1, 2, 3], Support::Binary, [1, 1, 1]);
/// assert_eq!(Ordering::Column.pixels(&shape, 0), [0, 3, 1, 4, 2, 5]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Ordering {
    /// Rows from top to bottom, each from left to right.
    #[default]
    Raster,
    /// Raster order backwards.
    Reverse,
    /// Columns from left to right, each from top to bottom.
    Column,
    /// Clockwise spiral inwards, from the top left corner.
    Spiral,
    /// One fixed random permutation, keyed by a seed.
    Random,
    /// By distance from the centre, and in raster order at equal distances.
    CentreOut,
    /// List of pixel numbers, which count in raster order from 0.
    Listed(Vec<usize>),
}

/// Grid whose raster order is an ordering, for models with directed connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walk {
    /// Rows of the grid.
    pub height: usize,
    /// Columns of the grid.
    pub width: usize,
}

impl Ordering {
    fn name(&self) -> Option<&'static str> {
        let index = match self {
            Self::Raster => 0,
            Self::Reverse => 1,
            Self::Column => 2,
            Self::Spiral => 3,
            Self::Random => 4,
            Self::CentreOut => 5,
            Self::Listed(_) => return None,
        };
        Some(ORDERINGS[index])
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Raster, Self::Reverse, Self::Column, Self::Spiral, Self::Random, Self::CentreOut]
            .into_iter()
            .find(|ordering| ordering.name() == Some(name))
    }

    /// Refuses a list that is not a permutation of the pixels.
    ///
    /// # Errors
    /// A wrong length, a pixel that is listed twice, or a pixel outside of the image; the path begins with `ordering`.
    pub fn check(&self, data: &DataShape) -> Result<(), Problem> {
        let Self::Listed(listed) = self else { return Ok(()) };
        let pixels = data.height * data.width;
        if listed.len() != pixels {
            let problem = format!("an ordering of {} pixels for images of {pixels}", listed.len());
            return Err(Problem::new("ordering", problem).help(format!("each of 0 to {} once", pixels - 1)));
        }
        let mut seen = vec![false; pixels];
        for (position, &pixel) in listed.iter().enumerate() {
            if pixel >= pixels || std::mem::replace(&mut seen[pixel], true) {
                let what = if pixel >= pixels { "is outside the image" } else { "is listed twice" };
                return Err(Problem::new(format!("ordering.{position}"), format!("pixel {pixel} {what}"))
                    .help(format!("each of 0 to {} once", pixels - 1)));
            }
        }
        Ok(())
    }

    /// Refuses orderings other than raster, reverse and column, for models with directed connections.
    ///
    /// # Errors
    /// Another ordering; the path is `ordering`.
    pub fn check_walk(&self) -> Result<(), Problem> {
        if matches!(self, Self::Raster | Self::Reverse | Self::Column) {
            return Ok(());
        }
        let name = self.name().unwrap_or("a list");
        Err(Problem::new("ordering", format!("this model cannot use the ordering {name}"))
            .help("use raster, reverse or column"))
    }

    /// Grid whose raster order is this ordering, if [`Self::check_walk`] accepts it.
    #[must_use]
    pub fn walk(&self, data: &DataShape) -> Walk {
        match self {
            Self::Column => Walk { height: data.width, width: data.height },
            _ => Walk { height: data.height, width: data.width },
        }
    }

    /// Pixels of one channel in the order of generation, numbered in raster order.
    fn plane(&self, height: usize, width: usize, seed: u64) -> Vec<usize> {
        let count = height * width;
        match self {
            Self::Raster => (0..count).collect(),
            Self::Reverse => (0..count).rev().collect(),
            Self::Column => (0..width).flat_map(|x| (0..height).map(move |y| y * width + x)).collect(),
            Self::Spiral => spiral(height, width),
            Self::Random => Noise::new(seed, "ordering", 0).permutation(count),
            Self::CentreOut => {
                // Squared double distance to the centre: integers, so that ties are exact.
                let from_centre = |pixel: &usize| {
                    let (y, x) = (2 * (pixel / width), 2 * (pixel % width));
                    y.abs_diff(height - 1).pow(2) + x.abs_diff(width - 1).pow(2)
                };
                let mut pixels: Vec<usize> = (0..count).collect();
                pixels.sort_by_key(from_centre);
                pixels
            }
            Self::Listed(listed) => listed.clone(),
        }
    }

    /// Indices of the numbers of an image, `[channel][row][column]`, in the order of generation. `seed` keys the random
    /// ordering.
    #[must_use]
    pub fn pixels(&self, data: &DataShape, seed: u64) -> Vec<usize> {
        let plane = data.height * data.width;
        let channels = move |pixel| (0..data.channels).map(move |channel| channel * plane + pixel);
        self.plane(data.height, data.width, seed).into_iter().flat_map(channels).collect()
    }
}

fn spiral(height: usize, width: usize) -> Vec<usize> {
    let (mut top, mut left, mut bottom, mut right) = (0, 0, height, width);
    let mut pixels = Vec::with_capacity(height * width);
    while top < bottom && left < right {
        pixels.extend((left..right).map(|x| top * width + x));
        top += 1;
        pixels.extend((top..bottom).map(|y| y * width + right - 1));
        right -= 1;
        if top < bottom {
            pixels.extend((left..right).rev().map(|x| (bottom - 1) * width + x));
            bottom -= 1;
        }
        if left < right {
            pixels.extend((top..bottom).rev().map(|y| y * width + left));
            left += 1;
        }
    }
    pixels
}

/// Position of each pixel in an ordering: the inverse permutation.
///
/// ```
/// assert_eq!(nn::ordering::positions(&[2, 0, 1]), [1, 2, 0]);
/// ```
#[must_use]
pub fn positions(ordering: &[usize]) -> Vec<usize> {
    let mut positions = vec![0; ordering.len()];
    for (position, &pixel) in ordering.iter().enumerate() {
        positions[pixel] = position;
    }
    positions
}

/// Converts images from the order of generation to raster order.
///
/// ```
/// assert_eq!(nn::ordering::to_raster(&[0.1, 0.2, 0.3], &[2, 0, 1]), [0.2, 0.3, 0.1]);
/// ```
#[must_use]
pub fn to_raster(in_order: &[f32], ordering: &[usize]) -> Vec<f32> {
    let positions = positions(ordering);
    let image = |image: &[f32]| positions.iter().map(|&position| image[position]).collect::<Vec<_>>();
    in_order.chunks_exact(ordering.len()).flat_map(image).collect()
}

#[cfg(test)]
mod tests {
    use protocol::Support;

    use super::*;

    /// Shape of a binary data set.
    fn shape(channels: usize, height: usize, width: usize) -> DataShape {
        let (train, validation, test) = (8, 8, 8);
        let support = Support::Binary;
        DataShape::new([channels, height, width], support, [train, validation, test])
    }

    #[test]
    fn orderings_follow_their_names() {
        let order = |name| Ordering::named(name).expect("a name").pixels(&shape(1, 3, 4), 0);
        assert_eq!(order("raster"), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        assert_eq!(order("reverse"), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
        assert_eq!(order("column"), [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
        assert_eq!(order("spiral"), [0, 1, 2, 3, 7, 11, 10, 9, 8, 4, 5, 6]);
        assert_eq!(order("centre_out"), [5, 6, 1, 2, 9, 10, 4, 7, 0, 3, 8, 11]);
    }

    #[test]
    fn every_ordering_is_a_permutation_with_an_inverse() {
        for (height, width) in [(1, 1), (1, 5), (5, 1), (4, 4), (7, 3)] {
            for name in ORDERINGS {
                let ordering = Ordering::named(name).expect("a name").pixels(&shape(3, height, width), 3);
                let back: Vec<_> = positions(&ordering).into_iter().map(|position| ordering[position]).collect();
                assert_eq!(back, (0..3 * height * width).collect::<Vec<_>>(), "{name} {height}x{width}");
            }
        }
        let random = |seed| Ordering::Random.pixels(&shape(1, 5, 5), seed);
        assert_ne!(random(3), random(4));
    }

    #[test]
    fn red_comes_before_green_before_blue() {
        assert_eq!(Ordering::Reverse.pixels(&shape(3, 1, 2), 0), [1, 3, 5, 0, 2, 4]);
    }

    #[test]
    fn lists_are_checked() {
        let check = |listed: &[usize]| Ordering::Listed(listed.to_vec()).check(&shape(1, 1, 3));
        assert_eq!(check(&[2, 0, 1]), Ok(()));
        assert!(check(&[0, 1]).expect_err("too short").message.contains("2 pixels for images of 3"));
        assert_eq!(check(&[0, 0, 1]).expect_err("twice").path, "ordering.1");
        assert!(check(&[0, 1, 3]).expect_err("outside").message.contains("outside"));
    }
}
