//! The seeds of each variant, summed up.

use std::collections::HashMap;

use protocol::{DataSpec, Direction, Kind, Measurement, TrialId, Unit};

use super::figure::Figure;
use super::figure::{data_labels, reason, value};
use super::spread::Spread;
use super::trial_state::TrialState;
use crate::store::Record;
use protocol::Plan;

/// Every variant of a grid, in the plan's order.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The grid's name.
    pub grid: String,
    /// What the grid is for.
    pub about: String,
    /// The variants.
    pub variants: Vec<VariantSummary>,
}

/// One variant over its seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct VariantSummary {
    /// What it is called.
    pub variant: String,
    /// Where it stands in the report.
    pub section: Option<String>,
    /// The model's name.
    pub model: String,
    /// The data set's name, with what tells it from others of that name in the plan.
    pub data: String,
    /// Its trials, one a seed.
    pub trials: Vec<TrialState>,
    /// Its figures, in the order in which they were measured; trials that are not done add none.
    pub figures: Vec<FigureSummary>,
}

/// One figure of one variant over its seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureSummary {
    /// What it is a figure of.
    pub figure: Figure,
    /// The trials that have a value.
    pub trials: Vec<TrialId>,
    /// Their values, in that order.
    pub values: Vec<f64>,
    /// The spread of their values over seeds; `None` if no trial has one.
    pub spread: Option<Spread>,
    /// The mean of the trials' standard errors over test images: what more test images would
    /// shrink, and more seeds would not.
    pub se_test: Option<f64>,
    /// Why values are not there, and remarks on those that are; each once.
    pub reasons: Vec<String>,
}

impl Summary {
    /// Sums up `records`. A trial of the plan without a record counts as not run.
    #[must_use]
    pub fn of(plan: &Plan, records: &[Record]) -> Self {
        let data = labelled_data(plan);
        let label = |spec: &DataSpec| {
            let found = data.iter().find(|(known, _)| *known == spec);
            found.map_or_else(|| spec.name.clone(), |(_, label)| label.clone())
        };
        let by_id: HashMap<&TrialId, &Record> = records.iter().map(|record| (&record.id, record)).collect();
        let mut index = HashMap::new();
        let mut gathered: Vec<(VariantSummary, Gathered)> = Vec::new();
        for trial in &plan.trials {
            let at = *index.entry(trial.variant.as_str()).or_insert_with(|| {
                let variant = VariantSummary {
                    variant: trial.variant.clone(),
                    section: trial.section.clone(),
                    model: trial.model.name.clone(),
                    data: label(&trial.data),
                    trials: Vec::new(),
                    figures: Vec::new(),
                };
                gathered.push((variant, Gathered::default()));
                gathered.len() - 1
            });
            let (variant, figures) = &mut gathered[at];
            let id = trial.id();
            let Some(record) = by_id.get(&id) else {
                let reason = Some("not started".to_owned());
                variant.trials.push(TrialState { id, seed: trial.seed, status: "not_run", reason, collapse: None });
                continue;
            };
            let state = TrialState { seed: trial.seed, ..TrialState::of(record) };
            if state.done() {
                figures.add(record, trial.seed);
            }
            variant.trials.push(state);
        }
        let finish =
            |(variant, figures): (VariantSummary, Gathered)| VariantSummary { figures: figures.finish(), ..variant };
        Self {
            grid: plan.grid.clone(),
            about: plan.about.clone(),
            variants: gathered.into_iter().map(finish).collect(),
        }
    }
}

/// The distinct data sets of a plan, each with its label.
pub(crate) fn labelled_data(plan: &Plan) -> Vec<(&DataSpec, String)> {
    let mut data: Vec<&DataSpec> = Vec::new();
    for trial in &plan.trials {
        if !data.contains(&&*trial.data) {
            data.push(&*trial.data);
        }
    }
    let labels = data_labels(&data);
    data.into_iter().zip(labels).collect()
}

impl VariantSummary {
    /// Trained and measured trials.
    #[must_use]
    pub fn done(&self) -> usize {
        self.trials.iter().filter(|trial| trial.done()).count()
    }

    /// Trials that are over and not done.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.trials.iter().filter(|trial| trial.failed()).count()
    }

    /// Done trials whose model has collapsed; `None` if none was asked.
    #[must_use]
    pub fn collapsed(&self) -> Option<usize> {
        let asked = self.trials.iter().any(|trial| trial.collapse.is_some());
        asked.then(|| self.trials.iter().filter(|trial| trial.collapsed()).count())
    }

    /// Trials that failed or collapsed, and trials that are over.
    #[must_use]
    pub fn lost(&self) -> (usize, usize) {
        (self.failed() + self.collapsed().unwrap_or_default(), self.done() + self.failed())
    }

    /// The share of [`VariantSummary::lost`] trials; `None` if no trial is over.
    #[must_use]
    pub fn failure_rate(&self) -> Option<f64> {
        let (lost, over) = self.lost();
        (over > 0).then(|| lost as f64 / over as f64)
    }

    /// Trials that have no outcome.
    #[must_use]
    pub fn not_run(&self) -> usize {
        self.trials.iter().filter(|trial| trial.not_run()).count()
    }

    /// Why trials are not done, and what of those that are done has collapsed: `seeds 1, 2 diverged:
    /// loss was not finite after step 40`.
    #[must_use]
    pub fn failures(&self) -> Vec<String> {
        let mut alike: Vec<(String, Vec<String>)> = Vec::new();
        for trial in self.trials.iter().filter(|trial| !trial.done() || trial.collapsed()) {
            let (status, why) = trial.told();
            let why = why.map(|why| format!(": {why}")).unwrap_or_default();
            let told = format!("{status}{why}");
            match alike.iter_mut().find(|(known, _)| *known == told) {
                Some((_, seeds)) => seeds.push(trial.seed.to_string()),
                None => alike.push((told, vec![trial.seed.to_string()])),
            }
        }
        let sentence = |(told, seeds): (String, Vec<String>)| match seeds.len() {
            1 => format!("seed {} {told}", seeds[0]),
            2..=6 => format!("seeds {} {told}", seeds.join(", ")),
            n => format!("{n} seeds {told}"),
        };
        alike.into_iter().map(sentence).collect()
    }
}

/// Figures of one variant while its trials are read.
#[derive(Default)]
struct Gathered {
    present: Vec<Present>,
    absent: Vec<(Figure, u64, String)>,
}

/// A figure with a value in some trial.
struct Present {
    figure: Figure,
    values: Vec<(TrialId, f64)>,
    errors: Vec<f64>,
    remarks: Vec<String>,
}

impl Gathered {
    fn add(&mut self, record: &Record, seed: u64) {
        for measurement in &record.measurements {
            self.add_one(record, seed, measurement);
        }
        let counted = record.outcome.as_ref().and_then(|outcome| outcome.parameters);
        if let Some(parameters) = counted.filter(|_| record.measurements.iter().all(|m| m.name != "parameters")) {
            let value = parameters as f64;
            let count = Measurement::new("parameters", Kind::Exact, Unit::Count, Direction::Neither, value);
            self.add_one(record, seed, &count);
        }
    }

    fn add_one(&mut self, record: &Record, seed: u64, measurement: &Measurement) {
        let figure = Figure::of(measurement);
        let reason = reason(measurement).map(str::to_owned);
        let Some(value) = value(measurement) else {
            self.absent.extend(reason.map(|reason| (figure, seed, reason)));
            return;
        };
        let at = self.present.iter().position(|known| known.figure == figure).unwrap_or_else(|| {
            self.present.push(Present { figure, values: Vec::new(), errors: Vec::new(), remarks: Vec::new() });
            self.present.len() - 1
        });
        let present = &mut self.present[at];
        present.values.push((record.id.clone(), value));
        present.errors.extend(measurement.se);
        if let Some(remark) = reason {
            push_once(&mut present.remarks, remark);
        }
    }

    fn finish(self) -> Vec<FigureSummary> {
        let mut figures: Vec<_> = self.present.into_iter().map(summed).collect();
        for (figure, seed, reason) in self.absent {
            // Kind and support of what is not there are not known.
            let is_it = |known: &&mut FigureSummary| {
                known.figure.name == figure.name && known.figure.settings == figure.settings
            };
            match figures.iter_mut().find(is_it) {
                Some(known) if known.spread.is_some() => {
                    push_once(&mut known.reasons, format!("seed {seed}: {reason}"))
                }
                Some(known) => push_once(&mut known.reasons, reason),
                None => figures.push(FigureSummary {
                    figure,
                    trials: Vec::new(),
                    values: Vec::new(),
                    spread: None,
                    se_test: None,
                    reasons: vec![reason],
                }),
            }
        }
        figures
    }
}

fn summed(present: Present) -> FigureSummary {
    let Present { figure, values, errors, remarks } = present;
    let (trials, values): (Vec<_>, Vec<_>) = values.into_iter().unzip();
    // The mean over some of the seeds would pass for the mean over all.
    let se_test = Spread::of(&errors).filter(|errors| errors.n == values.len()).map(|errors| errors.mean);
    FigureSummary { figure, trials, spread: Spread::of(&values), values, se_test, reasons: remarks }
}

fn push_once(reasons: &mut Vec<String>, reason: String) {
    if !reasons.contains(&reason) {
        reasons.push(reason);
    }
}
