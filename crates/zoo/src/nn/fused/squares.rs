//! The squares of places that a convolution reads, laid side by side and added back.

use std::ops::Range;

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

    /// What a row of a square reads within the grid: the numbers left out before it, those read, and
    /// where they are; nothing if it lies beyond.
    fn span(&self, square: usize, tap_row: usize) -> Option<(usize, Range<usize>)> {
        let ([down, across], [height, width]) = (self.grid(), self.sides);
        let (image, row, column) = (square / (down * across), square / across % down, square % across);
        let Windows { kernel, stride, padding } = self.windows;
        let row = (row * stride + tap_row).checked_sub(padding).filter(|row| *row < height)?;
        let left = padding.saturating_sub(column * stride);
        let first = column * stride + left - padding;
        let last = (column * stride + kernel).saturating_sub(padding).min(width);
        let start = ((image * height + row) * width + first) * self.maps;
        (first < last).then(|| (left * self.maps, start..start + (last - first) * self.maps))
    }

    /// Squares side by side, `[square][tap x map]`; zeros beyond the edges.
    pub(super) fn read(&self, x: &[f32], squares: Range<usize>) -> Vec<f32> {
        let tap_row_len = self.windows.kernel * self.maps;
        let mut rows = Vec::with_capacity(squares.len() * self.len());
        for square in squares {
            for tap_row in 0..self.windows.kernel {
                let end = rows.len() + tap_row_len;
                if let Some((before, span)) = self.span(square, tap_row) {
                    rows.resize(rows.len() + before, 0.0);
                    rows.extend_from_slice(&x[span]);
                }
                rows.resize(end, 0.0);
            }
        }
        rows
    }

    /// Adds rows to the squares that [`Self::read`] would read them from.
    pub(super) fn add(&self, rows: &[f32], squares: Range<usize>, x: &mut [f32]) {
        let tap_row_len = self.windows.kernel * self.maps;
        let mut rows = rows.chunks_exact(tap_row_len);
        for square in squares {
            for tap_row in 0..self.windows.kernel {
                let row = rows.next().expect("a row per square and row of taps");
                if let Some((before, span)) = self.span(square, tap_row) {
                    let len = span.len();
                    for (sum, term) in x[span].iter_mut().zip(&row[before..before + len]) {
                        *sum += term;
                    }
                }
            }
        }
    }
}
