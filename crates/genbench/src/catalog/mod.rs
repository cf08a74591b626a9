//! The models, data sets, measures, facts and devices that a grid can name.

mod blocks;
mod everything;
mod last;
mod list;
mod named;
mod train;

pub(crate) use everything::Everything;
pub(crate) use list::list;
