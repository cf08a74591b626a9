//! Targets of the timing pass: trials to be timed, with number and length of their windows.

use std::collections::HashSet;

use analysis::store::Record;
use analysis::{TIMING, store};
use protocol::{GridDir, Machine, MeasureSpec, Measurement, Plan, TakenBy};

use crate::machine::host;
use crate::options::RunOptions;

/// A trial to be timed.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) record: Record,
    pub(super) spec: MeasureSpec,
    /// Largest number of windows of each kind, at least one.
    pub(super) windows: u64,
    /// Length of a window, in seconds.
    pub(super) seconds: f64,
    /// Relative standard error at which timing stops.
    pub(super) precision: f64,
}

impl Target {
    /// Figures of the timing pass on other machines.
    pub(super) fn timed_elsewhere(&self, here: &Machine) -> Vec<Measurement> {
        let elsewhere =
            |figure: &&Measurement| figure.machine.as_ref().is_some_and(|machine| machine.words() != here.words());
        self.record.measurements.iter().filter(elsewhere).cloned().collect()
    }
}

/// This machine with the adapter of `device`, if the options name it.
pub(super) fn this_machine(device: &str, options: &RunOptions) -> Machine {
    let adapter = options.adapters.get(device).cloned().unwrap_or_default();
    Machine { adapter, ..Machine::of(&host(1), None) }
}

/// Selects per variant the first finished trial with a measure of the timing pass. Variants with figures of this
/// processor and the adapter of their device are skipped unless `fresh` is set.
pub(super) fn targets(plan: &Plan, grid: &GridDir, options: &RunOptions) -> Vec<Target> {
    let records = store::records(grid, plan);
    let timed: HashSet<&str> = records
        .iter()
        .filter(|record| !options.fresh && timed_here(record, options))
        .map(|record| record.trial.variant.as_str())
        .collect();
    let mut seen = HashSet::new();
    let mut targets = Vec::new();
    for record in records.iter().filter(|record| record.is_done()) {
        let measures = &record.trial.measure;
        let Some(spec) = measures.iter().find(|spec| spec.taken_by() == TakenBy::TimingPass) else { continue };
        let variant = record.trial.variant.as_str();
        if timed.contains(variant) || !seen.insert(variant) {
            continue;
        }
        let spec = spec.clone();
        let windows = spec.config["windows"].as_u64().unwrap_or(5).max(1);
        let seconds = spec.config["seconds"].as_f64().filter(|seconds| *seconds > 0.0).unwrap_or(0.3);
        // Trials of earlier versions have no `precision`: all their windows are timed.
        let precision = spec.config["precision"].as_f64().unwrap_or(0.0);
        targets.push(Target { record: record.clone(), spec, windows, seconds, precision });
    }
    targets
}

/// The first finished trial of each variant, for a duel of two builds.
pub(crate) fn duel_targets(plan: &Plan, grid: &GridDir) -> Vec<Record> {
    let mut seen = HashSet::new();
    let records = store::records(grid, plan).into_iter();
    records.filter(|record| record.is_done() && seen.insert(record.trial.variant.clone())).collect()
}

/// Returns whether an earlier pass on this processor and adapter has written a value; a pass whose worker failed has
/// written reasons only. An adapter that the options do not name counts as any.
fn timed_here(record: &Record, options: &RunOptions) -> bool {
    let device = record.trial.device.as_str();
    let here = this_machine(device, options);
    let any_adapter = device != "flex" && here.adapter.is_empty();
    let is_here = |machine: &Machine| {
        (machine.cpu == here.cpu || here.cpu.is_empty()) && (any_adapter || machine.adapter == here.adapter)
    };
    let value = |figure: &Measurement| figure.value.is_some() && figure.name != TIMING;
    // Only figures of the timing pass name their machine.
    let timed = |figure: &&Measurement| figure.machine.as_deref().is_some_and(is_here);
    record.measurements.iter().filter(timed).any(value)
}
