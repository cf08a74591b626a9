//! Maximum mean discrepancy and its permutation test.
//!
//! Gretton, Borgwardt, Rasch, Schoelkopf and Smola, 2012, A kernel two-sample test, eq. 3.

use data::Noise;

use crate::Features;

/// Unbiased squared discrepancy of `a` and `b`, and its p-value: the share of permutations, the observed order
/// included, with an equal or larger discrepancy.
///
/// The kernel depends on the pooled rows only, so that all orders are equally likely under the null hypothesis and the
/// p-value is exact.
pub(super) fn test(a: &Features, b: &Features, permutations: usize, noise: &mut Noise) -> (f64, f64) {
    let rows: Vec<&[f64]> = a.rows().chain(b.rows()).collect();
    let kernel = Kernel::new(&rows);
    let first = a.rows().len();
    let order: Vec<usize> = (0..rows.len()).collect();
    let observed = kernel.mmd2(&order, first);
    // Sums in another order differ by rounding errors.
    let least = observed - 1e-12;
    let as_far = (0..permutations).filter(|_| kernel.mmd2(&noise.permutation(rows.len()), first) >= least).count();
    (observed, (as_far + 1) as f64 / (permutations + 1) as f64)
}

struct Kernel {
    values: Vec<f64>,
    count: usize,
}

impl Kernel {
    fn new(rows: &[&[f64]]) -> Self {
        let count = rows.len();
        let square = |i: usize, j: usize| rows[i].iter().zip(rows[j]).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
        let mut squares: Vec<f64> = (0..count).flat_map(|i| (0..i).map(move |j| square(i, j))).collect();
        let all: Vec<f64> = (0..count * count).map(|index| square(index / count, index % count)).collect();
        squares.sort_unstable_by(f64::total_cmp);
        let middle = |index: usize| squares[index].sqrt();
        let median = 0.5 * (middle((squares.len() - 1) / 2) + middle(squares.len() / 2));
        // If more than half of the latents are equal, any scale separates them from the rest.
        let scale = if median > 0.0 { median } else { 1.0 };
        Self { values: all.iter().map(|square| (-square / (2.0 * scale * scale)).exp()).collect(), count }
    }

    /// Discrepancy of the rows `order[..first]` and the other rows.
    fn mmd2(&self, order: &[usize], first: usize) -> f64 {
        let mut of_first = vec![0.0; self.count];
        order[..first].iter().for_each(|row| of_first[*row] = 1.0);
        let (mut within, mut between, mut without) = (0.0, 0.0, 0.0);
        for (row, values) in self.values.chunks_exact(self.count).enumerate() {
            let total: f64 = values.iter().sum();
            let to_first: f64 = values.iter().zip(&of_first).map(|(value, is)| value * is).sum();
            let itself = values[row];
            if of_first[row] > 0.0 {
                within += to_first - itself;
                between += total - to_first;
            } else {
                without += total - to_first - itself;
            }
        }
        let (m, n) = (first as f64, (self.count - first) as f64);
        within / (m * (m - 1.0)) + without / (n * (n - 1.0)) - 2.0 * between / (m * n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(values: Vec<f64>, width: usize) -> Features {
        Features { values, width }
    }

    /// {0, 1} against {2, 3}: distances 1, 2, 3, 1, 2, 1 with median 1.5, so k(d) = exp(-d^2 / 4.5):
    /// 0.800737, 0.411112, 0.135335. k(1) + k(1) - (2 k(2) + k(3) + k(1)) / 2 = 0.722326.
    #[test]
    fn the_discrepancy_of_four_points_agrees_with_a_calculation_by_hand() {
        let (a, b) = (features(vec![0.0, 1.0], 1), features(vec![2.0, 3.0], 1));
        let (mmd2, p) = test(&a, &b, 2_000, &mut Noise::new(0, "test", 0));
        assert!((mmd2 - 0.722_326).abs() < 1e-6, "{mmd2}");
        // Of the six ways to choose two points, this one and its mirror image are the farthest apart.
        assert!((p - 1.0 / 3.0).abs() < 0.06, "{p}");
    }

    #[test]
    fn p_values_are_uniform_under_the_null_and_small_off_it() {
        let (trials, n) = (400, 12);
        let mut p_values: Vec<f64> = (0..trials)
            .map(|trial| {
                let mut noise = Noise::new(trial, "test/null", 0);
                let mut draw = || features((0..2 * n).map(|_| noise.normal()).collect(), 2);
                let (a, b) = (draw(), draw());
                test(&a, &b, 99, &mut noise).1
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
        assert_eq!(test(&a, &b, 99, &mut noise).1, 0.01);
    }
}
