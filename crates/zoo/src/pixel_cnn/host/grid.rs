//! Memory layout of the positions of an image.

use std::ops::Range;

/// Grid of positions with a border of zeros as wide as the reach of the first kernel. The border on the right of a row
/// is the border on the left of the next one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) reach: usize,
}

impl Grid {
    pub(super) fn stride(self) -> usize {
        self.width + self.reach
    }

    pub(super) fn position(self, index: usize) -> usize {
        let (y, x) = (index / self.width, index % self.width);
        (self.reach + y) * self.stride() + self.reach + x
    }

    pub(super) fn len(self) -> usize {
        (self.height + 2 * self.reach) * self.stride() + 2 * self.reach
    }

    pub(super) fn rows(self) -> impl DoubleEndedIterator<Item = Range<usize>> {
        (0..self.height).map(move |y| self.position(y * self.width)..self.position(y * self.width) + self.width)
    }

    pub(super) fn positions(self) -> impl Iterator<Item = usize> {
        self.rows().flatten()
    }
}
