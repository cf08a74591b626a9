//! The squares of places that a convolution reads, laid side by side and added back.

use std::ops::Range;

use engine::vector;

use super::Windows;

/// A batch of grids, `[image][row][column][map]`, and the windows over it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Squares {
    pub(super) windows: Windows,
    pub(super) sides: [usize; 2],
    pub(super) maps: usize,
}

impl Squares {
    /// Squares along an image's rows and columns.
    pub(super) fn grid(&self) -> [usize; 2] {
        self.sides.map(|side| self.windows.along(side))
    }

    /// Squares of an image.
    pub(super) fn per_image(&self) -> usize {
        self.grid().iter().product()
    }

    /// Numbers of a square.
    pub(super) fn len(&self) -> usize {
        self.windows.area() * self.maps
    }

    /// Numbers of an image.
    pub(super) fn image_len(&self) -> usize {
        self.sides.iter().product::<usize>() * self.maps
    }

    /// Calls `each` for every row of taps of some squares, in order: with the numbers left out before what it
    /// reads within the grid, and where that is; with nothing if it lies beyond.
    #[inline(always)]
    fn walk(&self, squares: Range<usize>, mut each: impl FnMut(Option<(usize, Range<usize>)>)) {
        let ([down, across], [height, width]) = (self.grid(), self.sides);
        let Windows { kernel, stride, padding } = self.windows;
        let of_image = squares.start % (down * across);
        let (mut image, mut row, mut column) = (squares.start / (down * across), of_image / across, of_image % across);
        for _ in squares {
            let left = padding.saturating_sub(column * stride);
            let first = column * stride + left - padding;
            let last = (column * stride + kernel).saturating_sub(padding).min(width).max(first);
            for tap_row in 0..kernel {
                let seen = (row * stride + tap_row).checked_sub(padding).filter(|seen| *seen < height);
                each(seen.map(|seen| {
                    let start = ((image * height + seen) * width + first) * self.maps;
                    (left * self.maps, start..start + (last - first) * self.maps)
                }));
            }
            column += 1;
            if column == across {
                (row, column) = (row + 1, 0);
            }
            if row == down {
                (image, row) = (image + 1, 0);
            }
        }
    }

    /// Squares side by side, `[square][tap x map]`; zeros beyond the edges.
    pub(super) fn read(&self, x: &[f32], squares: Range<usize>) -> Vec<f32> {
        let tap_row_len = self.windows.kernel * self.maps;
        let mut rows = Vec::with_capacity(squares.len() * self.len());
        self.walk(squares, |seen| {
            let end = rows.len() + tap_row_len;
            if let Some((before, span)) = seen {
                rows.resize(rows.len() + before, 0.0);
                rows.extend_from_slice(&x[span]);
            }
            rows.resize(end, 0.0);
        });
        rows
    }

    /// Adds rows to the squares that [`Self::read`] would read them from.
    pub(super) fn add(&self, rows: &[f32], squares: Range<usize>, x: &mut [f32]) {
        let mut rows = rows.chunks_exact(self.windows.kernel * self.maps);
        vector::dispatch(|| {
            self.walk(squares, |seen| {
                let row = rows.next().expect("a row per square and row of taps");
                if let Some((before, span)) = seen {
                    let terms = &row[before..before + span.len()];
                    x[span].iter_mut().zip(terms).for_each(|(sum, term)| *sum += term);
                }
            });
        });
    }
}
