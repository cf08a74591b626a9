//! What each place of a convolution's result reads: rows of taps in a grid with zeros around it.
//!
//! With the maps of a place next to each other, the taps of a row are one run of numbers, so that a
//! convolution is a matrix product whose rows overlap in memory; nothing is laid out anew. A transposed
//! convolution that moves by `stride` is `stride` x `stride` such convolutions, one for each remainder
//! of a place's row and column (its phases), each with the taps that reach it.

use super::Windows;

/// A place of the result: where its first row of taps begins in the padded image, and where it is itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) reads: usize,
    pub(super) writes: usize,
}

/// Rows of taps: how many, how far apart in the padded image, and how many numbers each has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taps {
    pub(super) rows: usize,
    pub(super) row_len: usize,
    pub(super) run: usize,
}

impl Taps {
    /// Numbers that a place reads.
    pub(super) const fn len(self) -> usize {
        self.rows * self.run
    }
}

/// Places that read the same taps.
#[derive(Debug)]
pub(super) struct Phase {
    pub(super) taps: Taps,
    pub(super) places: Vec<Place>,
    /// Which tap of the kernel meets each place that is read, in the order of reading.
    pub(super) order: Vec<usize>,
}

/// A grid of feature maps, and the zeros around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Padded {
    sides: [usize; 2],
    maps: usize,
    /// Places before the first, along either side.
    before: usize,
    /// With the zeros.
    padded: [usize; 2],
}

impl Padded {
    /// Numbers of an image.
    pub(super) fn image_len(&self) -> usize {
        self.sides.iter().product::<usize>() * self.maps
    }

    /// An image of zeros.
    pub(super) fn blank(&self) -> Vec<f32> {
        vec![0.0; self.padded.iter().product::<usize>() * self.maps]
    }

    /// Numbers from a row to the next.
    fn row_len(&self) -> usize {
        self.padded[1] * self.maps
    }

    /// Puts an image where [`Self::blank`] has no margin.
    pub(super) fn fill(&self, image: &[f32], padded: &mut [f32]) {
        let (row, margin) = (self.sides[1] * self.maps, self.before * self.maps);
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
    /// A convolution: each place of the result from a square of `[rows, columns, maps]`, to `to` maps.
    pub(super) fn of_squares(windows: Windows, sides: [usize; 2], maps: usize, to: usize) -> Self {
        let Windows { kernel, stride, padding } = windows;
        let padded = Padded { sides, maps, before: padding, padded: sides.map(|side| side + 2 * padding) };
        let [down, across] = sides.map(|side| windows.along(side));
        let place = |at: usize| Place {
            reads: (at / across * padded.padded[1] + at % across) * stride * maps,
            writes: at * to,
        };
        let taps = Taps { rows: kernel, row_len: padded.row_len(), run: kernel * maps };
        let phase =
            Phase { taps, places: (0..down * across).map(place).collect(), order: (0..windows.area()).collect() };
        Self { padded, phases: vec![phase], sides: [down, across] }
    }

    /// The other way: each place of `[rows, columns, maps]` added to a square of a grid of `sides` places of `to` maps.
    ///
    /// Along a side, place o is reached from place i by tap o + padding - i stride: with o + padding =
    /// stride b + phase by tap phase + stride t from b - t.
    pub(super) fn to_squares(windows: Windows, from: [usize; 2], maps: usize, sides: [usize; 2], to: usize) -> Self {
        let Windows { kernel, stride, padding } = windows;
        debug_assert!(kernel >= stride, "every place is reached");
        let before = kernel.div_ceil(stride) - 1;
        let last = sides.map(|side| (side - 1 + padding) / stride);
        let padded = [0, 1].map(|axis| before + from[axis].max(last[axis] + 1));
        let padded = Padded { sides: from, maps, before, padded };
        let phases = (0..stride * stride).map(|phase| {
            let phase = [phase / stride, phase % stride];
            let count = phase.map(|phase| (kernel - phase).div_ceil(stride));
            let [rows, columns] =
                [0, 1].map(|axis| (0..sides[axis]).filter(move |o| (o + padding) % stride == phase[axis]));
            // The first place that is read: b - (count - 1), counted from the margin's edge.
            let first = |o: usize, axis: usize| (o + padding) / stride + before + 1 - count[axis];
            let places = rows.flat_map(|row| columns.clone().map(move |column| (row, column)));
            let places = places.map(|(row, column)| Place {
                reads: (first(row, 0) * padded.padded[1] + first(column, 1)) * maps,
                writes: (row * sides[1] + column) * to,
            });
            let tap = |at: usize, axis: usize| phase[axis] + stride * (count[axis] - 1 - at);
            let order = (0..count[0] * count[1]).map(|at| tap(at / count[1], 0) * kernel + tap(at % count[1], 1));
            let taps = Taps { rows: count[0], row_len: padded.row_len(), run: count[1] * maps };
            Phase { taps, places: places.collect(), order: order.collect() }
        });
        Self { padded, phases: phases.collect(), sides }
    }
}
