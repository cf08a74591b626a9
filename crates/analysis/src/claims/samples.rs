//! Lookup of the quantities of claims in the results of a grid.

use std::collections::BTreeMap;

use protocol::claim::{FAILED, has_settings};
use protocol::text::count;
use protocol::timing::Counter;
use protocol::{Direction, FigureName, GridDir, Kind, Machine, Quantity, TrialId, Unit};
use serde_json::Value;

use super::rate::Rate;
use super::sample::Sample;
use crate::compare::ImageTerms;
use crate::store::Record;
use crate::summary::{FigureSummary, Summary, VariantSummary};

/// Results that claims are judged by.
pub(super) struct Samples<'a> {
    pub(super) grid: &'a GridDir,
    pub(super) summary: &'a Summary,
    pub(super) records: &'a [Record],
}

/// A quantity of the results.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Found {
    /// A mean over seeds.
    Mean(Sample),
    /// A rate over the seeds that have run, and the number of those that have not.
    Rate { rate: Rate, variant: String, not_run: usize },
}

impl Samples<'_> {
    /// Finds a figure, a control, a rate or a time.
    ///
    /// # Errors
    /// The reason why there is none, in words.
    pub(super) fn find(&self, quantity: &Quantity) -> Result<Found, String> {
        match quantity {
            Quantity::Figure(name) => self.figure(name, None).map(Found::Mean),
            Quantity::Control { of, control } => self.figure(of, Some(control)).map(Found::Mean),
            Quantity::Wall { variant } => self.wall(self.variant(variant)?).map(Found::Mean),
            Quantity::Rate(name) => self.rate(name),
            other => Err(format!("{other} is no result")),
        }
    }

    fn variant(&self, label: &str) -> Result<&VariantSummary, String> {
        let found = self.summary.variants.iter().find(|variant| variant.variant == label);
        found.ok_or_else(|| format!("the variant {label} is not in the plan"))
    }

    fn summed<'v>(
        &self,
        variant: &'v VariantSummary,
        name: &FigureName,
        control: Option<&str>,
    ) -> Result<&'v FigureSummary, String> {
        let is_named = |summed: &&FigureSummary| {
            let figure = &summed.figure;
            let settings = serde_json::from_str(&figure.settings).unwrap_or(Value::Null);
            has_settings(&settings, &name.settings)
                && match control {
                    None => figure.name == name.figure,
                    Some(label) => {
                        figure.control.as_ref().is_some_and(|one| one.of == name.figure && one.label == label)
                    }
                }
        };
        let found: Vec<&FigureSummary> = variant.figures.iter().filter(is_named).collect();
        let with_values: Vec<&FigureSummary> = found.iter().copied().filter(|one| !one.values.is_empty()).collect();
        let shown = control.map_or_else(|| name.to_string(), |label| format!("control({name}, {label})"));
        match (with_values.as_slice(), found.as_slice()) {
            ([one], _) => Ok(one),
            ([], [absent, ..]) => {
                let reasons = absent.reasons.join("; ");
                Err(format!(
                    "{shown} has no value: {}",
                    if reasons.is_empty() { "no reason was recorded" } else { &reasons }
                ))
            }
            ([], []) if variant.done() == 0 => Err(format!("no seed of {} is done", variant.variant)),
            ([], []) => Err(format!("{shown} was not measured")),
            (several, _) if several.iter().any(|one| one.figure.machine != several[0].figure.machine) => {
                Err(format!("{shown} was measured on several machines"))
            }
            _ => Err(format!("several figures are named {shown}: add settings to the claim")),
        }
    }

    fn figure(&self, name: &FigureName, control: Option<&str>) -> Result<Sample, String> {
        let variant = self.variant(&name.variant)?;
        let summed = self.summed(variant, name, control)?;
        let figure = &summed.figure;
        let is_continuous = matches!(figure.unit, Unit::Nats | Unit::BitsPerDim);
        let values = summed.trials.iter().cloned().zip(summed.values.iter().copied()).collect();
        Ok(Sample {
            direction: figure.direction,
            is_count: (figure.kind == Kind::Exact && figure.unit == Unit::Count && !figure.volatile)
                || Counter::of_exact_figure(&figure.name).is_some(),
            is_continuous,
            se_test: summed.se_test,
            terms: ImageTerms::of(self.grid).averaged(summed).map(|terms| terms.to_vec()),
            is_closed_form: variant.closed_form && is_continuous,
            machines: figure.machine.iter().cloned().collect(),
            ..sample(variant, values)
        })
    }

    /// Training time of each finished trial, in seconds.
    fn wall(&self, variant: &VariantSummary) -> Result<Sample, String> {
        let records: BTreeMap<&TrialId, &Record> = self.records.iter().map(|record| (&record.id, record)).collect();
        let (mut values, mut machines) = (Vec::new(), Vec::new());
        for trial in variant.trials.iter().filter(|trial| trial.done()) {
            let outcome = records.get(&trial.id).and_then(|record| record.outcome.as_ref());
            let Some(outcome) = outcome.filter(|outcome| outcome.train_s.is_finite()) else { continue };
            values.push((trial.id.clone(), outcome.train_s));
            let machine = Machine::of(&outcome.host, outcome.device.as_ref());
            machines.push(machine.words().unwrap_or_else(|| "an unknown machine".to_owned()));
        }
        if values.is_empty() {
            return Err(format!("no seed of {} is done", variant.variant));
        }
        machines.sort_unstable();
        machines.dedup();
        Ok(Sample { direction: Direction::Lower, machines, ..sample(variant, values) })
    }

    fn rate(&self, name: &FigureName) -> Result<Found, String> {
        let variant = self.variant(&name.variant)?;
        let found = |rate, not_run| Found::Rate { rate, variant: name.variant.clone(), not_run };
        if name.figure == FAILED {
            let seeds = variant.done() + variant.failed();
            return Ok(found(Rate { events: variant.failed(), seeds }, variant.not_run()));
        }
        if variant.done() == 0 && variant.not_run() > 0 {
            return Ok(found(Rate { events: 0, seeds: 0 }, variant.not_run()));
        }
        let summed = self.summed(variant, name, None)?;
        if let Some(other) = summed.values.iter().find(|value| ![0.0, 1.0].contains(*value)) {
            return Err(format!("a rate needs a figure of 0 or 1, and {name} has the value {other}"));
        }
        let events = summed.values.iter().filter(|value| **value == 1.0).count();
        Ok(found(Rate { events, seeds: summed.values.len() }, variant.not_run()))
    }
}

/// The values of a variant's trials, with the defaults of a quantity that is no mean over images.
fn sample(variant: &VariantSummary, values: Vec<(TrialId, f64)>) -> Sample {
    let not_run = variant.not_run();
    Sample {
        variant: variant.variant.clone(),
        data: variant.data.clone(),
        lost: variant.trials.len() - not_run - values.len().min(variant.trials.len() - not_run),
        not_run,
        values,
        direction: Direction::Neither,
        is_count: false,
        is_closed_form: false,
        is_continuous: false,
        se_test: None,
        terms: None,
        machines: Vec::new(),
    }
}

/// Seeds that have not run, in words.
pub(super) fn not_run(variant: &str, seeds: usize) -> String {
    format!("{} of {variant} {} not run", count(seeds, "seed"), if seeds == 1 { "has" } else { "have" })
}
