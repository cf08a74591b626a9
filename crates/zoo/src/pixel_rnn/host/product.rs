//! Products of small matrices with the best vector instructions of the CPU.

use nn::simd;
use pulp::{Simd, WithSimd};

/// Number of rows of the result that are computed together.
const ROWS: usize = 4;

/// Kernel c += a b for b `[terms, width]` and c `[rows, width]`. a is `[rows, terms]`, or `[terms, rows]` if
/// `TRANSPOSED`.
struct Product<'a, const TRANSPOSED: bool> {
    a: &'a [f32],
    b: &'a [f32],
    c: &'a mut [f32],
    terms: usize,
    width: usize,
}

/// Computes c += a b for a `[rows, terms]`, b `[terms, width]`, c `[rows, width]`.
pub(super) fn add_product(a: &[f32], b: &[f32], c: &mut [f32], [terms, width]: [usize; 2]) {
    simd::dispatch(Product::<false> { a, b, c, terms, width });
}

/// Computes c += a^T b for a `[terms, rows]`, b `[terms, width]`, c `[rows, width]`: the gradient of a weight.
pub(super) fn add_transposed_product(a: &[f32], b: &[f32], c: &mut [f32], width: usize) {
    simd::dispatch(Product::<true> { a, b, c, terms: b.len() / width, width });
}

impl<const TRANSPOSED: bool> WithSimd for Product<'_, TRANSPOSED> {
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
        let rows = self.rows();
        for row in 0..rows {
            for column in column..self.width {
                let a = |term: usize| self.a[if TRANSPOSED { term * rows + row } else { row * self.terms + term }];
                let sum: f32 = (0..self.terms).map(|term| a(term) * self.b[term * self.width + column]).sum();
                self.c[row * self.width + column] += sum;
            }
        }
    }
}

impl<const TRANSPOSED: bool> Product<'_, TRANSPOSED> {
    #[inline(always)]
    fn rows(&self) -> usize {
        self.c.len() / self.width
    }

    /// Computes `V` vectors of columns for all rows.
    #[inline(always)]
    fn columns<S: Simd, const V: usize>(&mut self, simd: S, column: usize) {
        let rows = self.rows();
        let whole = rows - rows % ROWS;
        for row in (0..whole).step_by(ROWS) {
            self.tile::<S, ROWS, V>(simd, row, column);
        }
        for row in whole..rows {
            self.tile::<S, 1, V>(simd, row, column);
        }
    }

    /// Computes `R` rows of `V` vectors. The sums stay in registers, and the loop has no bounds checks.
    #[inline(always)]
    fn tile<S: Simd, const R: usize, const V: usize>(&mut self, simd: S, row: usize, column: usize) {
        let (terms, rows) = (self.terms, self.rows());
        let mut sums = [[simd.splat_f32s(0.0); V]; R];
        let mut add = |a: [f32; R], b: &[f32]| {
            let Some(b) = S::as_simd_f32s(&b[column..]).0.first_chunk::<V>() else { return };
            for (a, sums) in a.into_iter().zip(&mut sums) {
                let a = simd.splat_f32s(a);
                for (sum, b) in sums.iter_mut().zip(b) {
                    *sum = simd.mul_add_e_f32s(a, *b, *sum);
                }
            }
        };
        if TRANSPOSED {
            for (a, b) in self.a.chunks_exact(rows).zip(self.b.chunks_exact(self.width)) {
                if let Some(a) = a[row..].first_chunk::<R>() {
                    add(*a, b);
                }
            }
        } else {
            // Zipped iterators avoid the bounds checks that indices would need in the loop.
            let mut rows = self.a[row * terms..][..R * terms].chunks_exact(terms);
            let mut next = || rows.next().unwrap_or_default().iter();
            let (b, first) = (self.b.chunks_exact(self.width), next());
            if R == ROWS {
                let [second, third, fourth] = [next(), next(), next()];
                for ((((b, first), second), third), fourth) in b.zip(first).zip(second).zip(third).zip(fourth) {
                    let mut a = [0.0; R];
                    for (a, value) in a.iter_mut().zip([first, second, third, fourth]) {
                        *a = *value;
                    }
                    add(a, b);
                }
            } else {
                for (b, first) in b.zip(first) {
                    add([*first; R], b);
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
            add_transposed_product(&transposed, &b, &mut other, width);
            for at in 0..rows * width {
                let (row, column) = (at / width, at % width);
                let sum: f32 = (0..terms).map(|term| a[row * terms + term] * b[term * width + column]).sum();
                let expected = start[at] + sum;
                assert!((plain[at] - expected).abs() < 1e-4 && (other[at] - expected).abs() < 1e-4);
            }
        }
    }
}
