//! Plans whose seeds grow: one run after each interim analysis, until the comparisons are decided or the cap is reached.
//!
//! Planning gives every variant the seeds of the first analysis. [`due`] derives further seeds from the outcomes, so that
//! an interruption changes nothing.

use std::collections::HashSet;
use std::io::Write;

use analysis::{ImageTerms, Summary, seeds_needed};
use protocol::{GridDir, Plan};

use crate::error::RunError;
use crate::executors::Executor;
use crate::options::{RunOptions, Show};
use crate::run::{run_on, time_to};
use crate::summary::RunSummary;
use crate::trial_folder::delete_files;

/// The plan with the seeds that are due by the records in the grid's folder. Without interim analyses, the plan itself. A
/// trial with an unreadable record counts as not run.
#[must_use]
pub fn due(grid: &GridDir, plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    while plan.compare.interim.is_some() {
        let records = analysis::records(grid, &plan);
        let needed = seeds_needed(&Summary::of(&plan, &records), &plan.compare, &ImageTerms::of(grid));
        let grown = plan.with_seeds(|variant| needed.get(variant).copied().unwrap_or_default());
        if grown.trials.len() == plan.trials.len() {
            break;
        }
        plan = grown;
    }
    plan
}

/// Runs a plan and the seeds that its interim analyses add. Returns the final plan and the summary of the run. The timing
/// pass comes last. An executor that leaves trials in a queue is polled again by the next call.
///
/// # Errors
/// As for [`run_on`].
pub fn run_until_decided(
    executor: &dyn Executor,
    plan: &Plan,
    options: &RunOptions,
    out: &mut dyn Write,
) -> Result<(Plan, RunSummary), RunError> {
    if plan.compare.interim.is_none() {
        return Ok((plan.clone(), run_on(executor, plan, options, out)?));
    }
    let grid = GridDir::new(&options.results, &plan.grid);
    if options.fresh {
        for trial in &plan.with_all_seeds().trials {
            delete_files(&grid.trial(&grid.id(trial)))?;
        }
    }
    let one = RunOptions { fresh: false, time: false, ..options.clone() };
    let mut plan = due(&grid, plan);
    let whole = |options: &RunOptions| options.whole.as_ref().map(|whole| due(&grid, whole));
    let mut done = HashSet::new();
    let mut wall_s = 0.0;
    let mut summary = loop {
        let one = RunOptions { whole: whole(options), ..one.clone() };
        let summary = run_on(executor, &plan, &one, out)?;
        wall_s += summary.wall_s;
        done.extend(summary.done.iter().cloned());
        let next = due(&grid, &plan);
        let more = next.trials.len() - plan.trials.len();
        if summary.stopped || options.measure_only || more == 0 {
            break summary;
        }
        if options.show != Show::Quiet {
            // A closed output does not stop the run.
            let _ = writeln!(out, "some comparisons are undecided: {more} more trials");
        }
        plan = next;
    };
    // Trials of an earlier analysis in this run count as done, not as skipped.
    let (ours, before) = summary.skipped.into_iter().partition(|id| done.contains(id));
    summary.skipped = before;
    summary.done.extend::<Vec<_>>(ours);
    if options.time && !summary.stopped {
        summary.timing = Some(time_to(&plan, options, out)?);
    }
    summary.wall_s = wall_s;
    Ok((plan, summary))
}
