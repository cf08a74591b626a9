//! What the report is told, and what it answers.

use std::path::PathBuf;

use crate::costs::Costs;

/// What the report says about how it was made, beyond what the trials recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportContext {
    /// The version and git commit of the genbench that writes the report.
    pub genbench: String,
    /// SHA-256 of the `Cargo.lock` it was built from, if known.
    pub lock_sha256: Option<String>,
    /// The command that ran the grid, if known.
    pub command: Option<String>,
}

/// The files written, and what the traces said on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// `report.html`.
    pub html: PathBuf,
    /// `summary.md`, for a CI job page.
    pub markdown: PathBuf,
    /// What all trials' time went into.
    pub costs: Costs,
}
