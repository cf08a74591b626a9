//! The grid language as JSON Schema (draft 7): for editors, and for checks without genbench.
//!
//! The words of the language are written here, beside what reads them (`read.rs`); models, data, measures,
//! facts and their settings come from the catalog. The schema refuses a key that nothing knows, a name that is
//! none, and a value of a wrong type. What only planning can tell is left to `genbench plan`: whether a model
//! fits its data, whether two labels are the same.

mod axes;
mod dotted;
mod level;
mod named;
mod seeds;
mod top;

pub use top::schema;
