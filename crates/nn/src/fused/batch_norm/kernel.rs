//! Kernels of batch normalisation: three passes forward, two backward, and one more backward with an activation.
//!
//! Ioffe and Szegedy, 2015, Batch Normalization, algorithm 1 and the gradients of section 3.

use std::ops::Range;

use burn_flex::FlexTensor;
use pulp::{Simd, WithSimd};
use rayon::prelude::*;

use super::super::arrays::{numbers, tensor};
use super::super::elementwise;
use super::Normalised;
use crate::simd;

/// Rows per partial sum. It is constant, so that the result does not depend on the number of threads, and small, for a
/// small rounding error.
const PART_ROWS: usize = 256;

/// State for the backward pass.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) x: FlexTensor,
    pub(super) mean: FlexTensor,
    pub(super) variance: FlexTensor,
    pub(super) scale: FlexTensor,
    pub(super) epsilon: f32,
    /// Slope of the activation for negative inputs.
    pub(super) negative_slope: f32,
    /// Output, if the activation is not the identity.
    pub(super) output: Option<FlexTensor>,
}

/// Gradients of x, the scale and the shift.
pub(super) struct Gradients {
    pub(super) x: FlexTensor,
    pub(super) scale: FlexTensor,
    pub(super) shift: FlexTensor,
}

/// Matrix `[rows, features]`.
#[derive(Clone, Copy)]
struct Table<'a> {
    numbers: &'a [f32],
    features: usize,
}

impl<'a> Table<'a> {
    #[inline(always)]
    fn row(self, row: usize) -> &'a [f32] {
        &self.numbers[row * self.features..][..self.features]
    }

    fn rows(self) -> usize {
        self.numbers.len() / self.features
    }
}

/// Contribution of a row to `N` sums per feature.
///
/// It is a trait, not a closure, so that it is compiled with the vector instructions of the calling loop.
trait Adds<const N: usize>: Copy + Sync {
    fn add(self, row: usize, sums: &mut [Vec<f32>; N]);
}

#[derive(Clone, Copy)]
struct Total<'a>(Table<'a>);

impl Adds<1> for Total<'_> {
    #[inline(always)]
    fn add(self, row: usize, [sum]: &mut [Vec<f32>; 1]) {
        sum.iter_mut().zip(self.0.row(row)).for_each(|(sum, x)| *sum += x);
    }
}

#[derive(Clone, Copy)]
struct Squares<'a>(Table<'a>, &'a [f32]);

impl Adds<1> for Squares<'_> {
    #[inline(always)]
    fn add(self, row: usize, [sum]: &mut [Vec<f32>; 1]) {
        for ((sum, x), mean) in sum.iter_mut().zip(self.0.row(row)).zip(self.1) {
            *sum += (x - mean) * (x - mean);
        }
    }
}

/// Sums of the gradients, and of the gradients times the centred input.
#[derive(Clone, Copy)]
struct GradientSums<'a>(Table<'a>, &'a [f32], Table<'a>);

impl Adds<2> for GradientSums<'_> {
    #[inline(always)]
    fn add(self, row: usize, [shift, product]: &mut [Vec<f32>; 2]) {
        let both = self.0.row(row).iter().zip(self.2.row(row)).zip(self.1);
        for ((((x, dy), mean), shift), product) in both.zip(shift).zip(product) {
            *shift += dy;
            *product += (x - mean) * dy;
        }
    }
}

struct Rows<'a, A, const N: usize>(A, Range<usize>, &'a mut [Vec<f32>; N]);

impl<A: Adds<N>, const N: usize> WithSimd for Rows<'_, A, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let Self(adds, rows, sums) = self;
        rows.for_each(|row| adds.add(row, sums));
    }
}

/// Sums over rows, in parts of [`PART_ROWS`].
fn sums<const N: usize>(adds: impl Adds<N>, of: Table) -> [Vec<f32>; N] {
    let zeros = || std::array::from_fn(|_| vec![0.0; of.features]);
    let parts: Vec<[Vec<f32>; N]> = (0..of.rows().div_ceil(PART_ROWS))
        .into_par_iter()
        .map(|part| {
            let mut sums = zeros();
            let rows = part * PART_ROWS..((part + 1) * PART_ROWS).min(of.rows());
            simd::dispatch_widest(Rows(adds, rows, &mut sums));
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

/// Computes a y + b (x - mean) + c per feature, then the activation.
#[derive(Clone, Copy)]
struct Mapped<'a> {
    y: &'a [f32],
    x: &'a [f32],
    mean: &'a [f32],
    a: &'a [f32],
    b: &'a [f32],
    c: &'a [f32],
    negative_slope: f32,
}

struct MappedRows<'a>(Mapped<'a>, &'a mut [f32]);

impl WithSimd for MappedRows<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let Self(Mapped { y, x, mean, a, b, c, negative_slope }, out) = self;
        let features = a.len();
        let rows = y.chunks_exact(features).zip(x.chunks_exact(features)).zip(out.chunks_exact_mut(features));
        for ((y, x), out) in rows {
            let factors = a.iter().zip(b).zip(c).zip(mean);
            for (((y, x), out), (((a, b), c), mean)) in y.iter().zip(x).zip(out).zip(factors) {
                let value = a * y + b * (x - mean) + c;
                *out = if value < 0.0 { negative_slope * value } else { value };
            }
        }
    }
}

fn mapped(all: Mapped) -> Vec<f32> {
    let mut out = vec![0.0; all.x.len()];
    let len = all.a.len() * PART_ROWS;
    let parts = out.par_chunks_mut(len).zip(all.y.par_chunks(len).zip(all.x.par_chunks(len)));
    parts.for_each(|(out, (y, x))| simd::dispatch_widest(MappedRows(Mapped { y, x, ..all }, out)));
    out
}

/// Computes the output and the moments of the batch.
pub(super) fn forward(
    x: &FlexTensor,
    scale: &FlexTensor,
    shift: &FlexTensor,
    epsilon: f32,
    negative_slope: f32,
) -> Normalised<FlexTensor, FlexTensor> {
    let (x, scale, shift) = (x.to_contiguous(), scale.to_contiguous(), shift.to_contiguous());
    let [rows, features]: [usize; 2] = x.layout().shape().dims();
    let (table, share) = (Table { numbers: numbers(&x), features }, 1.0 / rows as f32);
    let [mut mean] = sums(Total(table), table);
    mean.iter_mut().for_each(|mean| *mean *= share);
    let [mut variance] = sums(Squares(table, &mean), table);
    variance.iter_mut().for_each(|variance| *variance *= share);
    let factors = factors(&variance, numbers(&scale), epsilon);
    let (x, a) = (table.numbers, &vec![0.0; features]);
    let output = mapped(Mapped { y: x, x, mean: &mean, a, b: &factors, c: numbers(&shift), negative_slope });
    Normalised {
        output: tensor(output, [rows, features]),
        mean: tensor(mean, [features]),
        variance: tensor(variance, [features]),
    }
}

/// Scale divided by the standard deviation, per feature.
fn factors(variance: &[f32], scale: &[f32], epsilon: f32) -> Vec<f32> {
    variance.iter().zip(scale).map(|(variance, scale)| scale / (variance + epsilon).sqrt()).collect()
}

/// Computes the gradients.
///
/// With x' = (x - mean) / sd, the gradient of the shift is the sum of dy over rows, that of the scale is the sum of x'
/// dy, and dx = scale / sd (dy - mean of dy - x' mean of x' dy).
pub(super) fn backward(kept: &Kept, gradient: &FlexTensor) -> Gradients {
    let x = kept.x.to_contiguous();
    let gradient = elementwise::before_activation(kept.output.as_ref(), gradient, kept.negative_slope);
    let [rows, features]: [usize; 2] = x.layout().shape().dims();
    let (mean, variance) = (numbers(&kept.mean), numbers(&kept.variance));
    let [table, gradients] = [&x, &gradient].map(|of| Table { numbers: numbers(of), features });
    let [shift, products] = sums(GradientSums(table, mean, gradients), table);
    let scale: Vec<f32> =
        products.iter().zip(variance).map(|(sum, variance)| sum / (variance + kept.epsilon).sqrt()).collect();
    let factors = factors(variance, numbers(&kept.scale.to_contiguous()), kept.epsilon);
    let share = 1.0 / rows as f32;
    let b: Vec<f32> = (0..features).map(|i| -factors[i] * share * products[i] / (variance[i] + kept.epsilon)).collect();
    let c: Vec<f32> = (0..features).map(|i| -factors[i] * share * shift[i]).collect();
    let of = Mapped { y: gradients.numbers, x: table.numbers, mean, a: &factors, b: &b, c: &c, negative_slope: 1.0 };
    let dx = mapped(of);
    Gradients { x: tensor(dx, [rows, features]), scale: tensor(scale, [features]), shift: tensor(shift, [features]) }
}
