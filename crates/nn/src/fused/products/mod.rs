//! The three products of a fully connected layer, a tile of the result in registers at a time.
//!
//! Matrices are read in place: a batch is small compared with the weights, so that copying the weights costs more
//! than it saves. Each thread computes some columns or rows of the result, which changes no sum.

mod against;
mod dots;
mod product;

use pulp::Simd;

pub(super) use against::against;
pub(super) use dots::dots;
pub(super) use product::{Ends, product};

/// Multiplications worth a thread.
const PART: usize = 1 << 19;

/// A matrix in row-major order.
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

    /// The transpose.
    pub(super) fn transposed(self) -> Vec<f32> {
        let rows = self.rows();
        (0..self.numbers.len()).map(|at| self.numbers[at % rows * self.columns + at / rows]).collect()
    }
}

/// Columns or rows per task, of `count` that take `work` multiplications each. No sum depends on it.
fn share(count: usize, work: usize, multiple: usize) -> usize {
    let parts = match rayon::current_num_threads() {
        1 => 1,
        threads => (count * work / PART).clamp(1, 2 * threads),
    };
    count.div_ceil(parts).next_multiple_of(multiple)
}

/// x, or `negative_slope` x where x is negative. NaN stays NaN.
#[inline(always)]
pub(super) fn activated<S: Simd>(simd: S, x: S::f32s, negative_slope: f32) -> S::f32s {
    let negative = simd.less_than_f32s(x, simd.splat_f32s(0.0));
    simd.select_f32s(negative, simd.mul_f32s(x, simd.splat_f32s(negative_slope)), x)
}

/// Numbers as vectors, padded with zeros.
#[inline(always)]
pub(super) fn vectors<S: Simd, const VECTORS: usize>(simd: S, numbers: &[f32]) -> [S::f32s; VECTORS] {
    let mut chunks = numbers.chunks(S::F32_LANES);
    std::array::from_fn(|_| simd.partial_load_f32s(chunks.next().unwrap_or_default()))
}

/// Numbers as whole vectors.
#[inline(always)]
fn exactly<S: Simd, const VECTORS: usize>(numbers: &[f32]) -> [S::f32s; VECTORS] {
    *S::as_simd_f32s(numbers).0.first_chunk().expect("so many vectors")
}
