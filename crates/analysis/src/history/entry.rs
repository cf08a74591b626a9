//! One entry of a history: the figures of a run.

use serde::{Deserialize, Serialize};

use crate::gate::{Baseline, MachineClass};
use crate::summary::{Figure, Spread};

/// Version of an entry.
pub const HISTORY_SCHEMA: u32 = 1;

/// Figures of a run, with its build and machine: one line of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryEntry {
    /// [`HISTORY_SCHEMA`].
    pub schema: u32,
    /// Name of the grid.
    pub grid: String,
    /// End of the last trial, in milliseconds since 1970.
    pub ended_unix_ms: u64,
    /// Commit of the build, or the version of genbench.
    pub made_by: String,
    /// Machines that ran the trials.
    pub machine: MachineClass,
    /// Figures of all variants.
    pub figures: Vec<HistoryFigure>,
}

/// One figure of one variant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryFigure {
    /// Label of the variant.
    pub variant: String,
    /// Hash of the variant's inputs: figures of other inputs are another series.
    pub inputs: String,
    /// Identity of the figure.
    pub figure: Figure,
    /// Seeds behind the mean: means over other seeds are another series.
    pub seeds: Vec<u64>,
    /// Mean over seeds.
    pub mean: f64,
    /// Standard deviation over seeds; `None` for one seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sd: Option<f64>,
}

impl HistoryEntry {
    /// The entry of a run.
    #[must_use]
    pub fn of(run: &Baseline) -> Self {
        let figures = run.variants.iter().flat_map(|variant| {
            let first = protocol::Trial { seed: 0, ..variant.trial.clone() };
            let inputs = first.id().0;
            variant.figures.iter().filter_map(move |one| {
                let values: Vec<f64> = one.values.iter().map(|value| value.value).collect();
                let spread = Spread::of(&values)?;
                Some(HistoryFigure {
                    variant: variant.trial.variant.clone(),
                    inputs: inputs.clone(),
                    figure: one.figure.clone(),
                    seeds: one.values.iter().map(|value| value.seed).collect(),
                    mean: spread.mean,
                    sd: spread.sd,
                })
            })
        });
        Self {
            schema: HISTORY_SCHEMA,
            grid: run.grid.clone(),
            ended_unix_ms: run.ended_unix_ms,
            made_by: run.made_by(),
            machine: run.machine.clone(),
            figures: figures.collect(),
        }
    }
}
