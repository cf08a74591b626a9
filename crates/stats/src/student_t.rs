//! Tails and quantiles of Student's t distribution.

use statrs::distribution::{Continuous, ContinuousCDF, Normal, StudentsT};
use statrs::function::beta::beta_reg;
use statrs::function::erf::erfc;

/// Degrees of freedom above which the distribution is taken to be normal: the difference is below 1e-9 of the probability.
const NORMAL: f64 = 1e9;

/// Degrees of freedom above which the quantile is expanded about that of the normal distribution. The search of the inverse does
/// not end for infinite degrees.
const MANY: f64 = 1e6;

/// The quantile of Student's t at probability `p`; `None` unless the number of `degrees` of freedom is above 0.
///
/// ```
/// assert!((stats::t_quantile(3.0, 0.975).unwrap() - 3.182_446).abs() < 1e-6);
/// ```
#[must_use]
pub fn t_quantile(degrees: f64, p: f64) -> Option<f64> {
    if degrees > MANY {
        // Cornish and Fisher's expansion; the next term is below 1e-11.
        let z = Normal::standard().inverse_cdf(p);
        return Some(z + (z.powi(3) + z) / (4.0 * degrees));
    }
    let t = StudentsT::new(0.0, 1.0, degrees).ok()?;
    let rough = t.inverse_cdf(p);
    // With many degrees, the inverse is precise to nine digits only: one step of Newton's method.
    if degrees < 100.0 || !rough.is_finite() || rough == 0.0 {
        return Some(rough);
    }
    let wanted = p.min(1.0 - p);
    let step = (two_sided(rough, degrees) / 2.0 - wanted) / t.pdf(rough);
    Some(if rough > 0.0 { rough + step } else { rough - step })
}

/// The probability that Student's t is at least |t| in size. Computed from the tail, so that it is precise near 0.
pub(super) fn two_sided(t: f64, degrees: f64) -> f64 {
    if degrees > NORMAL {
        return erfc(t.abs() / std::f64::consts::SQRT_2);
    }
    beta_reg(degrees / 2.0, 0.5, degrees / (degrees + t * t))
}

/// The probability that Student's t is at most `t`.
pub(super) fn one_sided(t: f64, degrees: f64) -> f64 {
    let tail = two_sided(t, degrees) / 2.0;
    if t < 0.0 { tail } else { 1.0 - tail }
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

    #[test]
    fn infinite_degrees_are_the_normal_distribution() {
        for degrees in [1e7, 1e8, 1e10, f64::INFINITY] {
            assert!((t_quantile(degrees, 0.975).unwrap() - 1.959_963_985).abs() < 3e-7, "{degrees}");
        }
    }
}
