//! Range checks of [`protocol::check`], with this crate's error.

use std::ops::RangeBounds;

use protocol::check;

use crate::DataError;

/// Refuses a real number outside of `range`. NaN is outside of every range.
pub(crate) fn real(path: &str, value: f64, range: impl RangeBounds<f64>, allowed: &str) -> Result<(), DataError> {
    Ok(check::real(path, value, range, allowed)?)
}

/// Refuses a whole number outside of `range`.
pub(crate) fn whole(path: &str, value: usize, range: impl RangeBounds<usize>, allowed: &str) -> Result<(), DataError> {
    Ok(check::whole(path, value, range, allowed)?)
}

/// The error of a setting at `path`, with the allowed values as help.
pub(crate) fn refused(path: &str, message: String, allowed: &str) -> DataError {
    check::refused(path, message, allowed).into()
}
