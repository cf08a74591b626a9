//! Text for people and for other programs: escaping per format, counts with their noun, line breaks.

mod count;
pub mod escape;
mod fold;

pub use count::count;
pub use fold::{columns, fold, wrapped};
