//! Costs of two runs: training time, parameters, peak memory, training speed, counts that differ.

use std::collections::BTreeSet;

use protocol::timing::steps_per_unit;
use serde::Serialize;

use super::pair::Common;
use crate::costs::short_duration;
use crate::gate::{Baseline, MachineClass};
use crate::report::grouped;
use crate::results::Results;
use crate::store::Record;
use crate::summary::Spread;
use crate::tables::{digits_after_point, readable};

/// One cost of one variant in two runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CostPair {
    /// Label of the variant in the other run.
    pub variant: String,
    /// Name of the cost in words.
    pub cost: String,
    /// Unit of the values; empty for a number.
    pub unit: String,
    /// Mean over the seeds of the first run; `None` without a value.
    pub first: Option<f64>,
    /// Mean over the seeds of the other run; `None` without a value.
    pub other: Option<f64>,
    /// Other run divided by first run; `None` if they cannot be compared.
    pub ratio: Option<f64>,
    /// 99% interval of the ratio of two speeds; `None` for other costs.
    pub interval: Option<[f64; 2]>,
    /// Verdict on two speeds or counts; `None` for other costs, whose error is unknown.
    pub verdict: Option<String>,
}

/// Figures that are costs, with their names in words and `true` if they depend on the machine.
const FIGURES: [(&str, &str, bool); 2] = [("parameters", "parameters", false), ("peak_memory", "peak memory", true)];
/// Name of the training time.
const TRAINING: &str = "training time";
/// Name of the training speed in units of a product of a fixed matrix.
const SPEED: &str = "training speed";

impl CostPair {
    fn of(variant: &str, cost: &str, unit: &str, [first, other]: [Option<f64>; 2], compared: bool) -> Option<Self> {
        let ratio = first.zip(other).filter(|(first, other)| compared && *first > 0.0 && *other > 0.0);
        (first.is_some() || other.is_some()).then(|| Self {
            variant: variant.to_owned(),
            cost: cost.to_owned(),
            unit: unit.to_owned(),
            first,
            other,
            ratio: ratio.map(|(first, other)| other / first),
            interval: None,
            verdict: None,
        })
    }

    /// Name with the unit of a value that is printed without one.
    pub(super) fn head(&self) -> String {
        match self.unit.as_str() {
            "" | "s" => self.cost.clone(),
            unit => format!("{}, {unit}", self.cost),
        }
    }

    /// Returns whether both runs have equal bits.
    pub(super) fn is_equal(&self) -> bool {
        self.first.zip(self.other).is_some_and(|(first, other)| first.to_bits() == other.to_bits())
    }

    /// A value for people; only a time has its unit.
    pub(super) fn text(&self, value: Option<f64>) -> String {
        match (value, self.unit.as_str()) {
            (None, _) => "—".to_owned(),
            (Some(value), "s") => short_duration(value),
            (Some(value), "") => grouped(&readable(value, if value.fract() == 0.0 { 0 } else { 2 })),
            (Some(value), _) => {
                let short = format!("{value:.2e}").parse().unwrap_or(value);
                grouped(&readable(short, digits_after_point(short, 3)))
            }
        }
    }

    /// The ratio with its interval, for people.
    pub(super) fn ratio_text(&self) -> String {
        match (self.ratio, self.interval) {
            (None, _) => "—".to_owned(),
            (Some(1.0), None) => "equal".to_owned(),
            (Some(ratio), None) => format!("× {ratio:.2}"),
            (Some(ratio), Some([low, high])) => format!("× {ratio:.2} [{low:.2}, {high:.2}]"),
        }
    }
}

/// Costs of all common variants, and the reason why times and memory are not compared.
pub(super) fn costs(
    runs: [&Results; 2],
    baselines: &[Baseline; 2],
    common: &[Common<'_>],
    letters: [&str; 2],
) -> (Vec<CostPair>, Option<String>) {
    let (mut pairs, mut note) = (Vec::new(), None);
    for one in common {
        let labels = [one.first, one.finding.variant.as_str()];
        let variant = one.finding.variant.as_str();
        let done = [0, 1].map(|at| done(runs[at], &baselines[at], labels[at]));
        let [first, other] = done.each_ref().map(|records| machine(records));
        let same_machine = first == other && first != MachineClass::default();
        if !same_machine && note.is_none() && done.iter().all(|records| !records.is_empty()) {
            let [a, b] = letters;
            note = Some(format!("Times and memory are not compared: {a} ran on {first}, {b} on {other}."));
        }
        let seconds = done.each_ref().map(|records| mean(records, |record| Some(record.outcome.as_ref()?.train_s)));
        pairs.extend(CostPair::of(variant, TRAINING, "s", seconds, same_machine));
        for (name, words, depends) in FIGURES {
            let unit = done.iter().flatten().find_map(|record| {
                record.measurements.iter().find(|figure| figure.name == name).map(|figure| figure.unit)
            });
            let unit = unit.map(crate::report::unit_text).unwrap_or_default();
            let values = done.each_ref().map(|records| mean(records, |record| value(record, name)));
            pairs.extend(CostPair::of(variant, words, &unit, values, same_machine || !depends));
        }
        if let Some(speed) = &one.finding.speed {
            let values = done
                .each_ref()
                .map(|records| mean(records, |record| value(record, steps_per_unit(&record.trial.device))));
            let pair = CostPair::of(variant, SPEED, "steps per unit of work", values, false);
            pairs.extend(pair.map(|pair| CostPair {
                ratio: speed.ratio,
                interval: speed.interval.map(|interval| [interval.low, interval.high]),
                verdict: speed.ratio.map(|_| speed.verdict.word().to_lowercase()),
                ..pair
            }));
        }
        // Equal counts are left out.
        let differing = one.finding.counters.iter().filter(|counter| counter.run != counter.baseline);
        for counter in differing {
            let unit = crate::report::unit_text(counter.unit);
            let pair = CostPair::of(variant, &counter.figure, &unit, [counter.baseline, counter.run], true);
            pairs.extend(pair.map(|pair| CostPair { verdict: Some(counter.verdict.word().to_lowercase()), ..pair }));
        }
    }
    (pairs, note)
}

/// Records of the finished trials of a variant, for the compared seeds.
fn done<'a>(results: &'a Results, baseline: &Baseline, label: &str) -> Vec<&'a Record> {
    let variant = baseline.variants.iter().find(|known| known.trial.variant == label);
    let seeds: BTreeSet<u64> = variant.iter().flat_map(|variant| &variant.seeds).map(|one| one.seed).collect();
    let here = |record: &&Record| record.trial.variant == label && seeds.contains(&record.trial.seed);
    results.records().iter().filter(here).filter(|record| record.is_done()).collect()
}

fn machine(records: &[&Record]) -> MachineClass {
    MachineClass::of(records.iter().copied())
}

fn value(record: &Record, name: &str) -> Option<f64> {
    record.measurements.iter().find(|figure| figure.name == name)?.value
}

fn mean(records: &[&Record], of: impl Fn(&Record) -> Option<f64>) -> Option<f64> {
    let values: Vec<f64> = records.iter().filter_map(|record| of(record)).filter(|value| value.is_finite()).collect();
    Spread::of(&values).map(|spread| spread.mean)
}
