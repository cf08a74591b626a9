//! Batch normalisation: three passes forward, two back.
//!
//! Ioffe and Szegedy, 2015, Batch Normalization, algorithm 1 and the gradients of section 3.

use burn_flex::FlexTensor;
use rayon::prelude::*;

use super::{Normal, numbers, tensor};

/// Rows that are summed before their sum is added to the others': a constant, so that the result does
/// not depend on the number of threads, and small, so that digits are kept.
const PART_ROWS: usize = 256;

/// What going back needs.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) x: FlexTensor,
    pub(super) mean: FlexTensor,
    pub(super) variance: FlexTensor,
    pub(super) scale: FlexTensor,
    pub(super) epsilon: f32,
}

/// Gradients of x, the scale and the shift.
pub(super) struct Gradients {
    pub(super) x: FlexTensor,
    pub(super) scale: FlexTensor,
    pub(super) shift: FlexTensor,
}

/// Sums over rows of what `add` adds for a row.
fn sums<const N: usize>(rows: usize, features: usize, add: impl Fn(usize, &mut [Vec<f32>; N]) + Sync) -> [Vec<f32>; N] {
    let zeros = || std::array::from_fn(|_| vec![0.0; features]);
    let parts: Vec<[Vec<f32>; N]> = (0..rows.div_ceil(PART_ROWS))
        .into_par_iter()
        .map(|part| {
            let mut sums = zeros();
            for row in part * PART_ROWS..((part + 1) * PART_ROWS).min(rows) {
                add(row, &mut sums);
            }
            sums
        })
        .collect();
    parts.iter().fold(zeros(), |mut all, part| {
        for (all, part) in all.iter_mut().zip(part) {
            all.iter_mut().zip(part).for_each(|(sum, term)| *sum += term);
        }
        all
    })
}

/// Maps rows to rows in parallel.
fn mapped(x: &[f32], features: usize, map: impl Fn(usize, &mut [f32]) + Sync) -> Vec<f32> {
    let mut out = vec![0.0; x.len()];
    out.par_chunks_mut(features * PART_ROWS).enumerate().for_each(|(part, out)| {
        for (row, out) in out.chunks_exact_mut(features).enumerate() {
            map(part * PART_ROWS + row, out);
        }
    });
    out
}

/// The output and the batch's moments.
pub(super) fn forward(
    x: &FlexTensor,
    scale: &FlexTensor,
    shift: &FlexTensor,
    epsilon: f32,
) -> Normal<FlexTensor, FlexTensor> {
    let (x, scale, shift) = (x.to_contiguous(), scale.to_contiguous(), shift.to_contiguous());
    let [rows, features]: [usize; 2] = x.layout().shape().dims();
    let (values, share) = (numbers(&x), 1.0 / rows as f32);
    let row = |row: usize| &values[row * features..(row + 1) * features];
    let [mut mean] = sums(rows, features, |at, [sum]| sum.iter_mut().zip(row(at)).for_each(|(sum, x)| *sum += x));
    mean.iter_mut().for_each(|mean| *mean *= share);
    let [mut variance] = sums(rows, features, |at, [sum]| {
        for ((sum, x), mean) in sum.iter_mut().zip(row(at)).zip(&mean) {
            *sum += (x - mean) * (x - mean);
        }
    });
    variance.iter_mut().for_each(|variance| *variance *= share);
    let factors = factors(&variance, numbers(&scale), epsilon);
    let shift = numbers(&shift);
    let output = mapped(values, features, |at, out| {
        for ((((out, x), mean), factor), shift) in out.iter_mut().zip(row(at)).zip(&mean).zip(&factors).zip(shift) {
            *out = (x - mean) * factor + shift;
        }
    });
    Normal {
        output: tensor(output, [rows, features]),
        mean: tensor(mean, [features]),
        variance: tensor(variance, [features]),
    }
}

/// The scale over the standard deviation.
fn factors(variance: &[f32], scale: &[f32], epsilon: f32) -> Vec<f32> {
    variance.iter().zip(scale).map(|(variance, scale)| scale / (variance + epsilon).sqrt()).collect()
}

/// With x' = (x - mean) / sd, summed over rows: shift from dy, scale from x' dy, and
/// dx = scale / sd (dy - mean of dy - x' mean of x' dy).
pub(super) fn backward(kept: &Kept, gradient: &FlexTensor) -> Gradients {
    let (x, gradient) = (kept.x.to_contiguous(), gradient.to_contiguous());
    let [rows, features]: [usize; 2] = x.layout().shape().dims();
    let (values, slopes) = (numbers(&x), numbers(&gradient));
    let (mean, variance) = (numbers(&kept.mean), numbers(&kept.variance));
    let at = |row: usize| row * features..(row + 1) * features;
    let [shift, against] = sums(rows, features, |row, [shift, against]| {
        let both = values[at(row)].iter().zip(&slopes[at(row)]).zip(mean);
        for ((((x, dy), mean), shift), against) in both.zip(shift).zip(against) {
            *shift += dy;
            *against += (x - mean) * dy;
        }
    });
    let scale: Vec<f32> =
        against.iter().zip(variance).map(|(sum, variance)| sum / (variance + kept.epsilon).sqrt()).collect();
    let factors = factors(variance, numbers(&kept.scale.to_contiguous()), kept.epsilon);
    let share = 1.0 / rows as f32;
    // dx = a dy + b x + c per feature.
    let b: Vec<f32> = (0..features).map(|i| -factors[i] * share * against[i] / (variance[i] + kept.epsilon)).collect();
    let c: Vec<f32> = (0..features).map(|i| -factors[i] * share * shift[i] - b[i] * mean[i]).collect();
    let dx = mapped(values, features, |row, out| {
        let both = values[at(row)].iter().zip(&slopes[at(row)]).zip(&factors);
        for (((((x, dy), a), out), b), c) in both.zip(out).zip(&b).zip(&c) {
            *out = a * dy + b * x + c;
        }
    });
    Gradients { x: tensor(dx, [rows, features]), scale: tensor(scale, [features]), shift: tensor(shift, [features]) }
}
