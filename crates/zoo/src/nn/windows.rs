//! The squares of a grid that a convolution reads.

/// Squares of `kernel` x `kernel` places, `stride` apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Windows {
    pub(super) kernel: usize,
    pub(super) stride: usize,
    /// Places beyond the grid's edges, on every side.
    pub(super) padding: usize,
}

impl Windows {
    /// How many squares there are along a side; 0 if none fits.
    pub(super) const fn along(self, side: usize) -> usize {
        (side + 2 * self.padding + self.stride).saturating_sub(self.kernel) / self.stride
    }

    /// Places of a square.
    pub(super) const fn area(self) -> usize {
        self.kernel * self.kernel
    }
}
