//! Collection of a baseline from the results of a grid.

use std::collections::{BTreeSet, HashMap};

use protocol::text::portable;
use protocol::{Direction, Trial, TrialId, is_rate};
use serde_json::Value;

use super::baseline::{BASELINE_SCHEMA, Baseline, BaselineFigure, BaselineSeed, BaselineVariant, SeedState, SeedValue};
use super::counter::is_counter;
use super::image_terms::StoredTerms;
use super::machine_class::MachineClass;
use super::primary::is_repeated_in_nats;
use super::speed::is_speed;
use crate::compare::ImageTerms;
use crate::results::Results;
use crate::summary::{FigureSummary, TrialState, VariantSummary};

impl Baseline {
    /// The baseline of all results.
    #[must_use]
    pub fn of(results: &Results) -> Self {
        Self::of_seeds(results, |_, _| true)
    }

    /// The baseline of the seeds that `other` has, too, for pairs of trials. A variant that shares fewer than two seeds with its
    /// counterpart keeps all of its seeds: one pair shows no spread.
    #[must_use]
    pub fn matching(results: &Results, other: &Self) -> Self {
        let seeds = |variant: &BaselineVariant| variant.seeds.iter().map(|seed| seed.seed).collect::<BTreeSet<u64>>();
        let theirs: HashMap<&str, BTreeSet<u64>> =
            other.variants.iter().map(|variant| (variant.trial.variant.as_str(), seeds(variant))).collect();
        let mut common: HashMap<&str, usize> = HashMap::new();
        for trial in &results.plan().trials {
            let label = trial.variant.as_str();
            let is_common = theirs.get(label).is_some_and(|seeds| seeds.contains(&trial.seed));
            *common.entry(label).or_default() += usize::from(is_common);
        }
        let has_pairs = |label: &str| common.get(label).is_some_and(|pairs| *pairs > 1);
        Self::of_seeds(results, |label, seed| !has_pairs(label) || theirs[label].contains(&seed))
    }

    /// The baseline of the seeds that are done in `own`, which is that of all results, and in `other`. A variant without such a
    /// seed keeps all of its seeds.
    #[must_use]
    pub(crate) fn paired(results: &Results, own: &Self, other: &Self) -> Self {
        let done = |run: &Self, label: &str| -> BTreeSet<u64> {
            let variant = run.variants.iter().find(|variant| variant.trial.variant == label);
            let seeds = variant.into_iter().flat_map(|variant| &variant.seeds);
            seeds.filter(|seed| seed.state == SeedState::Done).map(|seed| seed.seed).collect()
        };
        let labels = own.variants.iter().map(|variant| variant.trial.variant.as_str());
        let common: HashMap<&str, BTreeSet<u64>> =
            labels.map(|label| (label, &done(own, label) & &done(other, label))).collect();
        let keep =
            |label: &str, seed: u64| common.get(label).is_none_or(|seeds| seeds.is_empty() || seeds.contains(&seed));
        Self::of_seeds(results, keep)
    }

    fn of_seeds(results: &Results, keep: impl Fn(&str, u64) -> bool) -> Self {
        let outcomes = || results.records().iter().filter_map(|record| record.outcome.as_ref());
        let terms = ImageTerms::of(results.grid());
        let trials: HashMap<&str, &[Trial]> =
            results.plan().variants().map(|trials| (trials[0].variant.as_str(), trials)).collect();
        let variant = |summed: &VariantSummary| {
            let of_plan = trials.get(summed.variant.as_str())?;
            Some(variant(summed, of_plan, &terms, &|seed| keep(&summed.variant, seed)))
        };
        let single_build = results.builds() == 1;
        Self {
            schema: BASELINE_SCHEMA,
            grid: results.plan().grid.clone(),
            ended_unix_ms: outcomes().map(|outcome| outcome.ended_unix_ms).max().unwrap_or_default(),
            genbench: outcomes().next().map(|outcome| outcome.genbench.clone()).unwrap_or_default(),
            build: outcomes().find_map(|outcome| outcome.build.clone()).filter(|_| single_build),
            machine: MachineClass::of(results.records()),
            variants: results.summary().variants.iter().filter_map(variant).collect(),
        }
    }
}

fn variant(
    summed: &VariantSummary,
    trials: &[Trial],
    terms: &ImageTerms,
    keep: &dyn Fn(u64) -> bool,
) -> BaselineVariant {
    let kept: Vec<&TrialState> = summed.trials.iter().filter(|state| keep(state.seed)).collect();
    let seed_of = |id: &TrialId| kept.iter().find(|state| state.id == *id).map(|state| state.seed);
    let scored = |one: &&FigureSummary| {
        let figure = &one.figure;
        let is_score = figure.direction != Direction::Neither
            && !figure.volatile
            && figure.control.is_none()
            && !is_rate(&figure.name);
        (is_score && !is_repeated_in_nats(figure, &summed.figures)) || is_speed(figure) || is_counter(figure)
    };
    BaselineVariant {
        trial: portable_trial(&trials[0]),
        closed_form: summed.closed_form,
        seeds: kept.iter().map(|state| seed(state)).collect(),
        figures: summed.figures.iter().filter(scored).filter_map(|one| figure(one, &seed_of, terms)).collect(),
    }
}

fn seed(state: &TrialState) -> BaselineSeed {
    let outcome = match state {
        _ if state.not_run() => SeedState::NotRun,
        _ if state.collapsed() => SeedState::Collapsed,
        _ if state.done() => SeedState::Done,
        _ => SeedState::Failed,
    };
    let (word, reason) = state.status_and_reason();
    let reason = match (outcome, reason) {
        (SeedState::Done, _) => None,
        (_, Some(reason)) => Some(format!("{word}: {}", portable(reason))),
        (_, None) => Some(word),
    };
    BaselineSeed { seed: state.seed, trial: state.id.clone(), state: outcome, reason }
}

/// A figure over the kept seeds; `None` if none of them has a value.
fn figure(
    one: &FigureSummary,
    seed_of: &dyn Fn(&TrialId) -> Option<u64>,
    terms: &ImageTerms,
) -> Option<BaselineFigure> {
    let (mut values, mut kept) = (Vec::new(), FigureSummary { trials: Vec::new(), values: Vec::new(), ..one.clone() });
    for (id, value) in one.trials.iter().zip(&one.values) {
        if let Some(seed) = seed_of(id) {
            values.push(SeedValue { seed, value: *value });
            kept.trials.push(id.clone());
            kept.values.push(*value);
        }
    }
    let averaged = terms.averaged(&kept).map(|terms| StoredTerms::of(&terms));
    (!values.is_empty()).then(|| BaselineFigure {
        figure: one.figure.clone(),
        n: one.images,
        se: one.se_test,
        values,
        terms: averaged,
    })
}

/// A trial whose paths do not name folders of this machine.
fn portable_trial(trial: &Trial) -> Trial {
    let mut record = serde_json::to_value(trial).unwrap_or(Value::Null);
    shorten(&mut record["data"]["config"]);
    serde_json::from_value(record).unwrap_or_else(|_| trial.clone())
}

fn shorten(value: &mut Value) {
    match value {
        Value::String(text) => *text = portable(text),
        Value::Array(values) => values.iter_mut().for_each(shorten),
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
