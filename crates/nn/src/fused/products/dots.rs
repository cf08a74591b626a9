//! Product of a matrix and a transposed matrix: the input gradient of a layer.

use pulp::{Simd, WithSimd};
use rayon::prelude::*;

use super::{Matrix, share};
use crate::simd;

/// Dot products `[rows, columns]` of all rows of `[rows, inner]` and `[columns, inner]`.
pub(in crate::fused) fn dots(a: Matrix, b: Matrix) -> Vec<f32> {
    let (rows, columns) = (a.rows(), b.rows());
    let share = share(rows, columns * a.columns, 4);
    let mut out = vec![0.0; rows * columns];
    out.par_chunks_mut(share * columns).zip(a.numbers.par_chunks(share * a.columns)).for_each(|(out, some)| {
        simd::dispatch_widest(Dots { a: Matrix { numbers: some, ..a }, b, out });
    });
    out
}

struct Dots<'a> {
    a: Matrix<'a>,
    b: Matrix<'a>,
    out: &'a mut [f32],
}

impl WithSimd for Dots<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let (rows, columns) = (self.a.rows(), self.b.rows());
        let mut column = 0;
        while column < columns {
            column += if columns - column >= 4 {
                self.rows::<S, 4>(simd, rows, column)
            } else {
                self.rows::<S, 1>(simd, rows, column)
            };
        }
    }
}

impl Dots<'_> {
    #[inline(always)]
    fn rows<S: Simd, const COLUMNS: usize>(&mut self, simd: S, rows: usize, column: usize) -> usize {
        let mut row = 0;
        while row < rows {
            row += match rows - row {
                4.. if S::F32_LANES >= 16 => self.tile::<S, 4, COLUMNS>(simd, row, column),
                2.. => self.tile::<S, 2, COLUMNS>(simd, row, column),
                _ => self.tile::<S, 1, COLUMNS>(simd, row, column),
            };
        }
        COLUMNS
    }

    #[inline(always)]
    fn tile<S: Simd, const ROWS: usize, const COLUMNS: usize>(&mut self, simd: S, row: usize, column: usize) -> usize {
        let a: [_; ROWS] = std::array::from_fn(|of| S::as_simd_f32s(self.a.row(row + of)));
        let b: [_; COLUMNS] = std::array::from_fn(|of| S::as_simd_f32s(self.b.row(column + of)));
        let mut sums = [[simd.splat_f32s(0.0); COLUMNS]; ROWS];
        for k in 0..self.a.columns / S::F32_LANES {
            for (sums, a) in sums.iter_mut().zip(&a) {
                for (sum, b) in sums.iter_mut().zip(&b) {
                    *sum = simd.mul_add_f32s(a.0[k], b.0[k], *sum);
                }
            }
        }
        let columns = self.b.rows();
        for (of, (sums, a)) in sums.into_iter().zip(&a).enumerate() {
            for (to, (sum, b)) in sums.into_iter().zip(&b).enumerate() {
                let last = simd.mul_add_f32s(simd.partial_load_f32s(a.1), simd.partial_load_f32s(b.1), sum);
                self.out[(row + of) * columns + column + to] = simd.reduce_sum_f32s(last);
            }
        }
        ROWS
    }
}
