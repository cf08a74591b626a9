//! A grid with everything decided: what will run.

use protocol::Trial;
use serde::{Deserialize, Serialize};

use crate::{Compare, Fact};

/// The trials of a grid, in order, and its facts. Kept as `plan.json` beside the trials.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The grid's name: its folder under `results/`.
    pub grid: String,
    /// What the grid is for.
    pub about: String,
    /// What was said about the choice of device.
    pub device_note: Option<String>,
    /// Sections in the order of the file; the report follows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<String>,
    /// Sections whose variants the report shows in columns, side by side.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub side_by_side: Vec<String>,
    /// Every trial; the seeds of a variant stand together.
    pub trials: Vec<Trial>,
    /// Exact counts and identities.
    pub facts: Vec<Fact>,
    /// Which variants are held against which.
    #[serde(default, skip_serializing_if = "Compare::is_default")]
    pub compare: Compare,
}
