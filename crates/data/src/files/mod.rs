//! Shared parts of data sets that are read from files.

mod hash;
mod source;
mod splits;

pub(crate) use hash::sha256;
pub(crate) use source::Source;
pub(crate) use splits::{Counts, carve};
