//! The grid language: from a YAML file to a [`Plan`](protocol::Plan).
//!
//! A file is read with its spans, its meaning is checked, its axes are expanded, and every variant is resolved through
//! a [`Catalog`]. This crate knows no model, data set or measure; it does not depend on Burn. `docs/grid.md` describes
//! the language.
//!
//! ```
//! let text = "name: widths\nseeds: 3\ndata: digits\nvariants:\n  - model: {name: nade}\n    matrix: {model.hidden: [50, 100]}\n";
//! let grid = grid::parse("widths.yaml", text).expect("a valid grid");
//! assert_eq!(grid.name(), "widths");
//!
//! let mistakes = grid::parse("widths.yaml", &text.replace("seeds: 3", "device: gpu")).expect_err("no such device");
//! let first = &mistakes.list()[0];
//! assert_eq!(first.place.as_ref().map(|place| place.line), Some(2));
//! assert_eq!(first.message, "`gpu` is not a device");
//! assert!(mistakes.to_string().contains("did you mean `wgpu`?"));
//! ```

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
