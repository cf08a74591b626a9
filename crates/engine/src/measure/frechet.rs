//! Frechet distance between two Gaussians, its standard error, and its expected value for equal distributions.

use data::Noise;
use nalgebra::{DMatrix, DVector, SymmetricEigen};

use crate::Features;

/// Number of random splits into halves behind a null floor.
const SPLITS: u64 = 32;

/// Gaussian fitted to features.
#[derive(Clone, Debug, PartialEq)]
pub struct Gaussian {
    /// The mean.
    pub mean: DVector<f64>,
    /// The covariance, with divisor n - 1.
    pub covariance: DMatrix<f64>,
    /// Number of points in the fit.
    pub n: usize,
}

impl Gaussian {
    /// Fits a Gaussian to rows of `dim` numbers.
    #[must_use]
    pub fn fit(rows: &[f64], dim: usize) -> Self {
        let points = DMatrix::from_row_slice(rows.len() / dim, dim, rows);
        let n = points.nrows();
        let mean = points.row_mean().transpose();
        let centred = DMatrix::from_fn(n, dim, |row, column| points[(row, column)] - mean[column]);
        let covariance = centred.transpose() * centred / (n as f64 - 1.0);
        Self { mean, covariance, n }
    }
}

/// Squared Frechet distance |m1 - m2|^2 + Tr(S1 + S2 - 2 (S1^1/2 S2 S1^1/2)^1/2)
/// (Dowson and Landau, 1982; Heusel et al., 2017).
///
/// The computation uses symmetric eigenvalues in f64. Negative eigenvalues are rounding errors and count as 0.
#[must_use]
pub fn frechet_distance(a: &Gaussian, b: &Gaussian) -> f64 {
    let root = symmetric_root(&a.covariance);
    let middle = &root * &b.covariance * &root;
    let middle = (&middle + middle.transpose()) * 0.5;
    let cross: f64 = SymmetricEigen::new(middle).eigenvalues.iter().map(|value| value.max(0.0).sqrt()).sum();
    (&a.mean - &b.mean).norm_squared() + a.covariance.trace() + b.covariance.trace() - 2.0 * cross
}

/// Square root of a symmetric matrix, and its pseudo-inverse.
fn roots(matrix: &DMatrix<f64>) -> [DMatrix<f64>; 2] {
    let eigen = SymmetricEigen::new(matrix.clone());
    let rounding = 1e-12 * eigen.eigenvalues.amax();
    let root = eigen.eigenvalues.map(|value| value.max(0.0).sqrt());
    let inverse = eigen.eigenvalues.map(|value| if value > rounding { value.sqrt().recip() } else { 0.0 });
    [root, inverse].map(|values| &eigen.eigenvectors * DMatrix::from_diagonal(&values) * eigen.eigenvectors.transpose())
}

fn symmetric_root(matrix: &DMatrix<f64>) -> DMatrix<f64> {
    roots(matrix)[0].clone()
}

/// Standard error of the distance between the Gaussians of two samples, to first order (delta method).
///
/// The influence of a point x of the first sample is 2 (m1 - m2).(x - m1) + (x - m1)'(I - T)(x - m1), with the optimal map
/// T = S1^-1/2 (S1^1/2 S2 S1^1/2)^1/2 S1^-1/2, since the gradient of the distance with respect to S1 is I - T. No
/// distribution of the features is assumed.
#[must_use]
pub fn frechet_se(a: &Features, b: &Features) -> f64 {
    let (fit_a, fit_b) = (Gaussian::fit(&a.values, a.width), Gaussian::fit(&b.values, b.width));
    (influence_variance(a, &fit_a, &fit_b) + influence_variance(b, &fit_b, &fit_a)).sqrt()
}

/// Variance of the mean influence of the points of one sample.
fn influence_variance(points: &Features, own: &Gaussian, other: &Gaussian) -> f64 {
    let [root, inverse] = roots(&own.covariance);
    let middle = &root * &other.covariance * &root;
    let map = &inverse * symmetric_root(&((&middle + middle.transpose()) * 0.5)) * &inverse;
    let by_covariance = DMatrix::identity(points.width, points.width) - map;
    let by_mean = (&own.mean - &other.mean) * 2.0;
    let influence = |row: &[f64]| {
        let off = DVector::from_row_slice(row) - &own.mean;
        by_mean.dot(&off) + off.dot(&(&by_covariance * &off))
    };
    let influences: Vec<f64> = points.rows().map(influence).collect();
    crate::progress::mean_se(&influences).1.unwrap_or(f64::NAN).powi(2)
}

/// Mean distance between the two halves of random splits of `a` against those of `b`, half by half, over `splits` splits.
///
/// The halves of a sample are independent, so that the mean is unbiased for samples of half the size. The splits are the
/// same for equal numbers of points.
pub(super) fn distance_of_halves(a: &Features, b: &Features, splits: u64) -> f64 {
    let mut distances = Vec::new();
    for split in 0..splits {
        let mut noise = Noise::new(0, "frechet/halves", split);
        let [a, b] = [a, b].map(|points| halves(points, &mut noise));
        distances.extend(a.iter().zip(&b).map(|(a, b)| frechet_distance(a, b)));
    }
    distances.iter().sum::<f64>() / distances.len() as f64
}

/// Gaussians of two random halves of equal size. An odd point is left out.
fn halves(points: &Features, noise: &mut Noise) -> [Gaussian; 2] {
    let rows: Vec<&[f64]> = points.rows().collect();
    let (order, half) = (noise.permutation(rows.len()), rows.len() / 2);
    [&order[..half], &order[half..2 * half]].map(|part| {
        let part: Vec<f64> = part.iter().flat_map(|row| rows[*row]).copied().collect();
        Gaussian::fit(&part, points.width)
    })
}

/// Null floor: expected distance between samples of `n_a` and `n_b` points from the distribution of `points`.
///
/// The bias of the distance is proportional to 1 / n_a + 1 / n_b, and is the mean distance between the random halves of
/// `points` (32 splits). The closed form for Gaussians at the sample covariance is too low for few points, because the
/// eigenvalues of a sample covariance are too spread, and for any number of points on rectified features.
/// `tests/fixtures/frechet_bias.py` compares both with simulated samples.
#[must_use]
pub fn null_floor(points: &Features, n_a: usize, n_b: usize) -> f64 {
    let distance = |split| {
        let [a, b] = halves(points, &mut Noise::new(0, "frechet/null floor", split));
        frechet_distance(&a, &b)
    };
    let mean = (0..SPLITS).map(distance).fold(0.0, |sum, distance| sum + distance) / SPLITS as f64;
    let half = (points.rows().len() / 2) as f64;
    // A rounding error can leave the distance of equal images below 0.
    let mean = if mean < 0.0 { 0.0 } else { mean };
    mean * (1.0 / n_a as f64 + 1.0 / n_b as f64) / (2.0 / half)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gaussian(mean: &[f64], covariance: &[f64]) -> Gaussian {
        let dim = mean.len();
        Gaussian {
            mean: DVector::from_row_slice(mean),
            covariance: DMatrix::from_row_slice(dim, dim, covariance),
            n: 0,
        }
    }

    #[test]
    fn published_values_are_reproduced() {
        // The unit test of compare_gan.
        let x: Vec<f64> = [[2.0, 1.0], [1.0, 1.0]].iter().flat_map(|point| point.repeat(50)).collect();
        let y: Vec<f64> = [[9.0, 9.0], [2.0, 9.0]].iter().flat_map(|point| point.repeat(50)).collect();
        let distance = frechet_distance(&Gaussian::fit(&x, 2), &Gaussian::fit(&y, 2));
        assert!((distance - 89.0909).abs() < 1e-4, "{distance}");
        let diagonal = frechet_distance(
            &gaussian(&[0.0, 0.0], &[1.0, 0.0, 0.0, 4.0]),
            &gaussian(&[1.0, 2.0], &[4.0, 0.0, 0.0, 1.0]),
        );
        assert!((diagonal - 7.0).abs() < 1e-12, "{diagonal}");
    }

    #[test]
    fn covariances_that_do_not_commute() {
        // For 2x2 matrices, Tr (A B)^1/2 = sqrt(Tr(A B) + 2 sqrt(det A det B)).
        let (a, b) = ([2.0f64, 0.6, 0.6, 1.0], [1.0, -0.4, -0.4, 3.0]);
        let product: DMatrix<f64> = DMatrix::from_row_slice(2, 2, &a) * DMatrix::from_row_slice(2, 2, &b);
        let cross: f64 = (product.trace() + 2.0 * product.determinant().sqrt()).sqrt();
        let expected = 3.0f64 + 4.0 - 2.0 * cross;
        let distance = frechet_distance(&gaussian(&[0.0, 0.0], &a), &gaussian(&[0.0, 0.0], &b));
        assert!((distance - expected).abs() < 1e-12, "{distance} {expected}");
    }

    #[test]
    fn it_is_symmetric_and_zero_for_equal_gaussians_even_if_singular() {
        let singular = gaussian(&[1.0, 2.0], &[1.0, 1.0, 1.0, 1.0]);
        let other = gaussian(&[0.0, 2.0], &[2.0, 0.3, 0.3, 0.5]);
        assert!(frechet_distance(&singular, &singular).abs() < 1e-9);
        assert!((frechet_distance(&singular, &other) - frechet_distance(&other, &singular)).abs() < 1e-9);
    }

    #[test]
    fn the_floor_of_constant_images_is_printed_without_a_sign() {
        let points = Features { values: vec![0.5; 30], width: 3 };
        assert_eq!(format!("{:.3}", null_floor(&points, 10, 10)), "0.000");
    }

    /// Draws of a rotated Gaussian with standard deviations from 0.5 to 2, rectified or not.
    fn draw(n: usize, dim: usize, rectified: bool, noise: &mut Noise) -> Features {
        let row = |noise: &mut Noise| {
            let normals: Vec<f64> = (0..dim).map(|i| noise.normal() * (0.5 + 1.5 * i as f64 / dim as f64)).collect();
            let value = |i: usize| normals[i] + 0.5 * normals[(i + 1) % dim];
            (0..dim).map(|i| if rectified { value(i).max(0.0) } else { value(i) }).collect::<Vec<_>>()
        };
        Features { values: (0..n).flat_map(|_| row(noise)).collect(), width: dim }
    }

    fn distance(a: &Features, b: &Features) -> f64 {
        frechet_distance(&Gaussian::fit(&a.values, a.width), &Gaussian::fit(&b.values, b.width))
    }

    /// A fifth as many features as points, the most that the measures take.
    #[test]
    fn the_null_floor_is_the_mean_distance_of_two_samples() {
        for (dim, n, rectified) in [(16, 80, false), (16, 80, true), (16, 400, true)] {
            let mut noise = Noise::new(0, "null floor", n as u64);
            let mut draw = || draw(n, dim, rectified, &mut noise);
            let distances: Vec<f64> = (0..900).map(|_| distance(&draw(), &draw())).collect();
            let floors: Vec<f64> = (0..120).map(|_| null_floor(&draw(), n, n)).collect();
            let [(mean, se), (floor, floor_se)] = [&distances, &floors].map(|values| crate::progress::mean_se(values));
            let error = se.unwrap().hypot(floor_se.unwrap());
            assert!(error < 0.015 * mean, "{error} of {mean}");
            assert!((floor / mean - 1.0).abs() < 0.03 + 2.0 * error / mean, "{dim} {n}: {floor}, simulated {mean}");
        }
    }

    /// Over repeated samples, of equal and of different distributions.
    #[test]
    fn the_standard_error_is_the_spread_over_samples() {
        for (shift, range) in [(0.0, 0.6..2.0), (0.4, 0.7..1.5)] {
            let mut noise = Noise::new(1, "frechet se", 0);
            let (mut distances, mut errors) = (Vec::new(), Vec::new());
            for _ in 0..60 {
                let (a, mut b) = (draw(200, 8, true, &mut noise), draw(200, 8, true, &mut noise));
                b.values.iter_mut().for_each(|value| *value += shift);
                distances.push(distance(&a, &b));
                errors.push(frechet_se(&a, &b));
            }
            let spread = crate::progress::mean_se(&distances).1.unwrap() * 60f64.sqrt();
            let stated = crate::progress::mean_se(&errors).0;
            assert!(range.contains(&(stated / spread)), "{shift}: stated {stated}, seen {spread}");
        }
    }
}
