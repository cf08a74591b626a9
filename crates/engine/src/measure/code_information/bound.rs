//! Terms of the bound H(c) + E log Q(c|x), one per drawn code.

use std::f64::consts::{LN_2, SQRT_2, TAU};

use statrs::function::erf::erfc;

use crate::{CodePosteriors, Codes};

/// Returns log K + log Q(category) of each code, where K is the number of categories.
pub(super) fn of_categories(codes: &Codes, read: &CodePosteriors) -> Vec<f64> {
    let entropy = (read.log_categories.width as f64).ln();
    codes.categories.iter().zip(read.log_categories.rows()).map(|(category, log)| entropy + log[*category]).collect()
}

/// Returns the sum of ln 2 + log Q(number) over the continuous numbers of each code.
pub(super) fn of_numbers(codes: &Codes, read: &CodePosteriors) -> Vec<f64> {
    let posteriors = read.means.rows().zip(read.log_variances.rows());
    let of_code = |(values, (means, log_variances)): (&[f64], (&[f64], &[f64]))| -> f64 {
        let numbers = values.iter().zip(means.iter().zip(log_variances));
        numbers.map(|(value, (mean, log_variance))| LN_2 + log_density(*value, *mean, *log_variance)).sum()
    };
    codes.continuous.rows().zip(posteriors).map(of_code).collect()
}

/// Log-density of a Gaussian truncated to [-1, 1], at a value in that interval.
pub(super) fn log_density(value: f64, mean: f64, log_variance: f64) -> f64 {
    let sd = (0.5 * log_variance).exp();
    let gaussian = -0.5 * (((value - mean) / sd).powi(2) + log_variance + TAU.ln());
    let (low, high) = ((-1.0 - mean) / sd, (1.0 - mean) / sd);
    // Differences of small tails have a smaller rounding error than differences of numbers near 1.
    let (near, far) = if low > 0.0 { (low, high) } else { (-high, -low) };
    let inside = if near > 0.0 {
        0.5 * (erfc(near / SQRT_2) - erfc(far / SQRT_2))
    } else {
        1.0 - 0.5 * (erfc(-near / SQRT_2) + erfc(far / SQRT_2))
    };
    // A smaller mass is a rounding error; the untruncated Gaussian is a lower bound there.
    if inside > 1e-280 { gaussian - inside.ln() } else { gaussian }
}
