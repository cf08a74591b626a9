//! What the benches of this crate work on.

pub(crate) mod catalog;
pub(crate) mod results;
