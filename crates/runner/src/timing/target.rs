//! Targets of the timing pass: trials to be timed or counted, with number and length of their windows.

use std::collections::HashSet;

use analysis::store::Record;
use analysis::{TIMING, store};
use protocol::{GridDir, Machine, MeasureSpec, Measurement, Plan, TakenBy};

use crate::machine::host;
use crate::options::RunOptions;

/// A trial to be timed, or counted, or both.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) record: Record,
    pub(super) timed: Option<TimedWindows>,
    /// Measure of the counts.
    pub(super) counted: Option<MeasureSpec>,
}

/// A measure of timed windows.
#[derive(Clone, Debug)]
pub(super) struct TimedWindows {
    pub(super) spec: MeasureSpec,
    /// Largest number of windows of each kind, at least one.
    pub(super) windows: u64,
    /// Length of a window, in seconds.
    pub(super) seconds: f64,
    /// Relative standard error at which timing stops.
    pub(super) precision: f64,
}

impl TimedWindows {
    fn of(spec: &MeasureSpec) -> Self {
        Self {
            spec: spec.clone(),
            windows: spec.config["windows"].as_u64().unwrap_or(5).max(1),
            seconds: spec.config["seconds"].as_f64().filter(|seconds| *seconds > 0.0).unwrap_or(0.3),
            // Trials of earlier versions have no `precision`: all their windows are timed.
            precision: spec.config["precision"].as_f64().unwrap_or(0.0),
        }
    }
}

impl Target {
    /// Number of rounds of windows.
    pub(super) fn windows(&self) -> u64 {
        self.timed.as_ref().map_or(0, |timed| timed.windows)
    }

    /// Figures of earlier passes that this pass does not replace: those of other machines and of other measures.
    pub(super) fn kept(&self, here: &Machine) -> Vec<Measurement> {
        let replaced = [self.timed.as_ref().map(|timed| &timed.spec), self.counted.as_ref()];
        let is_kept = |figure: &&Measurement| {
            let is_replaced = replaced.into_iter().flatten().any(|spec| spec.name == figure.measure);
            figure.machine.as_ref().is_some_and(|machine| machine.words() != here.words() || !is_replaced)
        };
        self.record.measurements.iter().filter(is_kept).cloned().collect()
    }
}

/// This machine with the adapter of `device`, if the options name it.
pub(super) fn this_machine(device: &str, options: &RunOptions) -> Machine {
    let adapter = options.adapters.get(device).cloned().unwrap_or_default();
    Machine { adapter, ..Machine::of(&host(1), None) }
}

/// Selects per variant the first finished trial with a measure of the timing pass. Measures of variants with figures of this
/// processor and the adapter of their device are left out unless `fresh` is set.
pub(super) fn targets(plan: &Plan, grid: &GridDir, options: &RunOptions) -> Vec<Target> {
    let records = store::records(grid, plan);
    let taken: HashSet<(&str, &str)> = records
        .iter()
        .filter(|_| !options.fresh)
        .flat_map(|record| measures_taken_here(record, options).map(|measure| (record.trial.variant.as_str(), measure)))
        .collect();
    let mut seen = HashSet::new();
    let mut targets = Vec::new();
    for record in records.iter().filter(|record| record.is_done()) {
        let variant = record.trial.variant.as_str();
        let wanted = |taken_by: TakenBy| {
            let spec = record.trial.measure.iter().find(|spec| spec.taken_by() == taken_by);
            spec.filter(|spec| !taken.contains(&(variant, spec.name.as_str())))
        };
        let (timed, counted) = (wanted(TakenBy::TimingPass).map(TimedWindows::of), wanted(TakenBy::CountingPass));
        if (timed.is_some() || counted.is_some()) && seen.insert(variant) {
            targets.push(Target { record: record.clone(), timed, counted: counted.cloned() });
        }
    }
    targets
}

/// The first finished trial of each variant, for a duel of two builds.
pub(crate) fn duel_targets(plan: &Plan, grid: &GridDir) -> Vec<Record> {
    let mut seen = HashSet::new();
    let records = store::records(grid, plan).into_iter();
    records.filter(|record| record.is_done() && seen.insert(record.trial.variant.clone())).collect()
}

/// Names of the measures with a value from an earlier pass on this processor and adapter. A pass whose worker failed wrote
/// reasons only. An adapter that the options do not name counts as any.
fn measures_taken_here<'a>(record: &'a Record, options: &RunOptions) -> impl Iterator<Item = &'a str> {
    let device = record.trial.device.as_str();
    let here = this_machine(device, options);
    let any_adapter = device != "flex" && here.adapter.is_empty();
    let is_here = move |machine: &Machine| {
        (machine.cpu == here.cpu || here.cpu.is_empty()) && (any_adapter || machine.adapter == here.adapter)
    };
    let value = |figure: &Measurement| figure.value.is_some() && figure.name != TIMING;
    // Only figures of the timing pass name their machine.
    let taken = move |figure: &&Measurement| figure.machine.as_deref().is_some_and(&is_here);
    record.measurements.iter().filter(taken).filter(move |figure| value(figure)).map(|figure| figure.measure.as_str())
}
