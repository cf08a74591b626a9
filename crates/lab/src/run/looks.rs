//! Runs a plan whose seeds grow: one run after each look, until the comparisons are decided or the cap is reached.

use std::collections::HashSet;
use std::io::Write;

use protocol::GridDir;

use super::prepare::forget;
use super::{RunError, RunOptions, RunSummary, Show, run_on, time_to};
use crate::engines::Engine;
use crate::{Plan, looks};

/// Runs a plan and what its looks add to it; the plan in the end, and what came of it. The timing pass comes last.
/// An engine that leaves trials in a queue is asked again by the next call.
///
/// # Errors
/// As for [`run_on`].
pub fn run_until_decided(
    engine: &dyn Engine,
    plan: &Plan,
    options: &RunOptions,
    out: &mut dyn Write,
) -> Result<(Plan, RunSummary), RunError> {
    if plan.compare.looks.is_none() {
        return Ok((plan.clone(), run_on(engine, plan, options, out)?));
    }
    let grid = GridDir::new(&options.results, &plan.grid);
    if options.fresh {
        for trial in &looks::at_most(plan).trials {
            forget(&grid.trial(&trial.id()))?;
        }
    }
    let one = RunOptions { fresh: false, time: false, ..options.clone() };
    let mut plan = looks::due(&grid, plan).map_err(RunError::Record)?;
    let mut done = HashSet::new();
    let mut wall_s = 0.0;
    let mut summary = loop {
        let summary = run_on(engine, &plan, &one, out)?;
        wall_s += summary.wall_s;
        done.extend(summary.done.iter().cloned());
        let next = looks::due(&grid, &plan).map_err(RunError::Record)?;
        let more = next.trials.len() - plan.trials.len();
        if summary.stopped || options.measure_only || more == 0 {
            break summary;
        }
        if options.show != Show::Quiet {
            // Progress is no reason to stop.
            let _ = writeln!(out, "not all is decided: {more} trials more");
        }
        plan = next;
    };
    // What an earlier look has run was not there before.
    let (ours, before) = summary.skipped.into_iter().partition(|id| done.contains(id));
    summary.skipped = before;
    summary.done.extend::<Vec<_>>(ours);
    if options.time && !summary.stopped {
        summary.timing = Some(time_to(&plan, options, out)?);
    }
    summary.wall_s = wall_s;
    Ok((plan, summary))
}
