//! Inputs of each output position of a convolution: rows of taps in a padded image.
//!
//! The channels of a position are contiguous, so that the taps of a row are one run of numbers. A convolution is then a
//! matrix product with rows that overlap in memory, and nothing is copied. A transposed convolution with stride s
//! consists of s x s convolutions (its phases), one for each remainder of the row and column of an output position,
//! each with the taps that reach it.

use crate::Windows;

/// Output position: the index of its first tap in the padded image, and its index in the result.
#[derive(Clone, Copy, Debug)]
pub(super) struct Position {
    pub(super) reads: usize,
    pub(super) writes: usize,
}

/// Rows of taps: their count, their distance in the padded image, and the count of numbers in each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taps {
    pub(super) rows: usize,
    pub(super) row_len: usize,
    pub(super) run: usize,
}

impl Taps {
    /// Count of numbers that a position reads.
    pub(super) const fn len(self) -> usize {
        self.rows * self.run
    }
}

/// Output positions with the same taps.
#[derive(Debug)]
pub(super) struct Phase {
    pub(super) taps: Taps,
    pub(super) positions: Vec<Position>,
    /// Taps of the kernel in the order of reading.
    pub(super) order: Vec<usize>,
}

/// Sizes of an image with a margin of zeros.
#[derive(Clone, Copy, Debug)]
pub(super) struct Padded {
    sides: [usize; 2],
    channels: usize,
    /// Width of the margin before the first row and column.
    before: usize,
    /// Rows and columns with the margin.
    padded: [usize; 2],
}

impl Padded {
    /// Count of numbers per image, without the margin.
    pub(super) fn image_len(&self) -> usize {
        self.sides.iter().product::<usize>() * self.channels
    }

    /// Padded image of zeros.
    pub(super) fn blank(&self) -> Vec<f32> {
        vec![0.0; self.padded.iter().product::<usize>() * self.channels]
    }

    /// Count of numbers per padded row.
    fn row_len(&self) -> usize {
        self.padded[1] * self.channels
    }

    /// Copies an image into the padded image, inside of the margin.
    pub(super) fn fill(&self, image: &[f32], padded: &mut [f32]) {
        let (row, margin) = (self.sides[1] * self.channels, self.before * self.channels);
        let rows = padded.chunks_exact_mut(self.row_len()).skip(self.before);
        for (from, to) in image.chunks_exact(row).zip(rows) {
            to[margin..margin + row].copy_from_slice(from);
        }
    }
}

/// Input positions and output positions of a convolution.
#[derive(Debug)]
pub(super) struct Reads {
    pub(super) padded: Padded,
    pub(super) phases: Vec<Phase>,
    /// Rows and columns of the result.
    pub(super) sides: [usize; 2],
}

impl Reads {
    /// Reads of a convolution of `[rows, columns, channels]` to `to` channels: one window per output position.
    pub(super) fn of_windows(windows: Windows, sides: [usize; 2], channels: usize, to: usize) -> Self {
        let Windows { kernel, stride, padding } = windows;
        let padded = Padded { sides, channels, before: padding, padded: sides.map(|side| side + 2 * padding) };
        let [down, across] = sides.map(|side| windows.along(side));
        let position = |at: usize| Position {
            reads: (at / across * padded.padded[1] + at % across) * stride * channels,
            writes: at * to,
        };
        let taps = Taps { rows: kernel, row_len: padded.row_len(), run: kernel * channels };
        let phase =
            Phase { taps, positions: (0..down * across).map(position).collect(), order: (0..windows.area()).collect() };
        Self { padded, phases: vec![phase], sides: [down, across] }
    }

    /// Reads of a transposed convolution of `[rows, columns, channels]` to a grid of `sides` positions with `to`
    /// channels.
    ///
    /// Along a side, input i reaches output o with tap o + padding - i stride. For o + padding = stride b + phase,
    /// input b - t reaches it with tap phase + stride t.
    pub(super) fn to_windows(
        windows: Windows,
        from: [usize; 2],
        channels: usize,
        sides: [usize; 2],
        to: usize,
    ) -> Self {
        let Windows { kernel, stride, padding } = windows;
        debug_assert!(kernel >= stride, "every output position has a tap");
        let before = kernel.div_ceil(stride) - 1;
        let last = sides.map(|side| (side - 1 + padding) / stride);
        let padded = [0, 1].map(|axis| before + from[axis].max(last[axis] + 1));
        let padded = Padded { sides: from, channels, before, padded };
        let phases = (0..stride * stride).map(|phase| {
            let phase = [phase / stride, phase % stride];
            let count = phase.map(|phase| (kernel - phase).div_ceil(stride));
            let [rows, columns] =
                [0, 1].map(|axis| (0..sides[axis]).filter(move |o| (o + padding) % stride == phase[axis]));
            // First input position, b - (count - 1), counted from the edge of the margin.
            let first = |o: usize, axis: usize| (o + padding) / stride + before + 1 - count[axis];
            let positions = rows.flat_map(|row| columns.clone().map(move |column| (row, column)));
            let positions = positions.map(|(row, column)| Position {
                reads: (first(row, 0) * padded.padded[1] + first(column, 1)) * channels,
                writes: (row * sides[1] + column) * to,
            });
            let tap = |at: usize, axis: usize| phase[axis] + stride * (count[axis] - 1 - at);
            let order = (0..count[0] * count[1]).map(|at| tap(at / count[1], 0) * kernel + tap(at % count[1], 1));
            let taps = Taps { rows: count[0], row_len: padded.row_len(), run: count[1] * channels };
            Phase { taps, positions: positions.collect(), order: order.collect() }
        });
        Self { padded, phases: phases.collect(), sides }
    }
}
