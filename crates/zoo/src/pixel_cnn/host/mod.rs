//! Network on the CPU: forward and backward pass, and sampling position by position.
//!
//! One thread computes all layers of an image, so that the activations stay in its cache. Only unmasked taps are
//! multiplied. Every operation is causal, so that one row of all layers can be computed before the next one. The same
//! holds for positions, except in the vertical stack, which depends on positions to the right and is computed by rows.
//! [`Host::advance`] therefore serves evaluation and incremental sampling with bit-identical results. The tensor
//! version is the oracle of both passes.

mod backward;
mod grid;
mod layer;

use std::ops::Range;

use engine::Family;
use nn::simd::dispatch;
use rayon::prelude::*;

use super::gate::Gate;
use super::kernels::{Convolve, filled, padded};
use super::plan::{Op, Plan};
use grid::Grid;
use layer::Layer;

/// Selection of operations to compute.
#[derive(Clone, Copy)]
enum Stage {
    All,
    /// Operations that depend only on the rows above: [`Plan::ahead`].
    Ahead,
    /// All other operations, pixel by pixel.
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

/// Parameters of the network, laid out for the CPU.
pub(super) struct Host<'a> {
    plan: &'a Plan,
    family: Family,
    grid: Grid,
    layers: Vec<Layer>,
}

impl<'a> Host<'a> {
    /// Lays out `parameters`, the weight and bias of each convolution.
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

    /// Distance in memory between two positions of a node, in numbers.
    fn stride(&self, node: usize) -> usize {
        padded(self.plan.channels[node])
    }

    fn colours(&self) -> usize {
        self.plan.channels[0]
    }

    fn image_len(&self) -> usize {
        self.colours() * self.grid.height * self.grid.width
    }

    /// Allocates every node with zeros.
    fn nodes(&self) -> Vec<Vec<f32>> {
        self.plan.channels.iter().map(|channels| vec![0.0; padded(*channels) * self.grid.len()]).collect()
    }

    /// Computes all nodes of the image in node 0.
    fn forward(&self, nodes: &mut [Vec<f32>]) {
        for row in self.grid.rows() {
            self.advance(nodes, row, Stage::All);
        }
    }

    /// Computes the nodes of `stage` at consecutive positions of a row. The positions before them must have been
    /// computed.
    fn advance(&self, nodes: &mut [Vec<f32>], positions: Range<usize>, stage: Stage) {
        for (index, op) in self.plan.ops.iter().enumerate() {
            if !stage.has(self.plan.ahead[index]) {
                continue;
            }
            let (before, rest) = nodes.split_at_mut(index + 1);
            let (channels, stride, target) = (self.plan.channels[index + 1], self.stride(index + 1), &mut rest[0]);
            let at =
                |node: usize| &before[node][positions.start * self.stride(node)..positions.end * self.stride(node)];
            let here = positions.start * stride..positions.end * stride;
            match *op {
                Op::Conv { from, layer } => {
                    let layer = &self.layers[layer];
                    target[here].chunks_exact_mut(stride).for_each(|target| target.copy_from_slice(&layer.bias));
                    let (taps, source, positions) = (layer.taps(), &before[from], positions.clone());
                    filled(taps.outputs, Convolve { taps, source, target, positions });
                }
                Op::Relu { from } => {
                    target[here].iter_mut().zip(at(from)).for_each(|(y, x)| *y = x.max(0.0));
                }
                Op::Add { a, b } => {
                    target[here].iter_mut().zip(at(a).iter().zip(at(b))).for_each(|(y, (a, b))| *y = a + b);
                }
                Op::Gate { from } => {
                    dispatch(Gate { channels, x: at(from), y: &mut target[here] });
                }
            }
        }
    }

    /// Copies an image in the order of generation to node 0.
    fn put(&self, nodes: &mut [Vec<f32>], image: &[f32]) {
        let (colours, stride) = (self.colours(), self.stride(0));
        for (pixel, position) in image.chunks_exact(colours).zip(self.grid.positions()) {
            nodes[0][position * stride..][..colours].copy_from_slice(pixel);
        }
    }

    /// Parameters of every conditional of images; both are in the order of generation.
    pub(super) fn numbers(&self, images: &[f32]) -> Vec<f32> {
        let (len, width) = (self.image_len(), self.family.width());
        let mut numbers = vec![0.0; images.len() * width];
        let pairs = numbers.par_chunks_exact_mut(len * width).zip(images.par_chunks_exact(len));
        pairs.for_each_init(
            || self.nodes(),
            |nodes, (numbers, image)| {
                self.put(nodes, image);
                self.forward(nodes);
                let (last, channels) = (nodes.len() - 1, self.colours() * width);
                for (numbers, position) in numbers.chunks_exact_mut(channels).zip(self.grid.positions()) {
                    numbers.copy_from_slice(&nodes[last][position * self.stride(last)..][..channels]);
                }
            },
        );
        numbers
    }

    /// Draws images in the order of generation. At each position every layer is computed once, or once per colour.
    pub(super) fn sample(&self, uniforms: &[f32]) -> Vec<f32> {
        let (len, width, colours) = (self.image_len(), self.family.width(), self.colours());
        let mut images = vec![0.0; uniforms.len()];
        let pairs = images.par_chunks_exact_mut(len).zip(uniforms.par_chunks_exact(len));
        pairs.for_each_init(
            || self.nodes(),
            |nodes, (image, uniforms)| {
                for (index, (image, uniform)) in image.iter_mut().zip(uniforms).enumerate() {
                    let (position, colour) = (self.grid.position(index / colours), index % colours);
                    if index % (self.grid.width * colours) == 0 {
                        self.advance(nodes, position..position + self.grid.width, Stage::Ahead);
                    }
                    self.advance(nodes, position..position + 1, Stage::InTurn);
                    let last = nodes.len() - 1;
                    let numbers = &nodes[last][position * self.stride(last) + colour * width..][..width];
                    *image = self.family.draw(numbers, *uniform);
                    nodes[0][position * self.stride(0) + colour] = *image;
                }
            },
        );
        images
    }
}
