//! The network on the CPU: forward, backward, and place by place for sampling.
//!
//! An image is computed by one thread, all layers of it, so that feature maps stay in its cache;
//! the live taps alone are multiplied. Every operation is causal, so one row of all layers can be
//! computed before the next; and one place before the next, but for the vertical stack, which sees
//! to the right and is done by rows. So [`Host::advance`] is both evaluation and incremental
//! sampling, to the same bits. The tensor version is the oracle of both passes.

use std::ops::Range;

use engine::{Family, log_sum_exp};
use rayon::prelude::*;

use super::kernels::{Convolve, Correlate, Gate, GateBackward, Taps, padded};
use super::plan::{Op, Plan};
use crate::nn::masked_conv::Shape;
use crate::nn::wide::dispatch;

/// Images whose gradients are summed before they are added to the others'. A constant, so that
/// the result does not depend on the number of threads.
const IMAGES: usize = 4;

/// Places in memory: a grid with zeros around it, as far as the first kernel sees. What hangs over
/// on the right falls into the zeros on the left of the next row.
#[derive(Clone, Copy, Debug)]
struct Grid {
    height: usize,
    width: usize,
    reach: usize,
}

impl Grid {
    fn stride(self) -> usize {
        self.width + self.reach
    }

    fn place(self, index: usize) -> usize {
        let (y, x) = (index / self.width, index % self.width);
        (self.reach + y) * self.stride() + self.reach + x
    }

    fn len(self) -> usize {
        (self.height + 2 * self.reach) * self.stride() + 2 * self.reach
    }

    fn rows(self) -> impl DoubleEndedIterator<Item = Range<usize>> {
        (0..self.height).map(move |y| self.place(y * self.width)..self.place(y * self.width) + self.width)
    }

    fn places(self) -> impl Iterator<Item = usize> {
        self.rows().flatten()
    }
}

/// A convolution on the host.
struct Layer {
    inputs: usize,
    outputs: usize,
    /// Distances in places.
    offsets: Vec<isize>,
    /// Their negatives, for the way back.
    back: Vec<isize>,
    /// Masked, `[tap][input][output]`, outputs padded.
    weight: Vec<f32>,
    /// Masked, `[tap][output][input]`, inputs padded.
    transposed: Vec<f32>,
    /// Padded.
    bias: Vec<f32>,
    mask: Option<Vec<f32>>,
}

impl Layer {
    fn new(shape: &Shape, grid: Grid, mut weight: Vec<f32>, bias: Vec<f32>) -> Self {
        let mask = shape.mask();
        if let Some(mask) = &mask {
            weight.iter_mut().zip(mask).for_each(|(weight, mask)| *weight *= mask);
        }
        let (inputs, outputs) = (shape.inputs, shape.outputs);
        let transpose = |tap: &[f32]| -> Vec<f32> {
            (0..inputs * outputs).map(|index| tap[index % inputs * outputs + index / inputs]).collect()
        };
        let transposed: Vec<f32> = weight.chunks_exact(inputs * outputs).flat_map(transpose).collect();
        let offset = |up: usize, right: isize| right - (up * grid.stride()) as isize;
        let offsets: Vec<isize> = shape.taps.iter().map(|tap| offset(tap.up, tap.right)).collect();
        let back = offsets.iter().map(|offset| -offset).collect();
        let (weight, transposed, bias) = (pad(&weight, outputs), pad(&transposed, inputs), pad(&bias, outputs));
        Self { inputs, outputs, offsets, back, weight, transposed, bias, mask }
    }

    fn taps(&self) -> Taps<'_> {
        let (inputs, source_stride, outputs) = (self.inputs, padded(self.inputs), padded(self.outputs));
        Taps { offsets: &self.offsets, weight: &self.weight, inputs, source_stride, outputs }
    }

    fn taps_back(&self) -> Taps<'_> {
        let (inputs, source_stride, outputs) = (self.outputs, padded(self.outputs), padded(self.inputs));
        Taps { offsets: &self.back, weight: &self.transposed, inputs, source_stride, outputs }
    }
}

/// Rows of `maps` numbers, each with zeros behind it.
fn pad(rows: &[f32], maps: usize) -> Vec<f32> {
    let zeros = padded(maps) - maps;
    rows.chunks_exact(maps).flat_map(|row| row.iter().copied().chain(std::iter::repeat_n(0.0, zeros))).collect()
}

/// The rows of [`pad`].
fn unpad(rows: &[f32], maps: usize) -> Vec<f32> {
    rows.chunks_exact(padded(maps)).flat_map(|row| &row[..maps]).copied().collect()
}

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

/// Gradients of the parameters, layer by layer.
#[derive(Clone)]
pub(super) struct Gradients(pub(super) Vec<(Vec<f32>, Vec<f32>)>);

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
                    dispatch(Convolve { taps, source, target, places });
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

    /// The mean NLL of images in the order of generation, in nats, and its gradients.
    pub(super) fn descend(&self, images: &[f32]) -> (f64, Gradients) {
        let len = self.image_len();
        let count = images.len() / len;
        let zeros = || -> Gradients {
            Gradients(self.layers.iter().map(|one| (vec![0.0; one.weight.len()], vec![0.0; one.bias.len()])).collect())
        };
        let parts: Vec<(f64, Gradients)> = images
            .par_chunks(IMAGES * len)
            .map_init(
                || (self.nodes(), self.nodes()),
                |(nodes, on), images| {
                    let mut sums = zeros();
                    let one = |image: &[f32]| {
                        self.put(nodes, image);
                        self.forward(nodes);
                        let nll = self.loss(nodes, on, count);
                        self.retreat(nodes, on, &mut sums);
                        nll
                    };
                    (images.chunks_exact(len).map(one).sum(), sums)
                },
            )
            .collect();
        let mut total = (0.0, zeros());
        for (nll, part) in parts {
            total.0 += nll / count as f64;
            for ((weight, bias), (more_weight, more_bias)) in total.1.0.iter_mut().zip(&part.0) {
                weight.iter_mut().zip(more_weight).for_each(|(sum, term)| *sum += term);
                bias.iter_mut().zip(more_bias).for_each(|(sum, term)| *sum += term);
            }
        }
        for ((weight, bias), layer) in total.1.0.iter_mut().zip(&self.layers) {
            (*weight, *bias) = (unpad(weight, layer.outputs), unpad(bias, layer.outputs));
            weight.iter_mut().zip(layer.mask.iter().flatten()).for_each(|(weight, mask)| *weight *= mask);
        }
        total
    }

    /// The NLL of the image in `nodes`, and the gradient of the last node.
    fn loss(&self, nodes: &[Vec<f32>], on: &mut [Vec<f32>], count: usize) -> f64 {
        let (colours, width, last) = (self.colours(), self.family.width(), nodes.len() - 1);
        let (mut nll, share) = (0.0, 1.0 / count as f32);
        let pixels = self.grid.places().flat_map(|place| (0..colours).map(move |colour| (place, colour)));
        for (place, colour) in pixels {
            let (value, first) =
                (nodes[0][place * self.stride(0) + colour], place * self.stride(last) + colour * width);
            let at = first..first + width;
            let (numbers, on) = (&nodes[last][at.clone()], &mut on[last][at]);
            match self.family {
                Family::Bernoulli => {
                    let logit = numbers[0];
                    // log(1 + e^l) - x l, and its derivative in l.
                    nll +=
                        f64::from(logit.max(0.0)) + f64::from((-logit.abs()).exp().ln_1p()) - f64::from(value * logit);
                    on[0] = share * (1.0 / (1.0 + (-logit).exp()) - value);
                }
                Family::Categorical(levels) => {
                    let level = (value * f32::from(levels - 1)).round() as usize;
                    let total = log_sum_exp(numbers.iter().map(|number| f64::from(*number))) as f32;
                    nll += f64::from(total - numbers[level]);
                    on.iter_mut().zip(numbers).for_each(|(on, number)| *on = share * (number - total).exp());
                    on[level] -= share;
                }
                Family::Gaussians(_) => unreachable!("the settings allow binary and grey levels alone"),
            }
        }
        nll
    }

    /// From the gradient of the last node to those of the parameters.
    ///
    /// What is read at a place lies at it or after it when going back, so that rows can be done
    /// from the last to the first, all layers of a row while they are in the cache.
    fn retreat(&self, nodes: &[Vec<f32>], on: &mut [Vec<f32>], sums: &mut Gradients) {
        for places in self.grid.rows().rev() {
            for node in 0..self.plan.ops.len() {
                on[node][places.start * self.stride(node)..places.end * self.stride(node)].fill(0.0);
            }
            for index in (0..self.plan.ops.len()).rev() {
                self.retreat_row(index, nodes, on, sums, places.clone());
            }
        }
    }

    /// Adds the gradients that operation `index` passes on, in one row.
    fn retreat_row(
        &self,
        index: usize,
        nodes: &[Vec<f32>],
        on: &mut [Vec<f32>],
        sums: &mut Gradients,
        places: Range<usize>,
    ) {
        let row = |node: usize| places.start * self.stride(node)..places.end * self.stride(node);
        let (before, rest) = on.split_at_mut(index + 1);
        let on_target = &rest[0];
        let target = &on_target[row(index + 1)];
        match self.plan.ops[index] {
            Op::Conv { from, layer: number } => {
                let (layer, (on_weight, bias)) = (&self.layers[number], &mut sums.0[number]);
                for target in target.chunks_exact(self.stride(index + 1)) {
                    bias.iter_mut().zip(target).for_each(|(bias, on)| *bias += on);
                }
                let (taps, source) = (layer.taps(), &nodes[from]);
                dispatch(Correlate { taps, source, on_target, places: places.clone(), on_weight });
                if from > 0 {
                    let (taps, target) = (layer.taps_back(), &mut before[from]);
                    dispatch(Convolve { taps, source: on_target, target, places });
                }
            }
            Op::Relu { from } => {
                let (x, sum) = (&nodes[from][row(from)], &mut before[from][row(from)]);
                let passes = |(sum, (x, on)): (&mut f32, (&f32, &f32))| *sum += if *x > 0.0 { *on } else { 0.0 };
                sum.iter_mut().zip(x.iter().zip(target)).for_each(passes);
            }
            Op::Add { a, b } => {
                for node in [a, b] {
                    before[node][row(node)].iter_mut().zip(target).for_each(|(sum, on)| *sum += on);
                }
            }
            Op::Gate { from } => {
                let (maps, x, on_x) =
                    (self.plan.maps[index + 1], &nodes[from][row(from)], &mut before[from][row(from)]);
                dispatch(GateBackward { maps, x, on_y: target, on_x });
            }
        }
    }
}
