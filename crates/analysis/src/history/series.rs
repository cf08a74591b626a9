//! Series of a figure over the entries of a history, and its steps.

use protocol::Direction;
use stats::{change_penalty, change_points, energy_p, t_quantile};

use super::entry::{HistoryEntry, HistoryFigure};
use crate::gate::MachineClass;

/// Fewest entries in which a step is looked for.
const LEAST: usize = 4;
/// Largest p-value of a confirmed step: a page has tens of series, and each run is another chance.
const CONFIRMED: f64 = 0.01;
/// Largest number of values on each side of a step that its p-value compares.
const NEAREST: usize = 50;
/// Random orders of a p-value, and their seed.
const ORDERS: (usize, u64) = (999, 1);

/// Values of one figure of one variant with the same inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The figure in the last entry.
    pub last: HistoryFigure,
    /// Values in the order of the entries.
    pub values: Vec<SeriesValue>,
    /// Steps, in the order of the entries.
    pub steps: Vec<Step>,
}

/// Value of a series in one entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeriesValue {
    /// Index of the entry.
    pub entry: usize,
    /// Mean over seeds.
    pub mean: f64,
    /// Half the width of the mean's 95% confidence interval over seeds, by Student's t; `None` for one seed.
    pub half: Option<f64>,
}

impl SeriesValue {
    fn of(entry: usize, figure: &HistoryFigure) -> Self {
        let n = figure.seeds.len() as f64;
        let half = figure.sd.and_then(|sd| Some(t_quantile(n - 1.0, 0.975)? * sd / n.sqrt()));
        Self { entry, mean: figure.mean, half }
    }
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
    /// p-value of the energy test between the neighbouring steps; `None` if a value is not finite.
    pub p: Option<f64>,
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

    /// Returns whether chance does not explain the step: its p-value is at most 1%.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.p.is_some_and(|p| p <= CONFIRMED)
    }

    /// The direction of the change in words: `better`, `worse`, or `changed` without a better direction.
    #[must_use]
    pub fn word(&self, direction: Direction) -> &'static str {
        match self.is_worse(direction) {
            Some(true) => "worse",
            Some(false) => "better",
            None => "changed",
        }
    }
}

impl Series {
    /// Bounds of the pieces between steps, as indices of values: the first is 0, the last the number of values.
    #[must_use]
    pub fn bounds(&self) -> Vec<usize> {
        let place = |step: &Step| self.values.iter().position(|value| value.entry == step.entry);
        let inner = self.steps.iter().filter_map(place);
        [0].into_iter().chain(inner).chain([self.values.len()]).collect()
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
            let value = SeriesValue::of(index, figure);
            match all.iter_mut().find(same) {
                Some((known, _)) => {
                    known.values.push(value);
                    known.last = figure.clone();
                }
                None => {
                    let series = Series { last: figure.clone(), values: vec![value], steps: Vec::new() };
                    all.push((series, &entry.machine));
                }
            }
        }
    }
    all.into_iter().map(|(series, _)| Series { steps: steps(&series.values), ..series }).collect()
}

fn steps(values: &[SeriesValue]) -> Vec<Step> {
    let numbers: Vec<f64> = values.iter().map(|value| value.mean).collect();
    if numbers.len() < LEAST {
        return Vec::new();
    }
    let points = change_points(&numbers, change_penalty(&numbers));
    let bounds: Vec<usize> = [0].into_iter().chain(points.iter().copied()).chain([numbers.len()]).collect();
    let mean = |from: usize, to: usize| numbers[from..to].iter().sum::<f64>() / (to - from) as f64;
    let step = |piece: &[usize]| {
        let (from, at, to) =
            (piece[0].max(piece[1].saturating_sub(NEAREST)), piece[1], piece[2].min(piece[1] + NEAREST));
        Step {
            entry: values[at].entry,
            before: mean(piece[0], at),
            after: mean(at, piece[2]),
            p: energy_p(&numbers[from..to], at - from, ORDERS.0, ORDERS.1),
        }
    };
    bounds.windows(3).map(step).collect()
}
