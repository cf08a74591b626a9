//! Product of two matrices: the output of a layer.

use std::ops::Range;

use pulp::{Simd, WithSimd};
use rayon::prelude::*;

use super::{Matrix, activated, exactly, share, vectors};
use crate::simd;

/// Rows per task; with more, the rows of the first matrix do not stay in the cache between columns.
const ROWS: usize = 64;

/// Bias of each column, and slope of the activation for negative sums.
#[derive(Clone, Copy)]
pub(in crate::fused) struct Epilogue<'a> {
    pub(in crate::fused) bias: &'a [f32],
    pub(in crate::fused) negative_slope: f32,
}

/// Product `[rows, columns]` of `[rows, inner]` and `[inner, columns]`, plus a bias, then an activation.
pub(in crate::fused) fn product(a: Matrix, b: Matrix, epilogue: Epilogue) -> Vec<f32> {
    let (rows, columns) = (a.rows(), b.columns);
    if rows > ROWS {
        let mut out = vec![0.0; rows * columns];
        let parts = out.par_chunks_mut(ROWS * columns).zip(a.numbers.par_chunks(ROWS * a.columns));
        parts.for_each(|(out, numbers)| {
            simd::dispatch_widest(Product { a: Matrix { numbers, ..a }, b, epilogue, of: 0..columns, out });
        });
        return out;
    }
    let width = share(columns, rows * a.columns, 32);
    let parts = (0..columns).step_by(width).map(|first| first..columns.min(first + width)).collect::<Vec<_>>();
    let part = |of: &Range<usize>| {
        let mut out = vec![0.0; rows * of.len()];
        simd::dispatch_widest(Product { a, b, epilogue, of: of.clone(), out: &mut out });
        out
    };
    if let [all] = parts.as_slice() {
        return part(all);
    }
    side_by_side(&parts.par_iter().map(part).collect::<Vec<_>>(), &parts, rows)
}

/// Joins blocks of columns into one matrix.
fn side_by_side(parts: &[Vec<f32>], of: &[Range<usize>], rows: usize) -> Vec<f32> {
    let mut out = Vec::with_capacity(parts.iter().map(Vec::len).sum());
    for row in 0..rows {
        for (part, of) in parts.iter().zip(of) {
            out.extend_from_slice(&part[row * of.len()..][..of.len()]);
        }
    }
    out
}

/// Columns of a product for one task.
struct Product<'a> {
    a: Matrix<'a>,
    b: Matrix<'a>,
    epilogue: Epilogue<'a>,
    of: Range<usize>,
    out: &'a mut [f32],
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let (lanes, width) = (S::F32_LANES, self.of.len());
        for first in (0..width).step_by(2 * lanes) {
            // As many sums as there are registers: 32 with AVX-512, else 16.
            match (width - first >= 2 * lanes, lanes >= 16) {
                (true, true) => self.panel::<S, 8, 2>(simd, first),
                (true, false) => self.panel::<S, 6, 2>(simd, first),
                (false, true) => self.last::<S, 8>(simd, first),
                (false, false) => self.last::<S, 6>(simd, first),
            }
        }
    }
}

impl Product<'_> {
    #[inline(always)]
    fn last<S: Simd, const ROWS: usize>(&mut self, simd: S, first: usize) {
        self.panel::<S, ROWS, 1>(simd, first);
        if self.of.len() - first > S::F32_LANES {
            self.panel::<S, ROWS, 1>(simd, first + S::F32_LANES);
        }
    }

    /// Computes `VECTORS` vectors of columns from `first` on, for all rows.
    #[inline(always)]
    fn panel<S: Simd, const ROWS: usize, const VECTORS: usize>(&mut self, simd: S, first: usize) {
        let mut row = 0;
        while row < self.a.rows() {
            row += match self.a.rows() - row {
                left if left >= ROWS => self.tile::<S, ROWS, VECTORS>(simd, row, first),
                4.. => self.tile::<S, 4, VECTORS>(simd, row, first),
                _ => self.tile::<S, 1, VECTORS>(simd, row, first),
            };
        }
    }

    #[inline(always)]
    fn tile<S: Simd, const ROWS: usize, const VECTORS: usize>(&mut self, simd: S, row: usize, first: usize) -> usize {
        let (lanes, width) = (S::F32_LANES, self.of.len());
        let some = first..width.min(first + VECTORS * lanes);
        let at = self.of.start + some.start..self.of.start + some.end;
        let read: [&[f32]; ROWS] = std::array::from_fn(|of| self.a.row(row + of));
        let mut sums = [vectors::<S, VECTORS>(simd, &self.epilogue.bias[at.clone()]); ROWS];
        let whole = some.len() == VECTORS * lanes;
        for k in 0..self.a.columns {
            let weights = &self.b.row(k)[at.clone()];
            let weights = if whole { exactly::<S, VECTORS>(weights) } else { vectors::<S, VECTORS>(simd, weights) };
            for (sums, read) in sums.iter_mut().zip(read) {
                let number = simd.splat_f32s(read[k]);
                for (sum, weights) in sums.iter_mut().zip(weights) {
                    *sum = simd.mul_add_f32s(number, weights, *sum);
                }
            }
        }
        for (of, sums) in sums.into_iter().enumerate() {
            let out = &mut self.out[(row + of) * width..][some.clone()];
            for (out, sum) in out.chunks_mut(lanes).zip(sums) {
                simd.partial_store_f32s(out, activated(simd, sum, self.epilogue.negative_slope));
            }
        }
        ROWS
    }
}
