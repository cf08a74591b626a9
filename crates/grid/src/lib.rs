//! The grid language: from a YAML file to a [`Plan`](protocol::Plan).
//!
//! A file is read with its spans, its meaning is checked, its axes are expanded, and every variant is resolved through
//! a [`Catalog`]. This crate knows no model, data set or measure; it does not depend on Burn. `docs/grid.md` describes
//! the language.

mod catalog;
mod compare;
mod diagnostics;
mod expand;
mod extends;
mod file;
pub mod interim;
mod known;
mod label;
mod matrix;
mod meaning;
mod merge;
mod naming;
mod only;
mod plan;
mod plan_diff;
mod read;
mod reader;
mod resolve;
mod rule_use;
mod rules;
mod schema;
mod source;
mod unique;
mod until_decided;
mod written;
mod yaml;

pub use catalog::{Catalog, Device, Draft, Listed, Resolved, Vocabulary};
pub use diagnostics::{Diagnostic, Diagnostics, Note, Place, Severity};
pub use meaning::Grid;
pub use plan::{Overrides, load_and_plan, parse_and_plan, plan};
pub use plan_diff::{Diff, DiffKind, DiffRow, diff};
pub use read::{load, parse};
pub use rule_use::RuleUse;
pub use schema::schema;

#[cfg(test)]
mod tests;
