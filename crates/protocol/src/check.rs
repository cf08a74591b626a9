//! Range checks of settings. The help of each problem states the allowed range.
//!
//! ```
//! use protocol::check;
//!
//! assert!(check::positive("hidden", 64).is_ok());
//! let problem = check::learning_rate("lr", 0.0).expect_err("too small");
//! assert_eq!(problem.path, "lr");
//! ```

use std::ops::RangeBounds;

use crate::Problem;

/// Refuses a real number outside of `range`. NaN is outside of every range.
///
/// # Errors
/// The value is out of range. The help is `allowed: ` and the text `allowed`.
pub fn real(path: &str, value: f64, range: impl RangeBounds<f64>, allowed: &str) -> Result<(), Problem> {
    if range.contains(&value) { Ok(()) } else { Err(refused(path, format!("{value} is out of range"), allowed)) }
}

/// Refuses a whole number outside of `range`.
///
/// # Errors
/// The value is out of range. The help is `allowed: ` and the text `allowed`.
pub fn whole(path: &str, value: usize, range: impl RangeBounds<usize>, allowed: &str) -> Result<(), Problem> {
    if range.contains(&value) { Ok(()) } else { Err(refused(path, format!("{value} is out of range"), allowed)) }
}

/// The problem of a setting at `path`, with the allowed values as help.
pub fn refused(path: &str, message: impl Into<String>, allowed: &str) -> Problem {
    Problem::new(path, message).help(format!("allowed: {allowed}"))
}

/// Refuses a size of 0 or above 65,536.
///
/// # Errors
/// The size is out of range.
pub fn positive(path: &str, size: usize) -> Result<(), Problem> {
    match size {
        1..=65_536 => Ok(()),
        _ => Err(refused(path, format!("{size} is out of range"), "1 to 65536")),
    }
}

/// Refuses a count of 0 or above `most`.
///
/// # Errors
/// The count is out of range.
pub fn at_most(path: &str, count: usize, most: usize) -> Result<(), Problem> {
    if (1..=most).contains(&count) {
        return Ok(());
    }
    Err(refused(path, format!("{count} is out of range"), &format!("1 to {most}")))
}

/// Refuses a learning rate that is not above 0 and at most 10.
///
/// # Errors
/// The rate is out of range.
pub fn learning_rate(path: &str, lr: f64) -> Result<(), Problem> {
    if lr > 0.0 && lr <= 10.0 {
        return Ok(());
    }
    Err(refused(path, format!("{lr} is out of range"), "above 0 and at most 10; 0.001 is usual for Adam"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_outside_of_a_range_are_refused_with_the_range() {
        assert!(real("noise", f64::NAN, 0.0..=1.0, "0 to 1").is_err());
        let problem = whole("side", 9, 1..=8, "1 to 8").expect_err("too large");
        assert_eq!((problem.path.as_str(), problem.message.as_str()), ("side", "9 is out of range"));
        assert_eq!(problem.help.as_deref(), Some("allowed: 1 to 8"));
        assert!(real("noise", 0.5, 0.0..=1.0, "0 to 1").is_ok() && whole("side", 8, 1..=8, "1 to 8").is_ok());
    }

    #[test]
    fn sizes_counts_and_rates_have_bounds() {
        assert!(positive("hidden", 0).is_err() && positive("hidden", 65_537).is_err() && positive("hidden", 1).is_ok());
        assert!(
            at_most("layers", 0, 8).is_err() && at_most("layers", 9, 8).is_err() && at_most("layers", 8, 8).is_ok()
        );
        assert!(learning_rate("lr", f64::NAN).is_err() && learning_rate("lr", 10.5).is_err());
        assert!(learning_rate("lr", 1e-3).is_ok());
    }
}
