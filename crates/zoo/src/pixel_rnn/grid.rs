//! The grid that is walked row by row, and what the first layer sees of it.

use data::DataShape;
use nn::{Ordering, Walk};

/// An image as the network sees it: `height` x `width` places in the order of generation, with the
/// numbers of each, R before G before B.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) channels: usize,
    /// Where each number of the walk, `[place][channel]`, lies in an image.
    pub(super) order: Vec<usize>,
}

impl Grid {
    pub(super) fn new(ordering: &Ordering, data: &DataShape) -> Self {
        let Walk { height, width } = ordering.walk(data);
        Self { height, width, channels: data.channels, order: ordering.pixels(data, 0) }
    }

    pub(super) fn places(&self) -> usize {
        self.height * self.width
    }

    /// What the first layer sees of an image at each place, `[place][tap][channel]`, as positions in
    /// the image; outside the image one past its end.
    pub(super) fn patches(&self, window: Window) -> Vec<usize> {
        let outside = self.order.len();
        let taps = window.taps(self.channels);
        let inside =
            |place: usize, tap: &Tap| tap.from(place / self.width, place % self.width, self.height, self.width);
        let mut patches = Vec::with_capacity(self.places() * taps.len() * self.channels);
        for place in 0..self.places() {
            for tap in &taps {
                let seen = inside(place, tap).map(|(row, column)| (row * self.width + column) * self.channels);
                patches.extend((0..self.channels).map(|channel| seen.map_or(outside, |at| self.order[at + channel])));
            }
        }
        patches
    }
}

/// A neighbour: `down` rows below and `right` columns to the right, either of which may be negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tap {
    pub(super) down: isize,
    pub(super) right: isize,
}

impl Tap {
    pub(super) const fn new(down: isize, right: isize) -> Self {
        Self { down, right }
    }

    /// The neighbour of a place, unless it lies outside.
    pub(super) fn from(self, row: usize, column: usize, height: usize, width: usize) -> Option<(usize, usize)> {
        let row = row.checked_add_signed(self.down).filter(|row| *row < height)?;
        let column = column.checked_add_signed(self.right).filter(|column| *column < width)?;
        Some((row, column))
    }
}

/// The part of the first layer's kernel that a mask leaves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// Rows above the centre.
    pub(super) above: usize,
    /// Columns on either side of it.
    pub(super) beside: usize,
}

impl Window {
    /// A square kernel.
    pub(super) fn square(kernel: usize) -> Self {
        Self { above: kernel / 2, beside: kernel / 2 }
    }

    /// Rows above, then the row itself to the left. With several channels the centre comes last: of
    /// it mask A lets G see R, and B see R and G.
    pub(super) fn taps(self, channels: usize) -> Vec<Tap> {
        let (above, beside) = (self.above as isize, self.beside as isize);
        let mut taps: Vec<_> =
            (-above..0).flat_map(|down| (-beside..=beside).map(move |right| Tap { down, right })).collect();
        taps.extend((-beside..0).map(|right| Tap { down: 0, right }));
        if channels > 1 {
            taps.push(Tap { down: 0, right: 0 });
        }
        taps
    }
}

/// The channel that feature `index` of `count` belongs to. A mask lets a feature see those of its own
/// channel and of the channels before it (mask B), or of the latter alone (mask A).
pub(super) fn group(index: usize, count: usize, channels: usize) -> usize {
    index * channels / count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_shape::shape;

    #[test]
    fn mask_a_leaves_the_past() {
        // (k^2 - 1) / 2 weights of a k x k kernel.
        assert_eq!(Window::square(3).taps(1).len(), 4);
        assert_eq!(Window::square(7).taps(1).len(), 24);
        assert_eq!(Window::square(7).taps(3).len(), 25);
        assert_eq!(Window { above: 0, beside: 1 }.taps(1), [Tap::new(0, -1)]);
    }

    #[test]
    fn patches_follow_the_walk() {
        let grid = |ordering| Grid::new(&ordering, &shape(1, 2, 3));
        let window = Window { above: 0, beside: 1 };
        assert_eq!(grid(Ordering::Raster).patches(window), [6, 0, 1, 6, 3, 4]);
        assert_eq!(grid(Ordering::Reverse).patches(window), [6, 5, 4, 6, 2, 1]);
        // Down the columns: the column's start sees nothing.
        assert_eq!(grid(Ordering::Column).patches(window), [6, 0, 6, 1, 6, 2]);
    }

    #[test]
    fn features_are_shared_out_among_channels() {
        let groups: Vec<_> = (0..8).map(|index| group(index, 8, 3)).collect();
        assert_eq!(groups, [0, 0, 0, 1, 1, 1, 2, 2]);
    }
}
