//! Quantiles of Student's t distribution.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// The quantile of Student's t at probability `p`; `None` unless the number of `degrees` of freedom is above 0.
///
/// ```
/// assert!((stats::t_quantile(3.0, 0.975).unwrap() - 3.182_446).abs() < 1e-6);
/// ```
#[must_use]
pub fn t_quantile(degrees: f64, p: f64) -> Option<f64> {
    StudentsT::new(0.0, 1.0, degrees).ok().map(|t| t.inverse_cdf(p))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_equal_printed_tables() {
        for (degrees, printed) in [(1, 12.706), (2, 4.303), (4, 2.776), (9, 2.262), (30, 2.042)] {
            assert!((t_quantile(f64::from(degrees), 0.975).unwrap() - printed).abs() < 5e-4, "{degrees}");
        }
        assert_eq!(t_quantile(0.0, 0.975), None);
    }
}
