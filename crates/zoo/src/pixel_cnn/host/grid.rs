//! Where places lie in memory.

use std::ops::Range;

/// Places in memory: a grid with zeros around it, as far as the first kernel sees. What hangs over
/// on the right falls into the zeros on the left of the next row.
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

    pub(super) fn place(self, index: usize) -> usize {
        let (y, x) = (index / self.width, index % self.width);
        (self.reach + y) * self.stride() + self.reach + x
    }

    pub(super) fn len(self) -> usize {
        (self.height + 2 * self.reach) * self.stride() + 2 * self.reach
    }

    pub(super) fn rows(self) -> impl DoubleEndedIterator<Item = Range<usize>> {
        (0..self.height).map(move |y| self.place(y * self.width)..self.place(y * self.width) + self.width)
    }

    pub(super) fn places(self) -> impl Iterator<Item = usize> {
        self.rows().flatten()
    }
}
