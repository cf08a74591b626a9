//! The rules `exclude`, `when` and `include`, which remove and add combinations of a level.

mod apply;
mod matching;
mod parse;
mod unmatched;

pub(crate) use apply::apply;
pub(crate) use parse::read;
