//! Standardisation of features.

use nalgebra::DMatrix;

use crate::Features;

/// Standardisation to mean 0 and variance 1 on the training images; a constant feature becomes 0.
pub(super) struct Scale {
    mean: Vec<f64>,
    factor: Vec<f64>,
}

impl Scale {
    pub(super) fn of(features: &Features) -> Self {
        let n = (features.values.len() / features.width.max(1)) as f64;
        let mut mean = vec![0.0; features.width];
        let mut variance = vec![0.0; features.width];
        for row in features.rows() {
            mean.iter_mut().zip(row).for_each(|(mean, value)| *mean += value / n);
        }
        for row in features.rows() {
            for ((variance, value), mean) in variance.iter_mut().zip(row).zip(&mean) {
                *variance += (value - mean).powi(2) / n;
            }
        }
        // Rounding errors give a variance of about 1e-32 of the squared mean.
        let varies = |(variance, mean): (&f64, &f64)| *variance > 1e-20 * (1.0 + mean * mean);
        let factor = |pair: (&f64, &f64)| if varies(pair) || pair.0.is_nan() { 1.0 / pair.0.sqrt() } else { 0.0 };
        let factor = variance.iter().zip(&mean).map(factor).collect();
        Self { mean, factor }
    }

    /// Standardised features, `[image][feature]`.
    pub(super) fn apply(&self, features: &Features) -> DMatrix<f64> {
        let count = features.values.len() / features.width.max(1);
        DMatrix::from_fn(count, features.width, |row, column| {
            (features.values[row * features.width + column] - self.mean[column]) * self.factor[column]
        })
    }
}
