//! Maximum mean discrepancy and its permutation test.
//!
//! Gretton, Borgwardt, Rasch, Schoelkopf and Smola, 2012, A kernel two-sample test, eq. 3. The kernel is a mean of
//! Gaussian kernels of several widths (Li, Swersky and Zemel, 2015, Generative Moment Matching Networks, section 2.2,
//! take the sum), so that it distinguishes both the coarse and the fine structure of two sets.

use data::Noise;

use crate::Features;

/// Widths of the Gaussian kernels, as multiples of the median distance.
const WIDTHS: [f64; 5] = [0.0625, 0.125, 0.25, 0.5, 1.0];

/// Comparison of two sets of rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct TwoSample {
    /// Unbiased squared discrepancy.
    pub(super) mmd2: f64,
    /// Share of permutations of the rows, the observed order included, with an equal or larger discrepancy.
    pub(super) p: f64,
    /// 95% quantile of the discrepancy over permutations of the rows.
    pub(super) quantile_95: f64,
}

/// Compares `a` with `b`, two rows or more each.
///
/// The kernel depends on the pooled rows only, so that all orders are equally likely under the null hypothesis and the
/// p-value is exact.
pub(super) fn test(a: &Features, b: &Features, permutations: usize, noise: &mut Noise) -> TwoSample {
    let rows: Vec<&[f64]> = a.rows().chain(b.rows()).collect();
    let kernel = Kernel::new(&rows);
    let first = a.rows().len();
    let mmd2 = kernel.mmd2(&(0..first).collect::<Vec<_>>());
    let mut permuted: Vec<f64> =
        (0..permutations).map(|_| kernel.mmd2(&noise.permutation(rows.len())[..first])).collect();
    permuted.sort_unstable_by(f64::total_cmp);
    // Sums in another order differ by rounding errors.
    let as_far = permuted.iter().filter(|other| **other >= mmd2 - 1e-12).count();
    let p = (as_far + 1) as f64 / (permutations + 1) as f64;
    TwoSample { mmd2, p, quantile_95: permuted[(0.95 * permutations as f64).ceil() as usize - 1] }
}

struct Kernel {
    values: Vec<f64>,
    /// Sum of each row of `values`.
    totals: Vec<f64>,
    count: usize,
}

impl Kernel {
    fn new(rows: &[&[f64]]) -> Self {
        let count = rows.len();
        let square = |i: usize, j: usize| rows[i].iter().zip(rows[j]).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
        let squares: Vec<f64> = (0..count * count).map(|index| square(index / count, index % count)).collect();
        let scale = median_distance(&squares, count);
        let kernel = |square: &f64| {
            let of_width = |width: &f64| (-square / (2.0 * (width * scale).powi(2))).exp();
            WIDTHS.iter().map(of_width).sum::<f64>() / WIDTHS.len() as f64
        };
        let values: Vec<f64> = squares.iter().map(kernel).collect();
        let totals = values.chunks_exact(count).map(|row| row.iter().sum()).collect();
        Self { values, totals, count }
    }

    /// Discrepancy of the rows `first` and the other rows.
    fn mmd2(&self, first: &[usize]) -> f64 {
        let mut is_first = vec![0.0; self.count];
        first.iter().for_each(|row| is_first[*row] = 1.0);
        // Sums over pairs of two rows of the first set, and of a row of each set.
        let (mut within, mut between) = (0.0, 0.0);
        for row in first {
            let values = &self.values[row * self.count..(row + 1) * self.count];
            let to_first: f64 = values.iter().zip(&is_first).map(|(value, is)| value * is).sum();
            // The kernel of a row with itself is 1.
            within += to_first - 1.0;
            between += self.totals[*row] - to_first;
        }
        let without = self.totals.iter().sum::<f64>() - self.count as f64 - within - 2.0 * between;
        let (m, n) = (first.len() as f64, (self.count - first.len()) as f64);
        within / (m * (m - 1.0)) + without / (n * (n - 1.0)) - 2.0 * between / (m * n)
    }
}

/// Median distance of two different rows, from the squares of all distances.
fn median_distance(squares: &[f64], count: usize) -> f64 {
    let mut pairs: Vec<f64> = (0..count).flat_map(|i| &squares[i * count..i * count + i]).copied().collect();
    pairs.sort_unstable_by(f64::total_cmp);
    let middle = |index: usize| pairs[index].sqrt();
    let median = 0.5 * (middle((pairs.len() - 1) / 2) + middle(pairs.len() / 2));
    // If more than half of the latents are equal, any scale separates them from the rest.
    if median > 0.0 { median } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(values: Vec<f64>, width: usize) -> Features {
        Features { values, width }
    }

    /// {0, 1} against {2, 3}: distances 1, 2, 3, 1, 2, 1 with median 1.5. With k(d) the mean of exp(-d^2 / 2 (1.5 w)^2)
    /// over the five widths, the discrepancy is k(1) + k(1) - (2 k(2) + k(3) + k(1)) / 2.
    #[test]
    fn the_discrepancy_of_four_points_agrees_with_a_calculation_by_hand() {
        let (a, b) = (features(vec![0.0, 1.0], 1), features(vec![2.0, 3.0], 1));
        let found = test(&a, &b, 2_000, &mut Noise::new(0, "test", 0));
        assert!((found.mmd2 - 0.270_621_992).abs() < 1e-6, "{found:?}");
        // Of the six ways to choose two points, this one and its mirror image are the farthest apart.
        assert!((found.p - 1.0 / 3.0).abs() < 0.06, "{found:?}");
        assert!((found.quantile_95 - found.mmd2).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn p_values_are_uniform_under_the_null_and_small_off_it() {
        let (trials, n) = (400, 12);
        let mut p_values: Vec<f64> = (0..trials)
            .map(|trial| {
                let mut noise = Noise::new(trial, "test/null", 0);
                let mut draw = || features((0..2 * n).map(|_| noise.normal()).collect(), 2);
                let (a, b) = (draw(), draw());
                test(&a, &b, 99, &mut noise).p
            })
            .collect();
        p_values.sort_unstable_by(f64::total_cmp);
        // Kolmogorov's distance; 1.95 / sqrt(n) is exceeded once in a thousand, and a step is 0.01.
        let distance = p_values
            .iter()
            .enumerate()
            .map(|(index, p)| (p - (index as f64 + 0.5) / trials as f64).abs())
            .fold(0.0, f64::max);
        assert!(distance < 1.95 / (trials as f64).sqrt() + 0.01, "{distance}");
        let mut noise = Noise::new(0, "test/shift", 0);
        let a = features((0..100).map(|_| noise.normal()).collect(), 2);
        let b = features((0..100).map(|_| noise.normal() + 1.5).collect(), 2);
        let found = test(&a, &b, 99, &mut noise);
        assert!(found.p == 0.01 && found.mmd2 > found.quantile_95, "{found:?}");
    }
}
