//! Counts of both builds. One process of each suffices, because they hardly vary.

use analysis::Record;
use analysis::gate::GateVerdict;
use protocol::Unit;

use super::DuelOptions;
use super::block::{patience, started};
use super::outcome::Side;
use crate::error::RunError;
use crate::options::RunOptions;
use crate::timing::{Counted, count, per_unit};

/// A count of both builds, per unit of work: a training step, 100 evaluated images, or 100 samples.
#[derive(Clone, Debug, PartialEq)]
pub struct CountPair {
    /// Name of the figure, such as `train_allocations`.
    pub figure: String,
    /// Its unit.
    pub unit: Unit,
    /// Largest relative difference between two runs of one program.
    pub margin: f64,
    /// Count of the other build.
    pub baseline: f64,
    /// Count of this build.
    pub run: f64,
}

impl CountPair {
    /// The verdict: worse, if this build counts more, beyond the margin.
    #[must_use]
    pub fn verdict(&self) -> GateVerdict {
        GateVerdict::of_counts(self.baseline, self.run, self.margin * self.baseline)
    }
}

/// Counts of both builds for a trial; the error is the reason why they cannot be compared.
pub(super) fn counts(
    record: &Record,
    options: &RunOptions,
    duel: &DuelOptions,
    stop: &mut dyn FnMut() -> bool,
) -> Result<Result<Vec<CountPair>, String>, RunError> {
    let mut sides = Vec::new();
    for side in [Side::Baseline, Side::Run] {
        let counted = match started(record, options, duel, (side, 0), stop)? {
            Ok((mut worker, _)) => {
                let counted = count(&mut worker, patience(options, duel), stop);
                worker.finish(options.grace);
                counted
            }
            Err(reason) => Err(reason),
        };
        match counted {
            Ok(counts) => sides.push(per_unit(&record.trial.device, &Ok(counts))),
            Err(reason) => return Ok(Err(format!("{side}: {reason}"))),
        }
    }
    let [before, after] = [sides.remove(0), sides.remove(0)];
    let pair = |(before, after): (Counted, Counted)| {
        let (baseline, run) = (before.value.ok()?, after.value.ok()?);
        let margin = after.counter.margin()?;
        Some(CountPair { figure: after.name, unit: after.counter.unit(), margin, baseline, run })
    };
    Ok(Ok(before.into_iter().zip(after).filter_map(pair).collect()))
}
