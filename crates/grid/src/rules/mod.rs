//! `exclude`, `when` and `include`: what is taken from the combinations of a level, and added.

mod apply;
mod fit;
mod read;
mod report;

pub(crate) use apply::apply;
pub(crate) use read::read;
