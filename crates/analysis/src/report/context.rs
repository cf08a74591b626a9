//! Input of the report beyond the results, and its output.

use std::path::PathBuf;

use crate::costs::Costs;

/// Provenance of the report itself, beyond what the trials record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportContext {
    /// Version and git commit of the genbench that writes the report.
    pub genbench: String,
    /// SHA-256 of the `Cargo.lock` of that build, if known.
    pub lock_sha256: Option<String>,
    /// Command that ran the grid, if known.
    pub command: Option<String>,
    /// Seconds after which the page loads itself again, while it is watched; `None` for a page that stays as it is.
    pub reload_s: Option<u64>,
}

/// Page of a grid that may still run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchedReport {
    /// Path of `report.html`.
    pub html: PathBuf,
    /// Numbers of trials by state, in words.
    pub trials: String,
}

/// Written files, and the costs of the trials.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Path of `report.html`.
    pub html: PathBuf,
    /// Path of `summary.md`, for a CI job page.
    pub markdown: PathBuf,
    /// Time of all trials by part.
    pub costs: Costs,
}
