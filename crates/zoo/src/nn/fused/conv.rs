//! Convolutions and their gradients, image by image, over an image with zeros around it.
//!
//! A convolution's gradient for its input is a transposed one and the other way round, so that two
//! operations are all four: [`convolved`] with the reads of either kind, and [`pair`], the gradient of the weights.

use burn_flex::FlexTensor;
use engine::vector;
use rayon::prelude::*;

use super::pairs::{Pairs, few};
use super::reads::Reads;
use super::tiles::{Image, Kernel};
use super::{Windows, numbers, tensor};

/// Parts of a batch that threads take, at most. A constant, so that the result does not depend on the
/// number of threads.
const PARTS: usize = 16;
/// Places worth a part whose sums are added to the others': fewer are not worth the addition.
const PART_PLACES: usize = 512;

/// A convolution's sizes: `[batch, rows, columns, maps]` in, `to` maps out.
fn sizes(x: &FlexTensor) -> ([usize; 2], usize) {
    let [_, height, width, maps]: [usize; 4] = x.layout().shape().dims();
    ([height, width], maps)
}

fn columns(matrix: &FlexTensor) -> usize {
    let [_, columns]: [usize; 2] = matrix.layout().shape().dims();
    columns
}

/// Squares of `[batch, rows, columns, maps]` times `[tap x map, n]`, a bias of `[n]` added, through a unit
/// that has `slope` where its input is negative: `[batch, down, across, n]`.
pub(super) fn product(
    x: &FlexTensor,
    weight: &FlexTensor,
    bias: &FlexTensor,
    windows: Windows,
    slope: f32,
) -> FlexTensor {
    let (weight, (sides, maps)) = (weight.to_contiguous(), sizes(x));
    let (weights, to) = (numbers(&weight), columns(&weight));
    let reads = Reads::of_squares(windows, sides, maps, to);
    let kernels = |tap: usize, from: usize, map: usize| weights[(tap * maps + from) * to + map];
    convolved(x, reads, to, kernels, numbers(&bias.to_contiguous()), slope)
}

/// `[batch, down, across, n]` times `[n, tap x map]`, added to the squares of `[batch, sides, maps]`, a bias and
/// a unit as above.
pub(super) fn sum(
    x: &FlexTensor,
    weight: &FlexTensor,
    bias: &FlexTensor,
    windows: Windows,
    sides: [usize; 2],
    slope: f32,
) -> FlexTensor {
    let (weight, (from_sides, from)) = (weight.to_contiguous(), sizes(x));
    let (weights, len) = (numbers(&weight), columns(&weight));
    let to = len / windows.area();
    let reads = Reads::to_squares(windows, from_sides, from, sides, to);
    let kernels = |tap: usize, from: usize, map: usize| weights[from * len + tap * to + map];
    convolved(x, reads, to, kernels, numbers(&bias.to_contiguous()), slope)
}

fn convolved(
    x: &FlexTensor,
    reads: Reads,
    to: usize,
    weight: impl Fn(usize, usize, usize) -> f32,
    bias: &[f32],
    slope: f32,
) -> FlexTensor {
    let x = x.to_contiguous();
    let [batch, ..]: [usize; 4] = x.layout().shape().dims();
    let Reads { padded, phases, sides: [down, across] } = reads;
    let kernels: Vec<_> =
        phases.into_iter().map(|phase| Kernel::new(phase, to, vector::widest_lanes(), &weight)).collect();
    let (image, image_out, images) = (padded.image_len(), down * across * to, batch.div_ceil(PARTS));
    let mut out = vec![0.0; batch * image_out];
    let parts = numbers(&x).par_chunks(images * image).zip(out.par_chunks_mut(images * image_out));
    parts.for_each(|(x, out)| {
        let mut surrounded = padded.blank();
        for (x, out) in x.chunks_exact(image).zip(out.chunks_exact_mut(image_out)) {
            padded.fill(x, &mut surrounded);
            vector::dispatch_widest(Image { kernels: &kernels, x: &surrounded, bias, slope, out });
        }
    });
    tensor(out, [batch, down, across, to])
}

/// Squares of `[batch, rows, columns, maps]` against `[batch, down, across, n]`, summed over squares:
/// `[tap x map, n]`.
pub(super) fn pair(x: &FlexTensor, slopes: &FlexTensor, windows: Windows) -> FlexTensor {
    let (x, slopes) = (x.to_contiguous(), slopes.to_contiguous());
    let ([batch, height, width, maps], [_, down, across, to]): ([usize; 4], [usize; 4]) =
        (x.layout().shape().dims(), slopes.layout().shape().dims());
    let Reads { padded, phases, .. } = Reads::of_squares(windows, [height, width], maps, to);
    let (phase, lanes, places) = (&phases[0], vector::widest_lanes(), down * across);
    let (image, len) = (padded.image_len(), phase.taps.len());
    let few = few(phase, to, lanes);
    // Whole vectors of maps.
    let wide = if few { to } else { to.next_multiple_of(lanes) };
    let images = batch.div_ceil((batch * places / PART_PLACES).clamp(1, PARTS));
    let parts = numbers(&x).par_chunks(images * image).zip(numbers(&slopes).par_chunks(images * places * to));
    let sums: Vec<Vec<f32>> = parts
        .map(|(x, slopes)| {
            let (mut surrounded, mut widened) = (padded.blank(), vec![0.0; places * wide]);
            let mut sums = vec![0.0; len * wide];
            for (x, slopes) in x.chunks_exact(image).zip(slopes.chunks_exact(places * to)) {
                padded.fill(x, &mut surrounded);
                let slopes = if wide == to { slopes } else { widen(slopes, to, &mut widened, wide) };
                vector::dispatch_widest(Pairs { phase, x: &surrounded, slopes, to: wide, sums: &mut sums });
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

/// Rows of `to` numbers in rows of `wide`.
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
