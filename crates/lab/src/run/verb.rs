//! The two verbs: run a plan, time what it has left.

use std::io::{Write, stderr};
use std::time::Instant;

use super::dispatch::Dispatcher;
use super::prepare::prepare;
use super::timing::{self, TimingSummary};
use super::view::View;
use super::{RunError, RunOptions, RunSummary};
use crate::Plan;

/// Runs every trial of the plan that is not over yet, with progress on stderr.
///
/// # Errors
/// The results folder cannot be written or read, or no worker can be started. A trial that fails
/// is no error: see [`RunSummary::exit_code`].
pub fn run(plan: &Plan, options: &RunOptions) -> Result<RunSummary, RunError> {
    run_to(plan, options, &mut stderr())
}

/// As [`run`], with progress lines written to `out`; bars still go to stderr.
///
/// # Errors
/// As for [`run`].
pub fn run_to(plan: &Plan, options: &RunOptions, out: &mut dyn Write) -> Result<RunSummary, RunError> {
    if options.worker.is_empty() || options.time && options.timing_worker.is_empty() {
        return Err(RunError::NoWorker);
    }
    let _listening = options.interrupts.listen();
    let began = Instant::now();
    let entries = prepare(plan, options)?;
    let mut summary = {
        let mut view = View::new(options.show, &mut *out);
        let summary = Dispatcher::new(&entries, options, &mut view).run();
        view.close();
        summary?
    };
    if options.time && !summary.stopped {
        let mut view = View::new(options.show, out);
        let timing = timing::pass(plan, options, &mut view);
        view.close();
        summary.timing = Some(timing?);
    }
    summary.wall_s = began.elapsed().as_secs_f64();
    Ok(summary)
}

/// Times one finished trial of each variant that asks for `throughput`, one at a time, with
/// progress on stderr. What is timed already is skipped unless `options.fresh`.
///
/// # Errors
/// The results folder cannot be written or read, or no timing worker can be started.
pub fn time(plan: &Plan, options: &RunOptions) -> Result<TimingSummary, RunError> {
    time_to(plan, options, &mut stderr())
}

/// As [`time`], with progress lines written to `out`; bars still go to stderr.
///
/// # Errors
/// As for [`time`].
pub fn time_to(plan: &Plan, options: &RunOptions, out: &mut dyn Write) -> Result<TimingSummary, RunError> {
    if options.timing_worker.is_empty() {
        return Err(RunError::NoWorker);
    }
    let _listening = options.interrupts.listen();
    let mut view = View::new(options.show, out);
    let summary = timing::pass(plan, options, &mut view);
    view.close();
    summary
}
