//! Backward pass: gradients of the mean NLL.

use std::ops::Range;

use engine::{Family, log_sum_exp};
use nn::simd::dispatch;
use rayon::prelude::*;

use super::super::gate::GateBackward;
use super::super::kernels::{Convolve, Correlate, filled};
use super::super::plan::Op;
use super::Host;
use super::layer::unpad;

/// Number of images whose gradients are summed first. It is a constant, so that the result does not depend on the
/// number of threads.
const IMAGES: usize = 4;

/// Gradients of weight and bias of each layer.
#[derive(Clone)]
pub(in super::super) struct Gradients(pub(in super::super) Vec<(Vec<f32>, Vec<f32>)>);

impl Host<'_> {
    /// Computes the mean NLL of images in the order of generation, in nats, and its gradients.
    pub(in super::super) fn descend(&self, images: &[f32]) -> (f64, Gradients) {
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
                        self.backward(nodes, on, &mut sums);
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

    /// Returns the NLL of the image in `nodes` and writes the gradient of the last node.
    fn loss(&self, nodes: &[Vec<f32>], on: &mut [Vec<f32>], count: usize) -> f64 {
        let (colours, width, last) = (self.colours(), self.family.width(), nodes.len() - 1);
        let (mut nll, share) = (0.0, 1.0 / count as f32);
        let pixels = self.grid.positions().flat_map(|position| (0..colours).map(move |colour| (position, colour)));
        for (position, colour) in pixels {
            let (value, first) =
                (nodes[0][position * self.stride(0) + colour], position * self.stride(last) + colour * width);
            let at = first..first + width;
            let (numbers, on) = (&nodes[last][at.clone()], &mut on[last][at]);
            match self.family {
                Family::Bernoulli => {
                    let logit = numbers[0];
                    // log(1 + e^l) - x l, and its derivative with respect to l.
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
                Family::Gaussians(_) => unreachable!("the settings allow only binary pixels and levels"),
            }
        }
        nll
    }

    /// Propagates the gradient of the last node to the parameters.
    ///
    /// The gradient at a position depends only on positions at or after it. Rows are therefore computed from the last
    /// to the first, all layers of a row while they are in the cache.
    fn backward(&self, nodes: &[Vec<f32>], on: &mut [Vec<f32>], sums: &mut Gradients) {
        for positions in self.grid.rows().rev() {
            for node in 0..self.plan.ops.len() {
                on[node][positions.start * self.stride(node)..positions.end * self.stride(node)].fill(0.0);
            }
            for index in (0..self.plan.ops.len()).rev() {
                self.backward_row(index, nodes, on, sums, positions.clone());
            }
        }
    }

    /// Propagates the gradients of one row through operation `index`.
    fn backward_row(
        &self,
        index: usize,
        nodes: &[Vec<f32>],
        on: &mut [Vec<f32>],
        sums: &mut Gradients,
        positions: Range<usize>,
    ) {
        let row = |node: usize| positions.start * self.stride(node)..positions.end * self.stride(node);
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
                filled(taps.outputs, Correlate { taps, source, on_target, positions: positions.clone(), on_weight });
                if from > 0 {
                    let (taps, target) = (layer.taps_back(), &mut before[from]);
                    filled(taps.outputs, Convolve { taps, source: on_target, target, positions });
                }
            }
            Op::Relu { from } => {
                let (x, sum) = (&nodes[from][row(from)], &mut before[from][row(from)]);
                // Both values are read before the selection, so that the compiler can vectorise without a branch.
                let passes = |(sum, (&x, &on)): (&mut f32, (&f32, &f32))| *sum += if x > 0.0 { on } else { 0.0 };
                sum.iter_mut().zip(x.iter().zip(target)).for_each(passes);
            }
            Op::Add { a, b } => {
                for node in [a, b] {
                    before[node][row(node)].iter_mut().zip(target).for_each(|(sum, on)| *sum += on);
                }
            }
            Op::Gate { from } => {
                let (channels, x, on_x) =
                    (self.plan.channels[index + 1], &nodes[from][row(from)], &mut before[from][row(from)]);
                dispatch(GateBackward { channels, x, on_y: target, on_x });
            }
        }
    }
}
