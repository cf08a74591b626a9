//! Entry points: run a plan, and time its finished trials.

use std::io::Write;
use std::time::Instant;

use protocol::{GridDir, Plan};

use crate::error::RunError;
use crate::executors::{Executor, Local};
use crate::machine::can_be_watched;
use crate::options::RunOptions;
use crate::progress::view::View;
use crate::runner_file::RunnerFile;
use crate::summary::RunSummary;
use crate::timing::TimingSummary;
use crate::trial_folder::prepare;
use crate::{executors, timing};

/// Runs every trial of the plan that has not ended, with progress lines on `out`; bars go to stderr.
///
/// # Errors
/// The results folder cannot be written or read, or no worker can be started. A failed trial is no error: see
/// [`RunSummary::exit_code`].
pub fn run_to(plan: &Plan, options: &RunOptions, out: &mut dyn Write) -> Result<RunSummary, RunError> {
    run_on(&Local, plan, options, out)
}

/// Like [`run_to`], on another executor. A cluster that is not followed has its trials in the queue when this returns.
///
/// # Errors
/// As for [`run_to`], and the executor may refuse the work.
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
    let _guard = options.interrupts.listen();
    let began = Instant::now();
    // Ended jobs are recorded before failures are retried.
    executors::collect(executor, plan, options)?;
    let entries = prepare(plan, options)?;
    // If this file cannot be written, the next write reports the error.
    let _runner_file = RunnerFile::create(&GridDir::new(&options.results, &plan.grid), &options.interrupts).ok();
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

/// Runs the timing pass on one finished trial per variant, for variants with a measure of the timing pass, with progress
/// lines on `out`; bars go to stderr. Trials with figures are skipped unless `options.fresh` is set.
///
/// # Errors
/// The results folder cannot be written or read, or no timing worker can be started.
pub fn time_to(plan: &Plan, options: &RunOptions, out: &mut dyn Write) -> Result<TimingSummary, RunError> {
    if options.timing_worker.is_empty() {
        return Err(RunError::NoWorker);
    }
    let _guard = options.interrupts.listen();
    let mut view = View::new(options.show, out);
    let summary = timing::pass(plan, options, &mut view);
    view.close();
    summary
}
