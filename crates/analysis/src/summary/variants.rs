//! Summary of each variant over its seeds.

use std::collections::HashMap;

use protocol::{DataSpec, Likelihood, Plan, TrialId};
use stats::Interval;

use super::collected_figures::CollectedFigures;
use super::figure::{Figure, data_labels};
use super::share::{self, rate};
use super::spread::Spread;
use super::trial_state::TrialState;
use crate::store::Record;

/// Every variant of a grid, in the plan's order.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Name of the grid.
    pub grid: String,
    /// Description of the grid.
    pub about: String,
    /// Summaries of the variants.
    pub variants: Vec<VariantSummary>,
}

/// One variant over its seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct VariantSummary {
    /// Label of the variant.
    pub variant: String,
    /// Section of the report.
    pub section: Option<String>,
    /// Name of the model.
    pub model: String,
    /// Name of the data set, with the settings that distinguish it from others of the same name in the plan.
    pub data: String,
    /// `true` if the model is fitted in closed form: its seeds are repeats of one computation.
    pub closed_form: bool,
    /// Trials of the variant, one per seed.
    pub trials: Vec<TrialState>,
    /// Figures of its finished trials, in the order in which they were measured.
    pub figures: Vec<FigureSummary>,
}

/// One figure of one variant over its seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureSummary {
    /// Identity of the figure.
    pub figure: Figure,
    /// Trials that have a value and whose model did not collapse. Rates and costs are over all.
    pub trials: Vec<TrialId>,
    /// Values, in the order of `trials`.
    pub values: Vec<f64>,
    /// Spread of the values over seeds; `None` without values.
    pub spread: Option<Spread>,
    /// Mean of the trials' standard errors over test images. More test images shrink it; more seeds do not.
    pub se_test: Option<f64>,
    /// Smallest number of images, draws or windows behind a value; `None` if it is unknown.
    pub images: Option<u64>,
    /// Distinct reasons for absent values, and remarks on values.
    pub reasons: Vec<String>,
    /// Role on the common scale of log-likelihood, as the figure declares it.
    pub likelihood: Option<Likelihood>,
}

impl FigureSummary {
    /// The interval of a rate of seeds, or of a share that is 0 or 1 for every seed; `None` for other figures, whose interval
    /// is that of `spread`.
    #[must_use]
    pub fn share_interval(&self) -> Option<Interval> {
        share::interval(&self.figure, &self.values, self.images)
    }
}

impl Summary {
    /// Summarises `records`. A trial of the plan without a record counts as not run.
    #[must_use]
    pub fn of(plan: &Plan, records: &[Record]) -> Self {
        let data = labelled_data(plan);
        let label = |spec: &DataSpec| {
            let found = data.iter().find(|(known, _)| known.is_same(spec));
            found.map_or_else(|| spec.name.clone(), |(_, label)| label.clone())
        };
        let by_id: HashMap<TrialId, &Record> = records.iter().map(|record| (record.trial.id(), record)).collect();
        let mut index = HashMap::new();
        let mut gathered: Vec<(VariantSummary, CollectedFigures)> = Vec::new();
        for trial in &plan.trials {
            let at = *index.entry(trial.variant.as_str()).or_insert_with(|| {
                let variant = VariantSummary {
                    variant: trial.variant.clone(),
                    section: trial.section.clone(),
                    model: trial.model.name.clone(),
                    data: label(&trial.data),
                    closed_form: plan.closed_form.contains(&trial.variant),
                    trials: Vec::new(),
                    figures: Vec::new(),
                };
                gathered.push((variant, CollectedFigures::default()));
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
                figures.add(record, &state);
            }
            variant.trials.push(state);
        }
        let finish = |(variant, figures): (VariantSummary, CollectedFigures)| VariantSummary {
            figures: figures.finish(),
            ..variant
        };
        Self {
            grid: plan.grid.clone(),
            about: plan.about.clone(),
            variants: gathered.into_iter().map(finish).collect(),
        }
    }
}

/// Distinct data sets of a plan, each with its label.
pub(crate) fn labelled_data(plan: &Plan) -> Vec<(&DataSpec, String)> {
    let mut data: Vec<&DataSpec> = Vec::new();
    for trial in &plan.trials {
        if !data.iter().any(|known| known.is_same(&trial.data)) {
            data.push(&*trial.data);
        }
    }
    let labels = data_labels(&data);
    data.into_iter().zip(labels).collect()
}

impl VariantSummary {
    /// Number of trained and measured trials.
    #[must_use]
    pub fn done(&self) -> usize {
        self.trials.iter().filter(|trial| trial.done()).count()
    }

    /// Number of trials that ended without being done.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.trials.iter().filter(|trial| trial.failed()).count()
    }

    /// Number of done trials whose model has collapsed; `None` without the measure `collapse`.
    #[must_use]
    pub fn collapsed(&self) -> Option<usize> {
        let measured = self.trials.iter().any(|trial| trial.collapse.is_some());
        measured.then(|| self.trials.iter().filter(|trial| trial.collapsed()).count())
    }

    /// Number of failed or collapsed trials, and number of ended trials.
    #[must_use]
    pub fn lost(&self) -> (usize, usize) {
        (self.failed() + self.collapsed().unwrap_or_default(), self.done() + self.failed())
    }

    /// Share of [`VariantSummary::lost`] trials among the ended ones; `None` if no trial has ended.
    #[must_use]
    pub fn failure_rate(&self) -> Option<f64> {
        let (lost, ended) = self.lost();
        (ended > 0).then(|| lost as f64 / ended as f64)
    }

    /// Exact 95% interval of the failure rate, by Clopper and Pearson.
    #[must_use]
    pub fn failure_interval(&self) -> Option<Interval> {
        let (lost, ended) = self.lost();
        rate(lost, ended)
    }

    /// Number of trials without an outcome.
    #[must_use]
    pub fn not_run(&self) -> usize {
        self.trials.iter().filter(|trial| trial.not_run()).count()
    }

    /// Numbers of failed, missing and collapsed seeds, such as `3 of 5 seeds collapsed`.
    pub(crate) fn failure_counts(&self) -> Vec<String> {
        let mut counts: Vec<(String, usize)> = Vec::new();
        for trial in self.trials.iter().filter(|trial| !trial.done() || trial.collapsed()) {
            let (status, _) = trial.status_and_reason();
            match counts.iter_mut().find(|(known, _)| *known == status) {
                Some((_, number)) => *number += 1,
                None => counts.push((status, 1)),
            }
        }
        let all = protocol::text::count(self.trials.len(), "seed");
        counts.into_iter().map(|(status, number)| format!("{number} of {all} {status}")).collect()
    }

    /// Lists failed, missing and collapsed seeds with their reasons, such as `seeds 1, 2 diverged: loss was not finite
    /// after step 40`.
    #[must_use]
    pub fn failures(&self) -> Vec<String> {
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for trial in self.trials.iter().filter(|trial| !trial.done() || trial.collapsed()) {
            let (status, reason) = trial.status_and_reason();
            let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
            let text = format!("{status}{reason}");
            match groups.iter_mut().find(|(known, _)| *known == text) {
                Some((_, seeds)) => seeds.push(trial.seed.to_string()),
                None => groups.push((text, vec![trial.seed.to_string()])),
            }
        }
        let line = |(text, seeds): (String, Vec<String>)| match seeds.len() {
            1 => format!("seed {} {text}", seeds[0]),
            2..=6 => format!("seeds {} {text}", seeds.join(", ")),
            n => format!("{n} seeds {text}"),
        };
        groups.into_iter().map(line).collect()
    }
}
