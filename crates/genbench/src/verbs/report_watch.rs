//! `report --watch`: a page that follows a running grid.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use analysis::{ReportContext, Results, ResultsStamp};
use protocol::exit;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use super::results;
use crate::cli::ReportArgs;
use crate::failure::Failure;
use crate::output::{self, note};
use crate::registry::Registry;

/// Longest wait before a signal is noticed.
const TICK: Duration = Duration::from_millis(100);

/// Writes the page whenever results change, until all trials have ended or a signal arrives. The last page does not load
/// itself again. Nothing else is written, so that the runner of the grid is not disturbed.
pub(super) fn report_watch(args: &ReportArgs, registry: &Registry) -> Result<u8, Failure> {
    if args.table.quiet {
        output::be_quiet();
    }
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // A second signal ends the process while a page is written.
        flag::register_conditional_default(signal, Arc::clone(&stop))?;
        flag::register(signal, Arc::clone(&stop))?;
    }
    let (mut built, mut told) = (None, BTreeSet::new());
    loop {
        let (folder, plan) = results::plan(&args.table.result)?;
        // Before the results are read, so that the next poll finds a later change.
        let stamp = ResultsStamp::of(&folder, &plan);
        let is_last = stamp.is_over() || stop.load(Ordering::Relaxed);
        if is_last || built.as_ref() != Some(&stamp) {
            let read = results::of(folder, plan, registry);
            warn(&read, &mut told);
            match (write(read, args, is_last), built.is_some() && !is_last) {
                (Ok(()), _) => {}
                // A file may have been replaced while it was read.
                (Err(error), true) => note!("warning: {}", error.to_string().trim_start_matches("error: ")),
                (Err(error), false) => return Err(error),
            }
            built = Some(stamp);
        }
        if is_last {
            return Ok(exit::DONE);
        }
        wait(args.every, &stop);
    }
}

/// Writes the page and prints a line.
fn write(results: Results, args: &ReportArgs, is_last: bool) -> Result<(), Failure> {
    let results = match &args.table.out {
        Some(folder) => results.written_to(folder.clone()),
        None => results,
    };
    let reload_s = (!is_last).then(|| args.every.as_secs().max(1));
    let written = analysis::watched_report(&results, &ReportContext { reload_s, ..results::context() })?;
    if !args.table.quiet {
        let mut out = output::people();
        writeln!(out, "{}: {}", written.html.display(), written.trials)?;
        out.flush()?;
    }
    Ok(())
}

/// Prints each record that cannot be used once.
fn warn(results: &Results, told: &mut BTreeSet<String>) {
    let unreadable = results.records().iter().filter_map(|record| record.unreadable.as_ref());
    results::list_unreadable(unreadable.filter(|one| told.insert(one.to_string())));
}

/// Waits for the next poll, or for a signal.
fn wait(every: Duration, stop: &AtomicBool) {
    let until = Instant::now() + every;
    while !stop.load(Ordering::Relaxed) {
        match until.checked_duration_since(Instant::now()) {
            Some(left) if !left.is_zero() => thread::sleep(left.min(TICK)),
            _ => return,
        }
    }
}
