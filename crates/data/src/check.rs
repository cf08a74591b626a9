//! Settings out of range, refused with what is allowed.

use std::ops::RangeBounds;

use protocol::Problem;

use crate::DataError;

/// Refuses a real setting out of range; not-a-number is out of every range.
pub(crate) fn real(path: &str, value: f64, range: impl RangeBounds<f64>, allowed: &str) -> Result<(), DataError> {
    if range.contains(&value) { Ok(()) } else { Err(refused(path, format!("{value} is out of range"), allowed)) }
}

/// Refuses a whole setting out of range.
pub(crate) fn whole(path: &str, value: usize, range: impl RangeBounds<usize>, allowed: &str) -> Result<(), DataError> {
    if range.contains(&value) { Ok(()) } else { Err(refused(path, format!("{value} is out of range"), allowed)) }
}

/// The setting at `path` is wrong; `allowed` says what would be right.
pub(crate) fn refused(path: &str, message: String, allowed: &str) -> DataError {
    Problem::new(path, message).help(format!("allowed: {allowed}")).into()
}
