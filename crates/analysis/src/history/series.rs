//! Series of a figure over the entries of a history, and its steps.

use protocol::Direction;
use stats::{change_penalty, change_points};

use super::entry::{HistoryEntry, HistoryFigure};
use crate::gate::MachineClass;

/// Fewest entries in which a step is looked for.
const LEAST: usize = 4;

/// Values of one figure of one variant with the same inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The figure in the last entry.
    pub last: HistoryFigure,
    /// Index of the entry and mean of each value.
    pub values: Vec<(usize, f64)>,
    /// Steps, in the order of the entries.
    pub steps: Vec<Step>,
}

/// A lasting change of a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Index of the first entry after the change.
    pub entry: usize,
    /// Mean of the values before it, since the previous step.
    pub before: f64,
    /// Mean of the values from it on, until the next step.
    pub after: f64,
}

impl Step {
    /// Returns whether the change is for the worse; `None` without a better direction.
    #[must_use]
    pub fn is_worse(&self, direction: Direction) -> Option<bool> {
        match direction {
            Direction::Lower => Some(self.after > self.before),
            Direction::Higher => Some(self.after < self.before),
            Direction::Neither => None,
        }
    }
}

/// All series of a history. Figures of other inputs or seeds, and speeds of other machines, are other series.
#[must_use]
pub fn series(entries: &[HistoryEntry]) -> Vec<Series> {
    let mut all: Vec<(Series, &MachineClass)> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        for figure in &entry.figures {
            let same = |(known, machine): &&mut (Series, &MachineClass)| {
                let last = &known.last;
                (&last.variant, &last.inputs, &last.figure, &last.seeds)
                    == (&figure.variant, &figure.inputs, &figure.figure, &figure.seeds)
                    && (!figure.figure.volatile || **machine == entry.machine)
            };
            match all.iter_mut().find(same) {
                Some((known, _)) => {
                    known.values.push((index, figure.mean));
                    known.last = figure.clone();
                }
                None => {
                    let values = vec![(index, figure.mean)];
                    all.push((Series { last: figure.clone(), values, steps: Vec::new() }, &entry.machine));
                }
            }
        }
    }
    all.into_iter().map(|(series, _)| Series { steps: steps(&series.values), ..series }).collect()
}

fn steps(values: &[(usize, f64)]) -> Vec<Step> {
    let numbers: Vec<f64> = values.iter().map(|(_, value)| *value).collect();
    if numbers.len() < LEAST {
        return Vec::new();
    }
    let points = change_points(&numbers, change_penalty(&numbers));
    let bounds: Vec<usize> = [0].into_iter().chain(points.iter().copied()).chain([numbers.len()]).collect();
    let mean = |from: usize, to: usize| numbers[from..to].iter().sum::<f64>() / (to - from) as f64;
    let step = |piece: &[usize]| Step {
        entry: values[piece[1]].0,
        before: mean(piece[0], piece[1]),
        after: mean(piece[1], piece[2]),
    };
    bounds.windows(3).map(step).collect()
}
