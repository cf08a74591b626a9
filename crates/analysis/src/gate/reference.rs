//! Reference: the figures of a run, in a file small enough to commit.

use std::collections::BTreeMap;

use protocol::{Direction, Host, Kind, Plan, Support, Unit};
use serde::{Deserialize, Serialize};

use crate::store::Record;

/// Version of the format of the reference file.
pub const REFERENCE_SCHEMA: u32 = 1;

/// Figure that measures speed: training steps per second divided by products of a fixed matrix per second, in windows of
/// the same run. The quotient separates a slower program from a slower machine.
const SPEED: &str = "train_steps_per_gemm";

/// Figures of a grid, with the build and the machine that produced them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// [`REFERENCE_SCHEMA`].
    pub schema: u32,
    /// Name of the grid.
    pub grid: String,
    /// Version of genbench that ran the trials.
    pub genbench: String,
    /// Machine that ran the trials.
    pub host: Host,
    /// Number of planned trials.
    pub planned: usize,
    /// Number of trials that are done.
    pub done: usize,
    /// One figure per variant and measurement.
    pub figures: Vec<Figure>,
}

/// Measurement of one variant over its seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// Label of the variant.
    pub variant: String,
    /// Name of the measurement.
    pub measurement: String,
    /// Unit of the values.
    pub unit: Unit,
    /// Kind of the figure.
    pub kind: Kind,
    /// Support of the density or of the samples.
    pub support: Option<Support>,
    /// Better direction.
    pub direction: Direction,
    /// `true` if the figure is a speed, which belongs to one machine and is repeated over windows instead of seeds.
    pub speed: bool,
    /// Processor and adapter of a speed; `None` if unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
    /// Number of seeds or windows.
    pub n: usize,
    /// Mean over them.
    pub mean: f64,
    /// Standard deviation; `None` for one seed or window.
    pub sd: Option<f64>,
}

/// Variant and name of a figure, by position, and the machine of a speed.
type Key = (usize, usize, Option<String>);

/// Collects the figures of a run: speed, and every score that is not volatile.
#[must_use]
pub fn figures(plan: &Plan, records: &[Record]) -> Reference {
    let mut seen: BTreeMap<Key, (Figure, Vec<f64>)> = BTreeMap::new();
    let mut variants: Vec<&str> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for record in records.iter().filter(|record| record.is_done()) {
        for measurement in &record.measurements {
            let speed = measurement.name == SPEED;
            let scored = measurement.direction != Direction::Neither && !measurement.volatile;
            let Some(value) = measurement.value.filter(|_| speed || scored) else { continue };
            let machine = if speed { crate::summary::Figure::of_record(measurement, record).machine } else { None };
            let at = (position_of(&mut variants, &record.trial.variant), position_of(&mut names, &measurement.name));
            let key = (at.0, at.1, machine.clone());
            let entry = seen.entry(key).or_insert_with(|| {
                let figure = Figure {
                    variant: record.trial.variant.clone(),
                    measurement: measurement.name.clone(),
                    unit: measurement.unit,
                    kind: measurement.kind,
                    support: measurement.support,
                    direction: measurement.direction,
                    speed,
                    machine,
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

/// Position of a name in the list, to which it is appended if it is new.
fn position_of<'a>(known: &mut Vec<&'a str>, name: &'a str) -> usize {
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
