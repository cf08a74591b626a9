//! The two verbs: run a plan, time what it has left.

use std::io::{Write, stderr};
use std::time::Instant;

use protocol::GridDir;

use crate::error::RunError;
use crate::executors;
use crate::executors::{Executor, Local};
use crate::machine::can_be_watched;
use crate::options::RunOptions;
use crate::presence::Presence;
use crate::progress::view::View;
use crate::summary::RunSummary;
use crate::timing;
use crate::timing::TimingSummary;
use crate::trial_folder::prepare;
use protocol::Plan;

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
    run_on(&Local, plan, options, out)
}

/// As [`run_to`], on another executor. A cluster's queue is where most of the time is spent: unless it is
/// followed, the trials are left when this returns.
///
/// # Errors
/// As for [`run`], and the executor may not take the work.
pub fn run_on(
    executor: &dyn Executor,
    plan: &Plan,
    options: &RunOptions,
    out: &mut dyn Write,
) -> Result<RunSummary, RunError> {
    if options.worker.is_empty() || options.time && options.timing_worker.is_empty() {
        return Err(RunError::NoWorker);
    }
    if options.memory.is_some() && !can_be_watched() {
        return Err(RunError::Memory);
    }
    let _listening = options.interrupts.listen();
    let began = Instant::now();
    // What has died since the last call is written down before failures are taken back.
    executors::collect(executor, plan, options)?;
    let entries = prepare(plan, options)?;
    // Where that cannot be written, nothing else can, or nothing is to be done: no reason to end here.
    let _presence = Presence::announce(&GridDir::new(&options.results, &plan.grid), &options.interrupts).ok();
    let mut summary = executor.work(&entries, options, out)?;
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
