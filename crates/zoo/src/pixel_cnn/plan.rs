//! Plain and gated network as lists of operations, which the tensor version and the CPU version share.

use nn::masked_conv::{CENTRE, Mask, Shape, Tap, above, row, square};

use crate::faults::first_taps;

/// Kernel side of every layer except the first (Table 1 of the paper).
const KERNEL: usize = 3;

/// Operation on the results of earlier operations. Node 0 is the image, node i the result of operation i - 1.
#[derive(Clone, Copy, Debug)]
pub(super) enum Op {
    /// Convolution with index `layer`.
    Conv { from: usize, layer: usize },
    /// max(x, 0).
    Relu { from: usize },
    /// a + b.
    Add { a: usize, b: usize },
    /// Gate: tanh of the first half of the channels times the sigmoid of the second half.
    Gate { from: usize },
}

/// Network over positions in raster order.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// Operations in the order of computation. The last one returns the parameters of the conditionals.
    pub(super) ops: Vec<Op>,
    /// Shapes of the convolutions.
    pub(super) shapes: Vec<Shape>,
    /// Number of channels of each node.
    pub(super) channels: Vec<usize>,
    /// `true` if a row of each operation depends only on the rows above, so that it can be computed before the first
    /// pixel of the row is known.
    pub(super) ahead: Vec<bool>,
    /// Reach of the first kernel in pixels.
    pub(super) reach: usize,
    /// `true` if mask A keeps connections at the centre, from a colour to later ones.
    sequential: bool,
}

/// Sizes of a network, in counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// Channels between blocks.
    pub(super) channels: usize,
    /// Residual blocks.
    pub(super) blocks: usize,
    /// Side of the first kernel in pixels.
    pub(super) kernel: usize,
    /// Channels of the layer before the last.
    pub(super) head: usize,
    /// Colours of the image: 1 for grey, 3 for RGB.
    pub(super) colours: usize,
    /// `true` if a colour of a pixel depends on the colours before it.
    pub(super) sequential: bool,
    /// Parameters per conditional.
    pub(super) numbers: usize,
}

impl Plan {
    /// Returns the plain network (Table 1 and Figure 5 of the paper).
    pub(super) fn plain(sizes: Sizes) -> Self {
        let mut plan = Self::start(&sizes);
        let half = sizes.channels / 2;
        let mut x = plan.masked(0, sizes.channels, square(sizes.kernel), Mask::A);
        for _ in 0..sizes.blocks {
            let inner = plan.rectified(x, half, Vec::new());
            let inner = plan.rectified(inner, half, square(KERNEL));
            let inner = plan.rectified(inner, sizes.channels, Vec::new());
            x = plan.push(Op::Add { a: x, b: inner }, sizes.channels);
        }
        plan.head(x, &sizes)
    }

    /// Returns the gated network (Figure 2 of the paper on gated decoders). The vertical stack depends on the rows
    /// above a position; the horizontal stack adds the pixels to the left in the same row.
    pub(super) fn gated(sizes: Sizes) -> Self {
        let mut plan = Self::start(&sizes);
        let (channels, gates) = (sizes.channels, 2 * sizes.channels);
        let mut vertical = plan.conv(0, gates, 1, above(sizes.kernel), Mask::Open);
        let mut x = plan.conv(0, gates, 2, plan.with_centre(row(sizes.kernel), Mask::A), Mask::A);
        x = plan.join(x, vertical, channels);
        for _ in 0..sizes.blocks {
            vertical = plan.push(Op::Gate { from: vertical }, channels);
            // The vertical channels of a row depend only on the rows above, so that no mask is needed.
            let below: Vec<Tap> = (-1..=1).map(|right| Tap { up: 0, right }).collect();
            vertical = plan.conv(vertical, gates, 1, [above(KERNEL), below].concat(), Mask::Open);
            let own = plan.conv(x, gates, 2, plan.with_centre(row(KERNEL), Mask::B), Mask::B);
            let inner = plan.join(own, vertical, channels);
            x = plan.push(Op::Add { a: x, b: inner }, channels);
        }
        plan.head(x, &sizes)
    }

    fn start(sizes: &Sizes) -> Self {
        Self {
            ops: Vec::new(),
            shapes: Vec::new(),
            channels: vec![sizes.colours],
            ahead: Vec::new(),
            reach: sizes.kernel / 2,
            sequential: sizes.sequential,
        }
    }

    /// Appends ReLU and a 1x1 convolution, twice. The last one returns the parameters of the conditionals.
    fn head(mut self, x: usize, sizes: &Sizes) -> Self {
        let x = self.rectified(x, sizes.head, Vec::new());
        self.rectified(x, sizes.colours * sizes.numbers, Vec::new());
        self
    }

    /// Adds the vertical to the horizontal stack and appends the gate and a 1x1 convolution.
    fn join(&mut self, horizontal: usize, vertical: usize, channels: usize) -> usize {
        let vertical = self.conv(vertical, 2 * channels, 2, vec![CENTRE], Mask::Open);
        let joined = self.push(Op::Add { a: horizontal, b: vertical }, 2 * channels);
        let gated = self.push(Op::Gate { from: joined }, channels);
        self.masked(gated, channels, Vec::new(), Mask::B)
    }

    /// Appends a ReLU and a convolution with mask B.
    fn rectified(&mut self, from: usize, outputs: usize, taps: Vec<Tap>) -> usize {
        let from = self.push(Op::Relu { from }, self.channels[from]);
        self.masked(from, outputs, taps, Mask::B)
    }

    fn masked(&mut self, from: usize, outputs: usize, taps: Vec<Tap>, centre: Mask) -> usize {
        let taps = self.with_centre(taps, centre);
        self.conv(from, outputs, 1, taps, centre)
    }

    /// Appends the centre tap, unless mask A removes it (one colour, or independent ones).
    fn with_centre(&self, mut taps: Vec<Tap>, centre: Mask) -> Vec<Tap> {
        if centre == Mask::A {
            first_taps(&mut taps);
        }
        if centre != Mask::A || self.sequential {
            taps.push(CENTRE);
        }
        taps
    }

    fn conv(&mut self, from: usize, outputs: usize, parts: usize, taps: Vec<Tap>, centre: Mask) -> usize {
        let (inputs, colours) = (self.channels[from], self.channels[0]);
        self.shapes.push(Shape { inputs, outputs, colours, parts, taps, centre });
        self.push(Op::Conv { from, layer: self.shapes.len() - 1 }, outputs)
    }

    fn push(&mut self, op: Op, channels: usize) -> usize {
        let is_ahead = |node: usize| node > 0 && self.ahead[node - 1];
        let ahead = match op {
            Op::Conv { from, layer } => is_ahead(from) || self.shapes[layer].taps.iter().all(|tap| tap.up > 0),
            Op::Relu { from } | Op::Gate { from } => is_ahead(from),
            Op::Add { a, b } => is_ahead(a) && is_ahead(b),
        };
        self.ahead.push(ahead);
        self.ops.push(op);
        self.channels.push(channels);
        self.ops.len()
    }
}
