//! The grid language: from a YAML file to a [`Plan`](protocol::Plan).
//!
//! The crate parses a file and keeps the location of every value, checks keys and values, expands the axes, and
//! resolves every variant through a [`Catalog`]. It knows no model, data set or measure and does not depend on Burn.
//! `docs/grid.md` describes the language.
//!
//! ```
//! let text = "name: widths\nseeds: 3\ndata: digits\nvariants:\n  - model: {name: nade}\n    matrix: {model.hidden: [50, 100]}\n";
//! let grid = grid::parse("widths.yaml", text).expect("a valid grid");
//! assert_eq!(grid.name(), "widths");
//!
//! let mistakes = grid::parse("widths.yaml", &text.replace("seeds: 3", "device: gpu")).expect_err("no such device");
//! let first = &mistakes.list()[0];
//! assert_eq!(first.location.as_ref().map(|location| location.line), Some(2));
//! assert_eq!(first.message, "`gpu` is not a device");
//! assert!(mistakes.to_string().contains("did you mean `wgpu`?"));
//! ```

mod catalog;
mod claims;
mod compare;
mod conflicts;
mod diagnostics;
mod duplicates;
mod equivalent;
mod expand;
mod extends;
mod file;
mod gate;
mod grid;
pub mod interim;
mod label_filter;
mod label_template;
mod labelling;
mod matrix;
mod merge;
mod node;
mod parse;
mod paths;
mod plan;
mod plan_diff;
mod reader;
mod renamed_settings;
mod resolve;
mod rule_use;
mod rules;
mod schema;
mod source;
mod unknown_names;
mod until_decided;
mod yaml;

pub use catalog::{Catalog, Device, Draft, Listed, Resolved, Vocabulary};
pub use diagnostics::{Diagnostic, Diagnostics, Location, Note, Severity};
pub use grid::Grid;
pub use parse::{load, parse};
pub use plan::{Overrides, load_and_plan, parse_and_plan, plan};
pub use plan_diff::{Diff, DiffKind, DiffRow, diff};
pub use rule_use::RuleUse;
pub use schema::schema;

#[cfg(test)]
mod tests;
