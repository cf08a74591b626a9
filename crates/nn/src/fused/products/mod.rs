//! The three matrix products of a fully connected layer, with one tile of the result in registers at a time.
//!
//! Matrices are read in place, because a copy of the weights costs more time than it saves for a small batch. Each
//! thread computes some columns or rows of the result, so that sums do not depend on the number of threads.

mod dots;
mod product;
mod transposed_product;

use pulp::Simd;

pub(super) use dots::dots;
pub(super) use product::{Epilogue, product};
pub(super) use transposed_product::transposed_product;

/// Least number of multiplications per task.
const PART: usize = 1 << 19;

/// Matrix in row-major order.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'a> {
    pub(super) numbers: &'a [f32],
    pub(super) columns: usize,
}

impl<'a> Matrix<'a> {
    fn rows(self) -> usize {
        self.numbers.len() / self.columns
    }

    #[inline(always)]
    fn row(self, row: usize) -> &'a [f32] {
        &self.numbers[row * self.columns..][..self.columns]
    }

    /// Transpose in row-major order.
    pub(super) fn transposed(self) -> Vec<f32> {
        let rows = self.rows();
        (0..self.numbers.len()).map(|at| self.numbers[at % rows * self.columns + at / rows]).collect()
    }
}

/// Number of columns or rows per task, of `count` columns or rows with `work` multiplications each. No sum depends on
/// it.
fn share(count: usize, work: usize, multiple: usize) -> usize {
    let parts = match rayon::current_num_threads() {
        1 => 1,
        threads => (count * work / PART).clamp(1, 2 * threads),
    };
    count.div_ceil(parts).next_multiple_of(multiple)
}

/// Leaky ReLU: x, or `negative_slope` x for negative x. NaN stays NaN.
#[inline(always)]
pub(super) fn activated<S: Simd>(simd: S, x: S::f32s, negative_slope: f32) -> S::f32s {
    let negative = simd.less_than_f32s(x, simd.splat_f32s(0.0));
    simd.select_f32s(negative, simd.mul_f32s(x, simd.splat_f32s(negative_slope)), x)
}

/// Loads numbers as vectors, padded with zeros.
#[inline(always)]
pub(super) fn vectors<S: Simd, const VECTORS: usize>(simd: S, numbers: &[f32]) -> [S::f32s; VECTORS] {
    let mut chunks = numbers.chunks(S::F32_LANES);
    std::array::from_fn(|_| simd.partial_load_f32s(chunks.next().unwrap_or_default()))
}

/// Loads numbers as whole vectors.
#[inline(always)]
fn exactly<S: Simd, const VECTORS: usize>(numbers: &[f32]) -> [S::f32s; VECTORS] {
    *S::as_simd_f32s(numbers).0.first_chunk().expect("the numbers fill whole vectors")
}
