//! What a run came to, in a form small enough to commit.

use std::collections::BTreeMap;

use protocol::{Direction, Host, Kind, Support, Unit};
use serde::{Deserialize, Serialize};

use crate::store::Record;
use protocol::Plan;

/// The version of the reference file.
pub const REFERENCE_SCHEMA: u32 = 1;

/// The measurement that stands for speed: steps per second over products of a fixed matrix per
/// second, in windows of the same run, so that a slower machine is not a slower program.
const SPEED: &str = "train_steps_per_gemm";

/// A grid's figures, with where they come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// [`REFERENCE_SCHEMA`].
    pub schema: u32,
    /// The grid's name.
    pub grid: String,
    /// The version that ran.
    pub genbench: String,
    /// The machine that ran it.
    pub host: Host,
    /// Trials that were planned.
    pub planned: usize,
    /// Trials that were done.
    pub done: usize,
    /// One per variant and measurement.
    pub figures: Vec<Figure>,
}

/// One variant's measurement across seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// The variant's label.
    pub variant: String,
    /// The measurement.
    pub measurement: String,
    /// Its unit.
    pub unit: Unit,
    /// Its kind.
    pub kind: Kind,
    /// Its support.
    pub support: Option<Support>,
    /// Which way is better.
    pub direction: Direction,
    /// Whether it is about speed: one machine's figure, over windows instead of seeds.
    pub speed: bool,
    /// Seeds, or windows.
    pub n: usize,
    /// The mean over them.
    pub mean: f64,
    /// Their standard deviation; `None` for one.
    pub sd: Option<f64>,
}

/// Collects the figures of a run: every score that may not differ between two runs of the same
/// trial, and speed.
#[must_use]
pub fn figures(plan: &Plan, records: &[Record]) -> Reference {
    let mut seen: BTreeMap<(usize, usize), (Figure, Vec<f64>)> = BTreeMap::new();
    let mut variants: Vec<&str> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for record in records.iter().filter(|record| record.is_done()) {
        for measurement in &record.measurements {
            let speed = measurement.name == SPEED;
            let scored = measurement.direction != Direction::Neither && !measurement.volatile;
            let Some(value) = measurement.value.filter(|_| speed || scored) else { continue };
            let key = (place(&mut variants, &record.trial.variant), place(&mut names, &measurement.name));
            let entry = seen.entry(key).or_insert_with(|| {
                let figure = Figure {
                    variant: record.trial.variant.clone(),
                    measurement: measurement.name.clone(),
                    unit: measurement.unit,
                    kind: measurement.kind,
                    support: measurement.support,
                    direction: measurement.direction,
                    speed,
                    n: 0,
                    mean: 0.0,
                    sd: None,
                };
                (figure, Vec::new())
            });
            entry.1.push(value);
            if speed {
                // One trial is timed; its windows are the repetitions.
                let windows = measurement.n.unwrap_or(1);
                entry.0.n = windows as usize;
                entry.0.sd = measurement.se.map(|se| se * (windows as f64).sqrt());
            }
        }
    }
    let figures = seen.into_values().map(|(figure, values)| summarise(figure, &values)).collect();
    let outcome = records.iter().find_map(|record| record.outcome.as_ref());
    Reference {
        schema: REFERENCE_SCHEMA,
        grid: plan.grid.clone(),
        genbench: outcome.map_or_else(String::new, |outcome| outcome.genbench.clone()),
        host: outcome.map_or_else(Host::default, |outcome| outcome.host.clone()),
        planned: records.len(),
        done: records.iter().filter(|record| record.is_done()).count(),
        figures,
    }
}

fn place<'a>(known: &mut Vec<&'a str>, name: &'a str) -> usize {
    known.iter().position(|other| *other == name).unwrap_or_else(|| {
        known.push(name);
        known.len() - 1
    })
}

fn summarise(figure: Figure, values: &[f64]) -> Figure {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    if figure.speed {
        return Figure { mean, ..figure };
    }
    let sd =
        (values.len() > 1).then(|| (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt());
    Figure { n: values.len(), mean, sd, ..figure }
}
