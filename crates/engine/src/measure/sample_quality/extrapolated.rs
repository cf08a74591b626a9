//! Frechet distance, extrapolated to infinitely many images.

use data::Noise;

use super::super::frechet::{Gaussian, frechet_distance};
use crate::Features;

/// Number of subset sizes.
const POINTS: usize = 15;

/// Intercept of the straight line through the distances of subsets of n images against 1 / n, for n from a quarter of
/// the images to all.
///
/// Chong and Forsyth, 2020, section 3.1, shrink the samples only. Here both sets shrink, because both biases are of
/// order 1 / n. The result can be slightly negative for equal distributions.
pub(super) fn frechet_at_infinity(real: &Features, fake: &Features, noise: &mut Noise) -> f64 {
    let all = real.rows().len().min(fake.rows().len());
    let least = (all / 4).max(2);
    let points: Vec<(f64, f64)> = (0..POINTS)
        .map(|point| {
            let n = least + (all - least) * point / (POINTS - 1);
            let [a, b] = [real, fake].map(|set| Gaussian::fit(&subset(set, n, noise), set.width));
            (1.0 / n as f64, frechet_distance(&a, &b))
        })
        .collect();
    intercept(&points)
}

fn subset(features: &Features, n: usize, noise: &mut Noise) -> Vec<f64> {
    let rows: Vec<&[f64]> = features.rows().collect();
    noise.permutation(rows.len())[..n].iter().flat_map(|row| rows[*row]).copied().collect()
}

/// Value of the least-squares line at 0.
fn intercept(points: &[(f64, f64)]) -> f64 {
    let n = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0 / n, y + point.1 / n));
    let (xy, xx) = points
        .iter()
        .fold((0.0, 0.0), |(xy, xx), point| (xy + (point.0 - x) * (point.1 - y), xx + (point.0 - x).powi(2)));
    if xx > 0.0 { y - x * xy / xx } else { y }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_intercept_of_a_line_is_exact() {
        assert!((intercept(&[(0.1, 3.2), (0.2, 3.4), (0.4, 3.8)]) - 3.0).abs() < 1e-12);
        assert_eq!(intercept(&[(0.5, 2.0), (0.5, 4.0)]), 3.0);
    }

    #[test]
    fn the_bias_of_small_samples_is_removed() {
        let (n, dim, repeats) = (400, 8, 12);
        let mut noise = Noise::new(0, "at infinity", 0);
        let mut draw = |shift: f64| Features {
            values: (0..n * dim).map(|i| noise.normal() + if i % dim == 0 { shift } else { 0.0 }).collect(),
            width: dim,
        };
        let mut biased = Vec::new();
        let mut extrapolated = Vec::new();
        for repeat in 0..repeats {
            let (real, fake) = (draw(0.0), draw(1.0));
            biased.push(frechet_distance(&Gaussian::fit(&real.values, dim), &Gaussian::fit(&fake.values, dim)));
            extrapolated.push(frechet_at_infinity(&real, &fake, &mut Noise::new(1, "at infinity", repeat)));
        }
        let ((all, _), (limit, se)) = (crate::progress::mean_se(&biased), crate::progress::mean_se(&extrapolated));
        // The truth is 1, and the bias (2 / n) (8 + 8 (8 + 1) / 4) = 0.13.
        assert!(all > 1.06, "{all}");
        assert!((limit - 1.0).abs() < 4.0 * se.unwrap() && (limit - 1.0).abs() < 0.06, "{limit} ± {se:?}");
    }
}
