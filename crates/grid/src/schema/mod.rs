//! JSON Schema (draft 7) of the grid language, for editors and for checks without genbench.
//!
//! The keys of the language are listed here and in the parser (`parse.rs`). Models, data sets, measures, facts and
//! their settings come from the catalog. The schema refuses unknown keys, unknown names and values of a wrong type.
//! Only `genbench plan` checks whether a model fits its data and whether labels are unique.

mod axes;
mod dotted;
mod level;
mod named;
mod seeds;
mod top;

pub use top::schema;
