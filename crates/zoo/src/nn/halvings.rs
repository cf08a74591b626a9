//! Image sides as a convolutional network sees them: halved until few places are left, or doubled
//! from there.

use data::DataShape;
use protocol::Problem;

/// Sides above this are halved once more, if they are even.
const FEW: usize = 7;
/// The most places along a side that a network starts from or ends in.
const MOST: usize = 9;
/// Numbers of the largest intermediate result that are held at once: 128 MiB.
const NUMBERS: usize = 1 << 25;

/// How often an image's sides are halved, and what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Halvings {
    /// How often.
    pub(crate) count: usize,
    /// Rows and columns that are left.
    pub(crate) last: [usize; 2],
}

impl Halvings {
    /// Of images of so many rows and columns: once, and then while the longer side is above 7 and
    /// both are even. 28 becomes 14 and 7, and 64 becomes 4.
    pub(crate) fn of(data: &DataShape) -> Self {
        let (mut count, mut last) = (0, [data.height, data.width]);
        while last.iter().all(|side| side.is_multiple_of(2)) && (count == 0 || last.iter().any(|side| *side > FEW)) {
            last = last.map(|side| side / 2);
            count += 1;
        }
        Self { count, last }
    }

    /// Refuses sides that doubling does not reach, at the setting `path`.
    pub(crate) fn check(data: &DataShape, path: &str) -> Result<(), Problem> {
        let (Self { count, last: [rows, columns] }, sides) = (Self::of(data), [data.height, data.width]);
        let help = "even sides, halved until at most 9 are left: 8, 16, 28, 32 or 64";
        if count == 0 {
            let what =
                format!("images of {}x{} cannot be halved, so that no deconvolution reaches them", sides[0], sides[1]);
            return Err(Problem::new(path, what).help(help));
        }
        if rows.max(columns) > MOST {
            let what = format!(
                "images of {}x{} can only be halved to {rows}x{columns}, from where no few deconvolutions reach them",
                sides[0], sides[1]
            );
            return Err(Problem::new(path, what).help(help));
        }
        Ok(())
    }

    /// Maps after each halving, where the first has `maps` and each has twice those before.
    pub(crate) fn maps(self, maps: usize) -> Vec<usize> {
        (0..self.count).map(|level| maps << level).collect()
    }

    /// Images that are computed at once outside training, with `maps` maps after the first halving
    /// and `numbers` per pixel of the image.
    pub(crate) fn images_at_once(data: &DataShape, maps: usize, numbers: usize) -> usize {
        (NUMBERS / (data.height * data.width * maps.max(4 * numbers))).max(1)
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
        assert_eq!(Halvings::of(&shape(28, 28)).maps(32), [32, 64]);
    }

    #[test]
    fn sides_out_of_reach_are_refused() {
        let told = |height, width| Halvings::check(&shape(height, width), "").map_err(|problem| problem.message);
        for side in [8, 10, 12, 14, 16, 20, 24, 28, 32, 36, 40, 48, 56, 64] {
            assert_eq!(told(side, side), Ok(()), "{side}");
        }
        assert_eq!(
            told(9, 8).expect_err("odd"),
            "images of 9x8 cannot be halved, so that no deconvolution reaches them"
        );
        assert_eq!(
            told(52, 52).expect_err("too large"),
            "images of 52x52 can only be halved to 13x13, from where no few deconvolutions reach them"
        );
    }
}
