//! Convolutions and their gradients, one padded image at a time.
//!
//! The input gradient of a convolution is a transposed convolution, and vice versa. Two operations are therefore
//! enough: [`convolved`] for both kinds of convolution, and [`weight_gradient`].

use burn_flex::FlexTensor;
use rayon::prelude::*;

use super::super::arrays::{numbers, tensor};
use super::reads::Reads;
use super::tiles::{Image, Kernel};
use super::weight_gradient::{WeightGradient, few};
use crate::{Windows, simd};

/// Maximum number of parts of a batch. It is constant, so that the result does not depend on the number of threads.
const PARTS: usize = 16;
/// Positions per part; with fewer, the sum over parts costs more time than it saves.
const PART_POSITIONS: usize = 512;

/// Rows, columns and channels of `[batch, rows, columns, channels]`.
fn sizes(x: &FlexTensor) -> ([usize; 2], usize) {
    let [_, height, width, channels]: [usize; 4] = x.layout().shape().dims();
    ([height, width], channels)
}

fn columns(matrix: &FlexTensor) -> usize {
    let [_, columns]: [usize; 2] = matrix.layout().shape().dims();
    columns
}

/// Convolution of `[batch, rows, columns, channels]` with weights `[tap x channel, n]`, plus a bias `[n]`, then an
/// activation: `[batch, rows out, columns out, n]`.
pub(super) fn product(
    x: &FlexTensor,
    weight: &FlexTensor,
    bias: &FlexTensor,
    windows: Windows,
    negative_slope: f32,
) -> FlexTensor {
    let (weight, (sides, channels)) = (weight.to_contiguous(), sizes(x));
    let (weights, to) = (numbers(&weight), columns(&weight));
    let reads = Reads::of_windows(windows, sides, channels, to);
    let kernels = |tap: usize, from: usize, channel: usize| weights[(tap * channels + from) * to + channel];
    convolved(x, reads, to, kernels, numbers(&bias.to_contiguous()), negative_slope)
}

/// Transposed convolution of `[batch, rows, columns, n]` with weights `[n, tap x channel]` to `[batch, sides,
/// channels]`, plus a bias `[channels]`, then an activation.
pub(super) fn sum(
    x: &FlexTensor,
    weight: &FlexTensor,
    bias: &FlexTensor,
    windows: Windows,
    sides: [usize; 2],
    negative_slope: f32,
) -> FlexTensor {
    let (weight, (from_sides, from)) = (weight.to_contiguous(), sizes(x));
    let (weights, len) = (numbers(&weight), columns(&weight));
    let to = len / windows.area();
    let reads = Reads::to_windows(windows, from_sides, from, sides, to);
    let kernels = |tap: usize, from: usize, channel: usize| weights[from * len + tap * to + channel];
    convolved(x, reads, to, kernels, numbers(&bias.to_contiguous()), negative_slope)
}

fn convolved(
    x: &FlexTensor,
    reads: Reads,
    to: usize,
    weight: impl Fn(usize, usize, usize) -> f32,
    bias: &[f32],
    negative_slope: f32,
) -> FlexTensor {
    let x = x.to_contiguous();
    let [batch, ..]: [usize; 4] = x.layout().shape().dims();
    let Reads { padded, phases, sides: [down, across] } = reads;
    let kernels: Vec<_> =
        phases.into_iter().map(|phase| Kernel::new(phase, to, simd::widest_lanes(), &weight)).collect();
    let (image, image_out, images) = (padded.image_len(), down * across * to, batch.div_ceil(PARTS));
    let mut out = vec![0.0; batch * image_out];
    let parts = numbers(&x).par_chunks(images * image).zip(out.par_chunks_mut(images * image_out));
    parts.for_each(|(x, out)| {
        let mut surrounded = padded.blank();
        for (x, out) in x.chunks_exact(image).zip(out.chunks_exact_mut(image_out)) {
            padded.fill(x, &mut surrounded);
            simd::dispatch_widest(Image { kernels: &kernels, x: &surrounded, bias, negative_slope, out });
        }
    });
    tensor(out, [batch, down, across, to])
}

/// Weight gradient `[tap x channel, n]` from the input `[batch, rows, columns, channels]` and the output gradient
/// `[batch, rows out, columns out, n]`.
pub(super) fn weight_gradient(x: &FlexTensor, gradients: &FlexTensor, windows: Windows) -> FlexTensor {
    let (x, gradients) = (x.to_contiguous(), gradients.to_contiguous());
    let ([batch, height, width, channels], [_, down, across, to]): ([usize; 4], [usize; 4]) =
        (x.layout().shape().dims(), gradients.layout().shape().dims());
    let Reads { padded, phases, .. } = Reads::of_windows(windows, [height, width], channels, to);
    let (phase, lanes, positions) = (&phases[0], simd::widest_lanes(), down * across);
    let (image, len) = (padded.image_len(), phase.taps.len());
    let few = few(phase, to, lanes);
    // The number of channels, rounded up to whole vectors.
    let wide = if few { to } else { to.next_multiple_of(lanes) };
    let images = batch.div_ceil((batch * positions / PART_POSITIONS).clamp(1, PARTS));
    let parts = numbers(&x).par_chunks(images * image).zip(numbers(&gradients).par_chunks(images * positions * to));
    let sums: Vec<Vec<f32>> = parts
        .map(|(x, gradients)| {
            let (mut surrounded, mut widened) = (padded.blank(), vec![0.0; positions * wide]);
            let mut sums = vec![0.0; len * wide];
            for (x, gradients) in x.chunks_exact(image).zip(gradients.chunks_exact(positions * to)) {
                padded.fill(x, &mut surrounded);
                let gradients = if wide == to { gradients } else { widen(gradients, to, &mut widened, wide) };
                simd::dispatch_widest(WeightGradient { phase, x: &surrounded, gradients, to: wide, sums: &mut sums });
            }
            sums
        })
        .collect();
    let total = sums.into_iter().reduce(added).expect("at least one image");
    let total = if few {
        (0..len * to).map(|at| total[at % to * len + at / to]).collect()
    } else {
        total.chunks_exact(wide).flat_map(|row| &row[..to]).copied().collect()
    };
    tensor(total, [len, to])
}

/// Pads rows of `to` numbers to `wide`.
fn widen<'a>(rows: &[f32], to: usize, wide_rows: &'a mut [f32], wide: usize) -> &'a [f32] {
    for (row, wide) in rows.chunks_exact(to).zip(wide_rows.chunks_exact_mut(wide)) {
        wide[..to].copy_from_slice(row);
    }
    wide_rows
}

fn added(mut sum: Vec<f32>, term: Vec<f32>) -> Vec<f32> {
    sum.iter_mut().zip(term).for_each(|(sum, term)| *sum += term);
    sum
}
