//! The network on the CPU: forward, backward, and place by place for sampling.
//!
//! An image is computed by one thread, all layers of it, so that feature maps stay in its cache;
//! the live taps alone are multiplied. Every operation is causal, so one row of all layers can be
//! computed before the next; and one place before the next, but for the vertical stack, which sees
//! to the right and is done by rows. So [`Host::advance`] is both evaluation and incremental
//! sampling, to the same bits. The tensor version is the oracle of both passes.

mod backward;
mod grid;
mod layer;

use std::ops::Range;

use engine::Family;
use nn::simd::dispatch;
use rayon::prelude::*;

use super::kernels::{Convolve, Gate, filled, padded};
use super::plan::{Op, Plan};
use grid::Grid;
use layer::Layer;

/// Which operations to compute.
#[derive(Clone, Copy)]
enum Stage {
    All,
    /// Those that follow from the rows above alone: [`Plan::ahead`].
    Ahead,
    /// The others, pixel by pixel.
    InTurn,
}

impl Stage {
    fn has(self, ahead: bool) -> bool {
        match self {
            Self::All => true,
            Self::Ahead => ahead,
            Self::InTurn => !ahead,
        }
    }
}

/// The network's parameters, laid out for the CPU.
pub(super) struct Host<'a> {
    plan: &'a Plan,
    family: Family,
    grid: Grid,
    layers: Vec<Layer>,
}

impl<'a> Host<'a> {
    /// `parameters`: weight and bias of each convolution.
    pub(super) fn new(
        plan: &'a Plan,
        family: Family,
        (height, width): (usize, usize),
        parameters: impl Iterator<Item = (Vec<f32>, Vec<f32>)>,
    ) -> Self {
        let grid = Grid { height, width, reach: plan.reach };
        let layer = |(shape, (weight, bias))| Layer::new(shape, grid, weight, bias);
        Self { plan, family, grid, layers: plan.shapes.iter().zip(parameters).map(layer).collect() }
    }

    /// Numbers of a node from place to place.
    fn stride(&self, node: usize) -> usize {
        padded(self.plan.maps[node])
    }

    fn colours(&self) -> usize {
        self.plan.maps[0]
    }

    fn image_len(&self) -> usize {
        self.colours() * self.grid.height * self.grid.width
    }

    /// Zeros for every node.
    fn nodes(&self) -> Vec<Vec<f32>> {
        self.plan.maps.iter().map(|maps| vec![0.0; padded(*maps) * self.grid.len()]).collect()
    }

    /// Computes all nodes of the image in node 0.
    fn forward(&self, nodes: &mut [Vec<f32>]) {
        for row in self.grid.rows() {
            self.advance(nodes, row, Stage::All);
        }
    }

    /// Computes the nodes of `stage` at neighbouring places of a row; the places before them are
    /// done.
    fn advance(&self, nodes: &mut [Vec<f32>], places: Range<usize>, stage: Stage) {
        for (index, op) in self.plan.ops.iter().enumerate() {
            if !stage.has(self.plan.ahead[index]) {
                continue;
            }
            let (before, rest) = nodes.split_at_mut(index + 1);
            let (maps, stride, target) = (self.plan.maps[index + 1], self.stride(index + 1), &mut rest[0]);
            let at = |node: usize| &before[node][places.start * self.stride(node)..places.end * self.stride(node)];
            let here = places.start * stride..places.end * stride;
            match *op {
                Op::Conv { from, layer } => {
                    let layer = &self.layers[layer];
                    target[here].chunks_exact_mut(stride).for_each(|target| target.copy_from_slice(&layer.bias));
                    let (taps, source, places) = (layer.taps(), &before[from], places.clone());
                    filled(taps.outputs, Convolve { taps, source, target, places });
                }
                Op::Relu { from } => {
                    target[here].iter_mut().zip(at(from)).for_each(|(y, x)| *y = x.max(0.0));
                }
                Op::Add { a, b } => {
                    target[here].iter_mut().zip(at(a).iter().zip(at(b))).for_each(|(y, (a, b))| *y = a + b);
                }
                Op::Gate { from } => {
                    dispatch(Gate { maps, x: at(from), y: &mut target[here] });
                }
            }
        }
    }

    /// Puts an image, in the order of generation, into node 0.
    fn put(&self, nodes: &mut [Vec<f32>], image: &[f32]) {
        let (colours, stride) = (self.colours(), self.stride(0));
        for (pixel, place) in image.chunks_exact(colours).zip(self.grid.places()) {
            nodes[0][place * stride..][..colours].copy_from_slice(pixel);
        }
    }

    /// The numbers of every conditional of images in the order of generation, in that order.
    pub(super) fn numbers(&self, images: &[f32]) -> Vec<f32> {
        let (len, width) = (self.image_len(), self.family.width());
        let mut numbers = vec![0.0; images.len() * width];
        let pairs = numbers.par_chunks_exact_mut(len * width).zip(images.par_chunks_exact(len));
        pairs.for_each_init(
            || self.nodes(),
            |nodes, (numbers, image)| {
                self.put(nodes, image);
                self.forward(nodes);
                let (last, maps) = (nodes.len() - 1, self.colours() * width);
                for (numbers, place) in numbers.chunks_exact_mut(maps).zip(self.grid.places()) {
                    numbers.copy_from_slice(&nodes[last][place * self.stride(last)..][..maps]);
                }
            },
        );
        numbers
    }

    /// Draws images in the order of generation. At each place every layer is computed once, or
    /// once per colour.
    pub(super) fn sample(&self, uniforms: &[f32]) -> Vec<f32> {
        let (len, width, colours) = (self.image_len(), self.family.width(), self.colours());
        let mut images = vec![0.0; uniforms.len()];
        let pairs = images.par_chunks_exact_mut(len).zip(uniforms.par_chunks_exact(len));
        pairs.for_each_init(
            || self.nodes(),
            |nodes, (image, uniforms)| {
                for (index, (image, uniform)) in image.iter_mut().zip(uniforms).enumerate() {
                    let (place, colour) = (self.grid.place(index / colours), index % colours);
                    if index % (self.grid.width * colours) == 0 {
                        self.advance(nodes, place..place + self.grid.width, Stage::Ahead);
                    }
                    self.advance(nodes, place..place + 1, Stage::InTurn);
                    let last = nodes.len() - 1;
                    let numbers = &nodes[last][place * self.stride(last) + colour * width..][..width];
                    *image = self.family.draw(numbers, *uniform);
                    nodes[0][place * self.stride(0) + colour] = *image;
                }
            },
        );
        images
    }
}
