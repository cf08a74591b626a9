//! Inputs of the benches of this crate.

pub(crate) mod catalog;
pub(crate) mod results;
