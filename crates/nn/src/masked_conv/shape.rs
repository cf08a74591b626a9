//! The connections of a masked convolution.

/// A tap of a kernel: `up` rows above the centre and `right` columns to its right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tap {
    /// Rows above the centre.
    pub up: usize,
    /// Columns to the right of the centre; never positive in the centre's row.
    pub right: isize,
}

/// The centre tap.
pub const CENTRE: Tap = Tap { up: 0, right: 0 };

/// The channels that the centre tap connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    /// Mask A: colours before the output channel's own.
    A,
    /// Mask B: colours up to and including the output channel's own.
    B,
    /// All: the input does not depend on the centre's pixel, or the kernel has no centre tap.
    Open,
}

/// The connections of a masked convolution.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Input channels.
    pub inputs: usize,
    /// Output channels.
    pub outputs: usize,
    /// Colours that the channels are divided among, in order and as evenly as possible.
    pub colours: usize,
    /// Equal parts of `outputs`, each divided among the colours: 2 if a gate follows, else 1.
    pub parts: usize,
    /// The taps.
    pub taps: Vec<Tap>,
    /// The channels that the centre tap connects.
    pub centre: Mask,
}

/// The taps of a `kernel` x `kernel` square before the centre in raster order.
#[must_use]
pub fn square(kernel: usize) -> Vec<Tap> {
    [above(kernel), row(kernel)].concat()
}

/// The taps of a square in the rows above the centre.
#[must_use]
pub fn above(kernel: usize) -> Vec<Tap> {
    let reach = (kernel / 2) as isize;
    (1..=kernel / 2).rev().flat_map(|up| (-reach..=reach).map(move |right| Tap { up, right })).collect()
}

/// The taps of a square in the centre's row, to its left.
#[must_use]
pub fn row(kernel: usize) -> Vec<Tap> {
    let reach = (kernel / 2) as isize;
    (-reach..0).map(|right| Tap { up: 0, right }).collect()
}

impl Shape {
    /// Weights per output channel, including those that the mask removes.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.taps.len() * self.inputs
    }

    /// The mask of the weights, `[tap][input][output]`: 1 for a connection, else 0; `None` if all are connected.
    #[must_use]
    pub fn mask(&self) -> Option<Vec<f32>> {
        let part = self.outputs / self.parts;
        let allowed = |tap: &Tap, input: usize, output: usize| {
            let (read, written) = (input * self.colours / self.inputs, output % part * self.colours / part);
            *tap != CENTRE
                || match self.centre {
                    Mask::A => read < written,
                    Mask::B => read <= written,
                    Mask::Open => true,
                }
        };
        let mut mask = Vec::with_capacity(self.rows() * self.outputs);
        for tap in &self.taps {
            for input in 0..self.inputs {
                mask.extend((0..self.outputs).map(|output| f32::from(u8::from(allowed(tap, input, output)))));
            }
        }
        mask.contains(&0.0).then_some(mask)
    }

    /// The number of connected weights and biases.
    #[must_use]
    pub fn parameters(&self) -> u64 {
        let weights = self.rows() * self.outputs;
        let live = self.mask().map_or(weights, |mask| mask.iter().filter(|allowed| **allowed > 0.0).count());
        (live + self.outputs) as u64
    }
}
