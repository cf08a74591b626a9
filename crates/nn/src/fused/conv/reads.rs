//! The numbers that each output position of a convolution reads: rows of taps in a padded image.
//!
//! With the channels of a position next to each other, the taps of a row are one run of numbers, so that a
//! convolution is a matrix product whose rows overlap in memory; nothing is copied. A transposed
//! convolution that moves by `stride` is `stride` x `stride` such convolutions, one for each remainder
//! of an output position's row and column (its phases), each with the taps that reach it.

use crate::Windows;

/// An output position: the index of its first tap in the padded image, and its own index in the result.
#[derive(Clone, Copy, Debug)]
pub(super) struct Position {
    pub(super) reads: usize,
    pub(super) writes: usize,
}

/// Rows of taps: their count, their distance in the padded image, and the numbers in each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taps {
    pub(super) rows: usize,
    pub(super) row_len: usize,
    pub(super) run: usize,
}

impl Taps {
    /// Numbers that a position reads.
    pub(super) const fn len(self) -> usize {
        self.rows * self.run
    }
}

/// Output positions that read the same taps.
#[derive(Debug)]
pub(super) struct Phase {
    pub(super) taps: Taps,
    pub(super) positions: Vec<Position>,
    /// The tap of the kernel for each position that is read, in the order of reading.
    pub(super) order: Vec<usize>,
}

/// A grid of feature channels, and the zeros around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Padded {
    sides: [usize; 2],
    channels: usize,
    /// Places before the first, along either side.
    before: usize,
    /// With the zeros.
    padded: [usize; 2],
}

impl Padded {
    /// Numbers of an image.
    pub(super) fn image_len(&self) -> usize {
        self.sides.iter().product::<usize>() * self.channels
    }

    /// An image of zeros.
    pub(super) fn blank(&self) -> Vec<f32> {
        vec![0.0; self.padded.iter().product::<usize>() * self.channels]
    }

    /// Numbers from a row to the next.
    fn row_len(&self) -> usize {
        self.padded[1] * self.channels
    }

    /// Puts an image where [`Self::blank`] has no margin.
    pub(super) fn fill(&self, image: &[f32], padded: &mut [f32]) {
        let (row, margin) = (self.sides[1] * self.channels, self.before * self.channels);
        let rows = padded.chunks_exact_mut(self.row_len()).skip(self.before);
        for (from, to) in image.chunks_exact(row).zip(rows) {
            to[margin..margin + row].copy_from_slice(from);
        }
    }
}

/// All that a convolution reads of an image, and where the sums go.
#[derive(Debug)]
pub(super) struct Reads {
    pub(super) padded: Padded,
    pub(super) phases: Vec<Phase>,
    /// Rows and columns of the result.
    pub(super) sides: [usize; 2],
}

impl Reads {
    /// A convolution: each output position from a window of `[rows, columns, channels]`, to `to` channels.
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

    /// A transposed convolution: each position of `[rows, columns, channels]` is added to a window of a grid of `sides`
    /// positions of `to` channels.
    ///
    /// Along a side, position o is reached from position i by tap o + padding - i stride: with o + padding =
    /// stride b + phase by tap phase + stride t from b - t.
    pub(super) fn to_windows(
        windows: Windows,
        from: [usize; 2],
        channels: usize,
        sides: [usize; 2],
        to: usize,
    ) -> Self {
        let Windows { kernel, stride, padding } = windows;
        debug_assert!(kernel >= stride, "every position is reached");
        let before = kernel.div_ceil(stride) - 1;
        let last = sides.map(|side| (side - 1 + padding) / stride);
        let padded = [0, 1].map(|axis| before + from[axis].max(last[axis] + 1));
        let padded = Padded { sides: from, channels, before, padded };
        let phases = (0..stride * stride).map(|phase| {
            let phase = [phase / stride, phase % stride];
            let count = phase.map(|phase| (kernel - phase).div_ceil(stride));
            let [rows, columns] =
                [0, 1].map(|axis| (0..sides[axis]).filter(move |o| (o + padding) % stride == phase[axis]));
            // The first position that is read: b - (count - 1), counted from the margin's edge.
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
