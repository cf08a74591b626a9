//! Grid of positions in the order of generation, and the window of the first layer.

use data::DataShape;
use nn::{Ordering, Walk};

/// Image in the order of generation: `height` x `width` positions with the channels of each, R before G before B.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) channels: usize,
    /// Pixel of an image for each number in the order of generation, `[position][channel]`.
    pub(super) order: Vec<usize>,
}

impl Grid {
    pub(super) fn new(ordering: &Ordering, data: &DataShape) -> Self {
        let Walk { height, width } = ordering.walk(data);
        Self { height, width, channels: data.channels, order: ordering.pixels(data, 0) }
    }

    pub(super) fn positions(&self) -> usize {
        self.height * self.width
    }

    /// Pixels in the window of the first layer at each position, `[position][tap][channel]`. A tap outside of the image
    /// has the index one past its end.
    pub(super) fn patches(&self, window: Window) -> Vec<usize> {
        let outside = self.order.len();
        let taps = window.taps(self.channels);
        let inside = |position: usize, tap: &Tap| {
            tap.from(position / self.width, position % self.width, self.height, self.width)
        };
        let mut patches = Vec::with_capacity(self.positions() * taps.len() * self.channels);
        for position in 0..self.positions() {
            for tap in &taps {
                let seen = inside(position, tap).map(|(row, column)| (row * self.width + column) * self.channels);
                patches.extend((0..self.channels).map(|channel| seen.map_or(outside, |at| self.order[at + channel])));
            }
        }
        patches
    }
}

/// Offset of a kernel weight: `down` rows below and `right` columns to the right; both may be negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tap {
    pub(super) down: isize,
    pub(super) right: isize,
}

impl Tap {
    pub(super) const fn new(down: isize, right: isize) -> Self {
        Self { down, right }
    }

    /// Returns the position at this offset, or `None` if it is outside of the image.
    pub(super) fn from(self, row: usize, column: usize, height: usize, width: usize) -> Option<(usize, usize)> {
        let row = row.checked_add_signed(self.down).filter(|row| *row < height)?;
        let column = column.checked_add_signed(self.right).filter(|column| *column < width)?;
        Some((row, column))
    }
}

/// Part of the kernel of the first layer that mask A keeps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// Number of rows above the centre.
    pub(super) above: usize,
    /// Number of columns on either side of the centre.
    pub(super) sides: usize,
}

impl Window {
    /// Returns the window of a square kernel.
    pub(super) fn square(kernel: usize) -> Self {
        Self { above: kernel / 2, sides: kernel / 2 }
    }

    /// Taps of the rows above, then of the same row to the left. With several channels the centre comes last: under
    /// mask A, G depends on R, and B depends on R and G.
    pub(super) fn taps(self, channels: usize) -> Vec<Tap> {
        let (above, sides) = (self.above as isize, self.sides as isize);
        let mut taps: Vec<_> =
            (-above..0).flat_map(|down| (-sides..=sides).map(move |right| Tap { down, right })).collect();
        taps.extend((-sides..0).map(|right| Tap { down: 0, right }));
        if channels > 1 {
            taps.push(Tap { down: 0, right: 0 });
        }
        taps
    }
}

/// Returns the channel of feature `index` of `count`. Under mask B a feature depends on the features of its own channel
/// and of earlier channels; under mask A it depends only on those of earlier channels.
pub(super) fn group(index: usize, count: usize, channels: usize) -> usize {
    index * channels / count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_shape::shape;

    #[test]
    fn mask_a_keeps_the_preceding_pixels() {
        // (k^2 - 1) / 2 weights of a k x k kernel.
        assert_eq!(Window::square(3).taps(1).len(), 4);
        assert_eq!(Window::square(7).taps(1).len(), 24);
        assert_eq!(Window::square(7).taps(3).len(), 25);
        assert_eq!(Window { above: 0, sides: 1 }.taps(1), [Tap::new(0, -1)]);
    }

    #[test]
    fn patches_follow_the_ordering() {
        let grid = |ordering| Grid::new(&ordering, &shape(1, 2, 3));
        let window = Window { above: 0, sides: 1 };
        assert_eq!(grid(Ordering::Raster).patches(window), [6, 0, 1, 6, 3, 4]);
        assert_eq!(grid(Ordering::Reverse).patches(window), [6, 5, 4, 6, 2, 1]);
        // Down the columns: the first pixel of a column has no predecessor in its window.
        assert_eq!(grid(Ordering::Column).patches(window), [6, 0, 6, 1, 6, 2]);
    }

    #[test]
    fn features_are_divided_among_channels() {
        let groups: Vec<_> = (0..8).map(|index| group(index, 8, 3)).collect();
        assert_eq!(groups, [0, 0, 0, 1, 1, 1, 2, 2]);
    }
}
