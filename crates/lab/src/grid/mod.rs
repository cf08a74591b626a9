//! From a YAML file to a plan: what was written -> what it means -> what will run.
//!
//! `docs/grid.md` describes the language.

mod compare;
mod diagnostics;
mod expand;
mod extends;
mod known;
mod label;
mod looks;
mod matrix;
mod meaning;
mod merge;
mod naming;
mod only;
mod plan;
mod read;
mod reader;
mod resolve;
mod rules;
mod schema;
mod source;
mod unique;
mod written;
mod yaml;

pub use diagnostics::{Diagnostic, Diagnostics, Note, Place, Severity};
pub use meaning::Grid;
pub use plan::{Overrides, load_and_plan, parse_and_plan, plan};
pub use read::{load, parse};
pub use rules::RuleUse;
pub use schema::schema;

#[cfg(test)]
mod tests;
