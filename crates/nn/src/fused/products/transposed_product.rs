//! Product of a transposed matrix and a matrix: the weight gradient of a layer.

use pulp::{Simd, WithSimd};
use rayon::prelude::*;

use super::{Matrix, exactly, share, vectors};
use crate::simd;

/// Product `[left, columns]` of the transpose of `[rows, left]` and `[rows, columns]`.
pub(in crate::fused) fn transposed_product(a: Matrix, b: Matrix) -> Vec<f32> {
    let share = share(a.columns, a.rows() * b.columns, 8);
    let mut out = vec![0.0; a.columns * b.columns];
    out.par_chunks_mut(share * b.columns).enumerate().for_each(|(part, out)| {
        simd::dispatch_widest(TransposedProduct { a, b, first: part * share, out });
    });
    out
}

/// Rows of the result for one task.
struct TransposedProduct<'a> {
    a: Matrix<'a>,
    b: Matrix<'a>,
    first: usize,
    out: &'a mut [f32],
}

impl WithSimd for TransposedProduct<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let rows = self.out.len() / self.b.columns;
        let (mut row, wide) = (0, S::F32_LANES >= 16);
        while row < rows {
            row += match rows - row {
                8.. if wide => self.rows::<S, 8>(simd, row),
                4.. => self.rows::<S, 4>(simd, row),
                _ => self.rows::<S, 1>(simd, row),
            };
        }
    }
}

impl TransposedProduct<'_> {
    #[inline(always)]
    fn rows<S: Simd, const ROWS: usize>(&mut self, simd: S, row: usize) -> usize {
        let (lanes, columns) = (S::F32_LANES, self.b.columns);
        for first in (0..columns).step_by(2 * lanes) {
            if columns - first > lanes {
                self.tile::<S, ROWS, 2>(simd, row, first);
            } else {
                self.tile::<S, ROWS, 1>(simd, row, first);
            }
        }
        ROWS
    }

    #[inline(always)]
    fn tile<S: Simd, const ROWS: usize, const VECTORS: usize>(&mut self, simd: S, row: usize, first: usize) {
        let (lanes, columns) = (S::F32_LANES, self.b.columns);
        let some = first..columns.min(first + VECTORS * lanes);
        let whole = some.len() == VECTORS * lanes;
        let mut sums = [[simd.splat_f32s(0.0); VECTORS]; ROWS];
        for (left, right) in self.a.numbers.chunks_exact(self.a.columns).zip(self.b.numbers.chunks_exact(columns)) {
            let left: &[f32; ROWS] = left[self.first + row..].first_chunk().expect("within the matrix");
            let right = &right[some.clone()];
            let right = if whole { exactly::<S, VECTORS>(right) } else { vectors::<S, VECTORS>(simd, right) };
            for (sums, number) in sums.iter_mut().zip(left) {
                let number = simd.splat_f32s(*number);
                for (sum, right) in sums.iter_mut().zip(right) {
                    *sum = simd.mul_add_f32s(number, right, *sum);
                }
            }
        }
        for (of, sums) in sums.into_iter().enumerate() {
            let out = &mut self.out[(row + of) * columns..][some.clone()];
            for (out, sum) in out.chunks_mut(lanes).zip(sums) {
                simd.partial_store_f32s(out, sum);
            }
        }
    }
}
