//! Shared parts of data sets that are read from files.

mod gzip;
mod hash;
pub(crate) mod search;
mod source;
mod splits;
mod stored;

pub(crate) use gzip::Members;
pub(crate) use hash::sha256;
pub(crate) use source::Source;
pub(crate) use splits::{Counts, carve};
pub(crate) use stored::{Stored, Wanted};
