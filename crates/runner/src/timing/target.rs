//! Targets of the timing pass: trials to be timed, with number and length of their windows.

use std::collections::HashSet;

use analysis::store::Record;
use analysis::{TIMING, store};
use protocol::{GridDir, MeasureSpec, Measurement, Plan, Status, TakenBy, atomic};

/// A trial to be timed.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) record: Record,
    pub(super) spec: MeasureSpec,
    /// Number of windows of each kind, at least one.
    pub(super) windows: u64,
    /// Length of a window, in seconds.
    pub(super) seconds: f64,
}

/// Selects per variant the first finished trial with a measure of the timing pass. Trials with figures are skipped unless
/// `fresh` is set.
pub(super) fn targets(plan: &Plan, grid: &GridDir, fresh: bool) -> Vec<Target> {
    let mut seen = HashSet::new();
    let mut targets = Vec::new();
    for record in store::records(grid, plan) {
        let done = record.outcome.as_ref().is_some_and(|outcome| outcome.status == Status::Done);
        let Some(spec) =
            record.trial.measure.iter().find(|spec| spec.taken_by() == TakenBy::TimingPass).filter(|_| done)
        else {
            continue;
        };
        if !seen.insert(record.trial.variant.clone()) || (!fresh && timed(&record)) {
            continue;
        }
        let spec = spec.clone();
        let windows = spec.config["windows"].as_u64().unwrap_or(5).max(1);
        let seconds = spec.config["seconds"].as_f64().filter(|seconds| *seconds > 0.0).unwrap_or(0.3);
        targets.push(Target { record, spec, windows, seconds });
    }
    targets
}

/// Whether an earlier pass has written a value; a pass whose worker failed has written reasons only.
fn timed(record: &Record) -> bool {
    atomic::read_json::<Vec<Measurement>>(&record.dir.throughput())
        .is_ok_and(|figures| figures.iter().any(|figure| figure.value.is_some() && figure.name != TIMING))
}
