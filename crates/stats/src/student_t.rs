//! Tails and quantiles of Student's t distribution.

use statrs::distribution::{Continuous, ContinuousCDF, StudentsT};
use statrs::function::beta::beta_reg;
use statrs::function::erf::{erfc, erfc_inv};

/// Number of degrees from which the normal distribution is used: its probabilities differ by less than 1e-9 of their size.
const NORMAL: f64 = 1e9;

/// The quantile of Student's t at probability `p`; `None` unless the number of `degrees` of freedom is above 0.
///
/// ```
/// assert!((stats::t_quantile(3.0, 0.975).unwrap() - 3.182_446).abs() < 1e-6);
/// ```
#[must_use]
pub fn t_quantile(degrees: f64, p: f64) -> Option<f64> {
    let t = StudentsT::new(0.0, 1.0, degrees).ok()?;
    // The inverse of `statrs` does not return for some probabilities at many degrees.
    let rough = if degrees > 1e5 { near_normal(degrees, p) } else { t.inverse_cdf(p) };
    // With many degrees, both are precise to about nine digits: one step of Newton's method.
    if degrees < 100.0 || !rough.is_finite() || rough == 0.0 {
        return Some(rough);
    }
    let wanted = p.min(1.0 - p);
    let step = (two_sided(rough, degrees) / 2.0 - wanted) / t.pdf(rough);
    Some(if rough > 0.0 { rough + step } else { rough - step })
}

/// The quantile for many degrees, by the first terms of its Cornish-Fisher expansion at the normal quantile.
fn near_normal(degrees: f64, p: f64) -> f64 {
    let size = std::f64::consts::SQRT_2 * erfc_inv(2.0 * p.min(1.0 - p));
    let z = if p < 0.5 { -size } else { size };
    z + (z.powi(3) + z) / (4.0 * degrees) + (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * degrees.powi(2))
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
    fn quantiles_of_many_degrees_are_those_of_the_normal_distribution() {
        for (p, printed) in [(0.975, 1.959_964), (0.025, -1.959_964), (0.5, 0.0), (0.999_868_421_052_631_6, 3.649_1)] {
            for degrees in [1e5, 2e5, 1e8, 2e9, f64::INFINITY] {
                let quantile = t_quantile(degrees, p).unwrap();
                assert!((quantile - printed).abs() < 1e-3, "{degrees} degrees, {p}: {quantile}");
            }
        }
    }
}
