//! The three products of a fully connected layer, a tile of the result in registers at a time.
//!
//! Matrices are read where they lie: batches are small against weights, so that laying weights out anew
//! costs more than it saves. A thread takes some columns or rows of the result, which changes no sum.

mod against;
mod dots;
mod product;

use pulp::Simd;

pub(super) use against::against;
pub(super) use dots::dots;
pub(super) use product::{Ends, product};

/// Multiplications worth a thread.
const PART: usize = 1 << 19;

/// A matrix, one row after the other.
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

    /// The other way round.
    pub(super) fn transposed(self) -> Vec<f32> {
        let rows = self.rows();
        (0..self.numbers.len()).map(|at| self.numbers[at % rows * self.columns + at / rows]).collect()
    }
}

/// How many of `count` columns or rows a thread takes at a time, if each is worth `work` multiplications: no sum depends
/// on it.
fn share(count: usize, work: usize, multiple: usize) -> usize {
    let parts = match rayon::current_num_threads() {
        1 => 1,
        threads => (count * work / PART).clamp(1, 2 * threads),
    };
    count.div_ceil(parts).next_multiple_of(multiple)
}

/// x, or `slope` x where it is negative. What is no number stays none.
#[inline(always)]
pub fn activated<S: Simd>(simd: S, x: S::f32s, slope: f32) -> S::f32s {
    let negative = simd.less_than_f32s(x, simd.splat_f32s(0.0));
    simd.select_f32s(negative, simd.mul_f32s(x, simd.splat_f32s(slope)), x)
}

/// Numbers in vectors, zeros after the last.
#[inline(always)]
pub fn vectors<S: Simd, const VECTORS: usize>(simd: S, numbers: &[f32]) -> [S::f32s; VECTORS] {
    let mut chunks = numbers.chunks(S::F32_LANES);
    std::array::from_fn(|_| simd.partial_load_f32s(chunks.next().unwrap_or_default()))
}

/// Whole vectors of numbers.
#[inline(always)]
fn exactly<S: Simd, const VECTORS: usize>(numbers: &[f32]) -> [S::f32s; VECTORS] {
    *S::as_simd_f32s(numbers).0.first_chunk().expect("so many vectors")
}
