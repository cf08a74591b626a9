//! Text for people and for other programs: escaping per format, counts with their noun, line breaks, paths.

mod count;
pub mod escape;
mod fold;
mod portable;
mod shell_word;

pub use count::{count, thousands};
pub use fold::{columns, fold, wrapped};
pub use portable::{portable, portable_tail};
pub use shell_word::shell_word;
