//! Frechet distance between two Gaussians, and its expected value for equal distributions.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

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

fn symmetric_root(matrix: &DMatrix<f64>) -> DMatrix<f64> {
    let eigen = SymmetricEigen::new(matrix.clone());
    let roots = eigen.eigenvalues.map(|value| value.max(0.0).sqrt());
    &eigen.eigenvectors * DMatrix::from_diagonal(&roots) * eigen.eigenvectors.transpose()
}

/// Expected distance, to leading order, between two samples of `n_a` and `n_b` points from one Gaussian with
/// covariance `covariance`:
/// (1/n_a + 1/n_b) [sum_i l_i + sum_ij l_i l_j (1 + d_ij) / (2 (l_i + l_j))] over its eigenvalues.
#[must_use]
pub fn null_floor(covariance: &DMatrix<f64>, n_a: usize, n_b: usize) -> f64 {
    let eigenvalues: Vec<f64> =
        SymmetricEigen::new(covariance.clone()).eigenvalues.iter().copied().filter(|value| *value > 0.0).collect();
    // The sum of an empty iterator is -0.0, which would be printed with its sign.
    let mut sum = eigenvalues.iter().fold(0.0, |sum, value| sum + value);
    for (i, a) in eigenvalues.iter().enumerate() {
        for (j, b) in eigenvalues.iter().enumerate() {
            sum += a * b * if i == j { 2.0 } else { 1.0 } / (2.0 * (a + b));
        }
    }
    sum * (1.0 / n_a as f64 + 1.0 / n_b as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::Noise;

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
        assert_eq!(format!("{:.3}", null_floor(&DMatrix::zeros(3, 3), 10, 10)), "0.000");
    }

    #[test]
    fn the_null_floor_is_the_mean_distance_of_two_samples_of_one_gaussian() {
        let (dim, n, repeats) = (8, 1_000, 20);
        let scales: Vec<f64> = (0..dim).map(|i| 0.3 + i as f64 * 0.4).collect();
        let mut noise = Noise::new(0, "null floor", 0);
        let mut sample = || {
            let rows: Vec<f64> =
                (0..n).flat_map(|_| scales.iter().map(|scale| scale * noise.normal()).collect::<Vec<_>>()).collect();
            Gaussian::fit(&rows, dim)
        };
        let distances: Vec<f64> = (0..repeats).map(|_| frechet_distance(&sample(), &sample())).collect();
        let (mean, se) = crate::progress::mean_se(&distances);
        let truth = DMatrix::from_diagonal(&DVector::from_iterator(dim, scales.iter().map(|scale| scale * scale)));
        let floor = null_floor(&truth, n, n);
        assert!((mean - floor).abs() < 5.0 * se.unwrap() + 0.05 * floor, "{mean} against {floor}");
    }
}
