//! Connections of a masked convolution.

/// Tap of a kernel: `up` rows above the centre and `right` columns to its right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tap {
    /// Rows above the centre.
    pub up: usize,
    /// Columns to the right of the centre, negative to the left; never positive in the row of the centre.
    pub right: isize,
}

/// Centre tap.
pub const CENTRE: Tap = Tap { up: 0, right: 0 };

/// Channels that the centre tap connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    /// Mask A: input channels of the colours before the colour of the output channel.
    A,
    /// Mask B: input channels of the colours up to the colour of the output channel, inclusive.
    B,
    /// All channels: the input does not depend on the centre pixel, or the kernel has no centre tap.
    Open,
}

/// Connections of a masked convolution.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Number of input channels.
    pub inputs: usize,
    /// Number of output channels.
    pub outputs: usize,
    /// Number of colours. Channels are divided among the colours in order and as evenly as possible.
    pub colours: usize,
    /// Number of equal parts of `outputs`, each divided among the colours: 2 if a gate follows, else 1.
    pub parts: usize,
    /// Taps of the kernel.
    pub taps: Vec<Tap>,
    /// Channels that the centre tap connects.
    pub centre: Mask,
}

/// Taps of a `kernel` x `kernel` square before the centre in raster order.
#[must_use]
pub fn square(kernel: usize) -> Vec<Tap> {
    [above(kernel), row(kernel)].concat()
}

/// Taps of a square in the rows above the centre.
#[must_use]
pub fn above(kernel: usize) -> Vec<Tap> {
    let reach = (kernel / 2) as isize;
    (1..=kernel / 2).rev().flat_map(|up| (-reach..=reach).map(move |right| Tap { up, right })).collect()
}

/// Taps of a square in the row of the centre, to its left.
#[must_use]
pub fn row(kernel: usize) -> Vec<Tap> {
    let reach = (kernel / 2) as isize;
    (-reach..0).map(|right| Tap { up: 0, right }).collect()
}

impl Shape {
    /// Number of weights per output channel, including weights that the mask removes.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.taps.len() * self.inputs
    }

    /// Mask of the weights, `[tap][input][output]`: 1 for a connection, else 0; `None` if all are connected.
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

    /// Number of connected weights and biases.
    #[must_use]
    pub fn parameters(&self) -> u64 {
        let weights = self.rows() * self.outputs;
        let live = self.mask().map_or(weights, |mask| mask.iter().filter(|allowed| **allowed > 0.0).count());
        (live + self.outputs) as u64
    }
}
