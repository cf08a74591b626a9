//! Windows of a grid that a convolution reads.

/// Square windows of `kernel` x `kernel` positions, `stride` apart, over a grid with `padding` positions around it.
///
/// ```
/// let windows = nn::Windows { kernel: 4, stride: 2, padding: 1 };
/// assert_eq!(windows.along(28), 14);
/// assert_eq!(windows.area(), 16);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Windows {
    /// Number of positions along a side of a window.
    pub kernel: usize,
    /// Distance between the starts of adjacent windows in positions, at least 1.
    pub stride: usize,
    /// Number of positions beyond each edge of the grid, which count as 0.
    pub padding: usize,
}

impl Windows {
    /// Number of windows along a side of `side` positions; 0 if none fits.
    #[must_use]
    pub const fn along(self, side: usize) -> usize {
        (side + 2 * self.padding + self.stride).saturating_sub(self.kernel) / self.stride
    }

    /// Number of positions in a window.
    #[must_use]
    pub const fn area(self) -> usize {
        self.kernel * self.kernel
    }
}
