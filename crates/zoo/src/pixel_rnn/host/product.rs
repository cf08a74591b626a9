//! Matrix products over small matrices, in the machine's best vector instructions.

use pulp::{Simd, WithSimd};

use crate::vector;

/// Rows of the result that are computed side by side.
const ROWS: usize = 4;

/// c += a b, where `a(row, term)` is `a[row * across + term * along]`, b is `[terms, width]` and c
/// `[rows, width]`.
struct Product<'a> {
    a: &'a [f32],
    across: usize,
    along: usize,
    b: &'a [f32],
    c: &'a mut [f32],
    terms: usize,
    width: usize,
}

/// c += a b for a `[rows, terms]`, b `[terms, width]`, c `[rows, width]`.
pub(super) fn add_product(a: &[f32], b: &[f32], c: &mut [f32], [terms, width]: [usize; 2]) {
    vector::dispatch(Product { a, across: terms, along: 1, b, c, terms, width });
}

/// c += a^T b for a `[terms, rows]`, b `[terms, width]`, c `[rows, width]`: a weight's gradient.
pub(super) fn add_transposed_product(a: &[f32], b: &[f32], c: &mut [f32], [rows, width]: [usize; 2]) {
    let terms = b.len() / width;
    vector::dispatch(Product { a, across: 1, along: rows, b, c, terms, width });
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let mut column = 0;
        while column + 2 * S::F32_LANES <= self.width {
            self.columns::<S, 2>(simd, column);
            column += 2 * S::F32_LANES;
        }
        while column + S::F32_LANES <= self.width {
            self.columns::<S, 1>(simd, column);
            column += S::F32_LANES;
        }
        for row in 0..self.c.len() / self.width {
            for column in column..self.width {
                let term =
                    |term: usize| self.a[row * self.across + term * self.along] * self.b[term * self.width + column];
                self.c[row * self.width + column] += (0..self.terms).map(term).sum::<f32>();
            }
        }
    }
}

impl Product<'_> {
    /// `V` vectors of columns, down all rows.
    #[inline(always)]
    fn columns<S: Simd, const V: usize>(&mut self, simd: S, column: usize) {
        let rows = self.c.len() / self.width;
        let whole = rows - rows % ROWS;
        for row in (0..whole).step_by(ROWS) {
            self.tile::<S, ROWS, V>(simd, row, column);
        }
        for row in whole..rows {
            self.tile::<S, 1, V>(simd, row, column);
        }
    }

    #[inline(always)]
    fn tile<S: Simd, const R: usize, const V: usize>(&mut self, simd: S, row: usize, column: usize) {
        let mut sums = [[simd.splat_f32s(0.0); V]; R];
        for term in 0..self.terms {
            let b = &self.b[term * self.width + column..][..V * S::F32_LANES];
            let b = S::as_simd_f32s(b).0.first_chunk::<V>().expect("as many as were cut");
            for (r, sums) in sums.iter_mut().enumerate() {
                let a = simd.splat_f32s(self.a[(row + r) * self.across + term * self.along]);
                for (sum, b) in sums.iter_mut().zip(b) {
                    *sum = simd.mul_add_e_f32s(a, *b, *sum);
                }
            }
        }
        for (r, sums) in sums.iter().enumerate() {
            let c = &mut self.c[(row + r) * self.width + column..][..V * S::F32_LANES];
            for (c, sum) in S::as_mut_simd_f32s(c).0.iter_mut().zip(sums) {
                *c = simd.add_f32s(*c, *sum);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::Noise;

    #[test]
    fn products_are_sums_of_products() {
        let mut noise = Noise::new(0, "product", 0);
        for [rows, terms, width] in [[1, 1, 1], [4, 3, 16], [7, 5, 9], [6, 24, 64], [9, 2, 37]] {
            let (a, b, start) =
                (noise.normals(rows * terms), noise.normals(terms * width), noise.normals(rows * width));
            let transposed: Vec<f32> = (0..rows * terms).map(|at| a[at % rows * terms + at / rows]).collect();
            let (mut plain, mut other) = (start.clone(), start.clone());
            add_product(&a, &b, &mut plain, [terms, width]);
            add_transposed_product(&transposed, &b, &mut other, [rows, width]);
            for at in 0..rows * width {
                let (row, column) = (at / width, at % width);
                let sum: f32 = (0..terms).map(|term| a[row * terms + term] * b[term * width + column]).sum();
                let expected = start[at] + sum;
                assert!((plain[at] - expected).abs() < 1e-4 && (other[at] - expected).abs() < 1e-4);
            }
        }
    }
}
