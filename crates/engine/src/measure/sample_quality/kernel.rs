//! Kernel inception distance (KID) over any features.

use nalgebra::DMatrix;

use crate::Features;

/// Unbiased squared maximum mean discrepancy with kernel k(x, y) = (x.y / d + 1)^3, where d is the dimension, and its
/// standard error to first order (Bounliphone et al., 2016, section 3).
///
/// The estimate is the U-statistic of Gretton et al., 2012, eq. 3, over all points (Binkowski et al., 2018, section 4).
/// Its expectation is 0 for two samples of one distribution, and about half of such estimates are negative.
pub(super) fn kid(a: &Features, b: &Features) -> (f64, f64) {
    let (a, b) = (points(a), points(b));
    let cross = kernel(&a, &b);
    let (within_a, within_b) = (mean_of_others(&kernel(&a, &a)), mean_of_others(&kernel(&b, &b)));
    let to_b: Vec<f64> = cross.row_iter().map(|row| row.mean()).collect();
    let to_a: Vec<f64> = cross.column_iter().map(|column| column.mean()).collect();
    let distance = mean(&within_a) + mean(&within_b) - 2.0 * cross.mean();
    let variance = projected_variance(&within_a, &to_b) + projected_variance(&within_b, &to_a);
    (distance, variance.sqrt())
}

fn points(features: &Features) -> DMatrix<f64> {
    DMatrix::from_row_slice(features.rows().len(), features.width, &features.values)
}

fn kernel(a: &DMatrix<f64>, b: &DMatrix<f64>) -> DMatrix<f64> {
    let dim = a.ncols() as f64;
    (a * b.transpose()).map(|product| (product / dim + 1.0).powi(3))
}

/// Mean of each row without its diagonal element.
fn mean_of_others(square: &DMatrix<f64>) -> Vec<f64> {
    let others = square.nrows() as f64 - 1.0;
    square.row_iter().enumerate().map(|(i, row)| (row.sum() - row[i]) / others).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Contribution of one set of points to the variance: 4 Var(E k(x, X') - E k(x, Y)) / n.
fn projected_variance(within: &[f64], across: &[f64]) -> f64 {
    let differences: Vec<f64> = within.iter().zip(across).map(|(within, across)| within - across).collect();
    let centre = mean(&differences);
    let n = differences.len() as f64;
    4.0 * differences.iter().map(|value| (value - centre).powi(2)).sum::<f64>() / (n - 1.0) / n
}
