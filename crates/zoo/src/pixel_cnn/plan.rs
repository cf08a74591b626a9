//! The two networks as lists of operations: the one description that the tensor version and the
//! CPU version both follow.

use nn::masked_conv::{CENTRE, Mask, Shape, Tap, above, row, square};

/// The kernel of every layer but the first (Table 1 of the paper).
const KERNEL: usize = 3;

/// One operation. It reads what earlier ones wrote: node 0 is the image, node i the result of
/// operation i - 1.
#[derive(Clone, Copy, Debug)]
pub(super) enum Op {
    /// The convolution numbered `layer`.
    Conv { from: usize, layer: usize },
    /// max(x, 0).
    Relu { from: usize },
    /// a + b.
    Add { a: usize, b: usize },
    /// tanh of the first half of the maps times the sigmoid of the second.
    Gate { from: usize },
}

/// A network over places in raster order.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// In the order of computation; the last one's result are the numbers of the conditionals.
    pub(super) ops: Vec<Op>,
    /// The convolutions.
    pub(super) shapes: Vec<Shape>,
    /// Feature maps of each node.
    pub(super) maps: Vec<usize>,
    /// Of each operation, whether its row of results follows from the rows above alone, so that it
    /// can be computed before the row's first pixel is known.
    pub(super) ahead: Vec<bool>,
    /// How far the first kernel sees.
    pub(super) reach: usize,
}

/// Sizes of a network.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// Feature maps between blocks.
    pub(super) channels: usize,
    /// Residual blocks.
    pub(super) blocks: usize,
    /// The side of the first kernel.
    pub(super) kernel: usize,
    /// Feature maps of the layer before the last.
    pub(super) head: usize,
    /// Colours of the image.
    pub(super) colours: usize,
    /// Numbers per conditional.
    pub(super) numbers: usize,
}

impl Plan {
    /// Table 1 and Figure 5 of the paper.
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

    /// Figure 2 of the paper on gated decoders. The vertical stack holds, at each place, the rows
    /// strictly above it; the horizontal one adds the own row.
    pub(super) fn gated(sizes: Sizes) -> Self {
        let mut plan = Self::start(&sizes);
        let (maps, gates) = (sizes.channels, 2 * sizes.channels);
        let mut vertical = plan.conv(0, gates, 1, above(sizes.kernel), Mask::Open);
        let mut x = plan.conv(0, gates, 2, plan.with_centre(row(sizes.kernel), Mask::A), Mask::A);
        x = plan.join(x, vertical, maps);
        for _ in 0..sizes.blocks {
            vertical = plan.push(Op::Gate { from: vertical }, maps);
            // The vertical channels of a row hold the rows above it: nothing is masked.
            let below: Vec<Tap> = (-1..=1).map(|right| Tap { up: 0, right }).collect();
            vertical = plan.conv(vertical, gates, 1, [above(KERNEL), below].concat(), Mask::Open);
            let own = plan.conv(x, gates, 2, plan.with_centre(row(KERNEL), Mask::B), Mask::B);
            let inner = plan.join(own, vertical, maps);
            x = plan.push(Op::Add { a: x, b: inner }, maps);
        }
        plan.head(x, &sizes)
    }

    fn start(sizes: &Sizes) -> Self {
        Self {
            ops: Vec::new(),
            shapes: Vec::new(),
            maps: vec![sizes.colours],
            ahead: Vec::new(),
            reach: sizes.kernel / 2,
        }
    }

    /// ReLU and a 1x1 convolution, twice: the last one writes the conditionals' numbers.
    fn head(mut self, x: usize, sizes: &Sizes) -> Self {
        let x = self.rectified(x, sizes.head, Vec::new());
        self.rectified(x, sizes.colours * sizes.numbers, Vec::new());
        self
    }

    /// The horizontal stack joined by the vertical one: the gate, and a 1x1 convolution.
    fn join(&mut self, horizontal: usize, vertical: usize, maps: usize) -> usize {
        let vertical = self.conv(vertical, 2 * maps, 2, vec![CENTRE], Mask::Open);
        let joined = self.push(Op::Add { a: horizontal, b: vertical }, 2 * maps);
        let gated = self.push(Op::Gate { from: joined }, maps);
        self.masked(gated, maps, Vec::new(), Mask::B)
    }

    /// ReLU, then a convolution of mask B.
    fn rectified(&mut self, from: usize, outputs: usize, taps: Vec<Tap>) -> usize {
        let from = self.push(Op::Relu { from }, self.maps[from]);
        self.masked(from, outputs, taps, Mask::B)
    }

    fn masked(&mut self, from: usize, outputs: usize, taps: Vec<Tap>, centre: Mask) -> usize {
        let taps = self.with_centre(taps, centre);
        self.conv(from, outputs, 1, taps, centre)
    }

    /// Appends the centre tap, unless mask A removes it (one colour).
    fn with_centre(&self, mut taps: Vec<Tap>, centre: Mask) -> Vec<Tap> {
        if centre != Mask::A || self.maps[0] > 1 {
            taps.push(CENTRE);
        }
        taps
    }

    fn conv(&mut self, from: usize, outputs: usize, parts: usize, taps: Vec<Tap>, centre: Mask) -> usize {
        let (inputs, colours) = (self.maps[from], self.maps[0]);
        self.shapes.push(Shape { inputs, outputs, colours, parts, taps, centre });
        self.push(Op::Conv { from, layer: self.shapes.len() - 1 }, outputs)
    }

    fn push(&mut self, op: Op, maps: usize) -> usize {
        let is_ahead = |node: usize| node > 0 && self.ahead[node - 1];
        let ahead = match op {
            Op::Conv { from, layer } => is_ahead(from) || self.shapes[layer].taps.iter().all(|tap| tap.up > 0),
            Op::Relu { from } | Op::Gate { from } => is_ahead(from),
            Op::Add { a, b } => is_ahead(a) && is_ahead(b),
        };
        self.ahead.push(ahead);
        self.ops.push(op);
        self.maps.push(maps);
        self.ops.len()
    }
}
