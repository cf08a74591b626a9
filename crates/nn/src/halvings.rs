//! Number of halvings of the image sides in a convolutional network, and of doublings in a generator.

use data::DataShape;
use protocol::Problem;

/// Largest side that is not halved again.
const FEW: usize = 7;
/// Largest side after the last halving.
const MOST: usize = 9;
/// Count of numbers in the largest intermediate result (128 MiB).
const NUMBERS: usize = 1 << 25;

/// Number of halvings of the sides of an image, and the remaining sides.
///
/// ```
/// use data::DataShape;
/// use nn::Halvings;
/// use protocol::Support;
///
/// let mnist = DataShape::new([1, 28, 28], Support::Binary, [1, 1, 1]);
/// let halvings = Halvings::of(&mnist);
/// assert_eq!((halvings.count, halvings.last), (2, [7, 7]));
/// assert_eq!(halvings.channels(32), [32, 64]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Halvings {
    /// Number of halvings.
    pub count: usize,
    /// Rows and columns after the last halving.
    pub last: [usize; 2],
}

impl Halvings {
    /// Halves the sides of `data` once, then again while the longer side is above 7 and both are even: 28 becomes 7 in
    /// two halvings, 64 becomes 4 in four. Odd sides have no halving.
    #[must_use]
    pub fn of(data: &DataShape) -> Self {
        let (mut count, mut last) = (0, [data.height, data.width]);
        while last.iter().all(|side| side.is_multiple_of(2)) && (count == 0 || last.iter().any(|side| *side > FEW)) {
            last = last.map(|side| side / 2);
            count += 1;
        }
        Self { count, last }
    }

    /// Refuses images with odd sides, or with sides above 9 after the last halving, at the setting `path`.
    ///
    /// # Errors
    /// The sides are odd, or more than 9 remain.
    pub fn check(data: &DataShape, path: &str) -> Result<(), Problem> {
        let (Self { count, last: [rows, columns] }, sides) = (Self::of(data), [data.height, data.width]);
        let help = "sides that halve to at most 9, such as 8, 16, 28, 32 or 64";
        if count == 0 {
            let what =
                format!("images of {}x{} have an odd side, and the network halves both sides", sides[0], sides[1]);
            return Err(Problem::new(path, what).help(help));
        }
        if rows.max(columns) > MOST {
            let what = format!(
                "images of {}x{} can only be halved to {rows}x{columns}, and the network needs sides of at most 9",
                sides[0], sides[1]
            );
            return Err(Problem::new(path, what).help(help));
        }
        Ok(())
    }

    /// Number of channels after each halving: `first`, then twice as many each time.
    #[must_use]
    pub fn channels(self, first: usize) -> Vec<usize> {
        (0..self.count).map(|level| first << level).collect()
    }

    /// Number of images per chunk outside of training, such that an intermediate result has less than 128 MiB.
    ///
    /// The network has `channels` channels after the first halving and `numbers` numbers per pixel of the image.
    #[must_use]
    pub fn images_at_once(data: &DataShape, channels: usize, numbers: usize) -> usize {
        (NUMBERS / (data.height * data.width * channels.max(4 * numbers))).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Support;

    fn shape(height: usize, width: usize) -> DataShape {
        DataShape::new([1, height, width], Support::Binary, [1, 1, 1])
    }

    #[test]
    fn sides_are_halved_until_few_are_left() {
        let of = |height, width| {
            let Halvings { count, last: [rows, columns] } = Halvings::of(&shape(height, width));
            (count, rows, columns)
        };
        assert_eq!(of(8, 8), (1, 4, 4));
        assert_eq!(of(16, 16), (2, 4, 4));
        assert_eq!(of(28, 28), (2, 7, 7));
        assert_eq!(of(32, 32), (3, 4, 4));
        assert_eq!(of(64, 64), (4, 4, 4));
        assert_eq!(of(36, 36), (2, 9, 9));
        assert_eq!(of(8, 16), (2, 2, 4));
        assert_eq!(of(2, 4), (1, 1, 2));
        assert_eq!(Halvings::of(&shape(28, 28)).channels(32), [32, 64]);
    }

    #[test]
    fn sides_without_enough_halvings_are_refused() {
        let check = |height, width| Halvings::check(&shape(height, width), "").map_err(|problem| problem.message);
        for side in [8, 10, 12, 14, 16, 20, 24, 28, 32, 36, 40, 48, 56, 64] {
            assert_eq!(check(side, side), Ok(()), "{side}");
        }
        assert_eq!(check(9, 8).expect_err("odd"), "images of 9x8 have an odd side, and the network halves both sides");
        assert_eq!(
            check(52, 52).expect_err("too large"),
            "images of 52x52 can only be halved to 13x13, and the network needs sides of at most 9"
        );
    }
}
