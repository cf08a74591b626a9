//! Instructions of both builds, counted by Callgrind.
//!
//! A worker runs under Callgrind, which counts the instructions of the whole process. The difference between two workers that
//! run the same requests, except for ten more units of one window, is the instructions of these units. Two runs differ by
//! 0.01% on one thread, and by up to some thousand instructions a unit, as threads spin while they wait.

use std::ffi::OsString;
use std::fs;
use std::time::{Duration, Instant};

use analysis::Record;
use analysis::gate::GateVerdict;
use protocol::timing::{Reply, Window};

use super::DuelOptions;
use super::outcome::Side;
use crate::error::{RunError, at};
use crate::options::RunOptions;
use crate::timing::TimingWorker;
use crate::worker_process::{command, stderr_log};

/// Relative difference up to which two counts are equal.
const MARGIN: f64 = 0.001;
/// Instructions up to which two counts are equal: a process that waits for another one spins for some thousand.
const FLOOR: f64 = 5_000.0;
/// The program that counts.
pub const VALGRIND: &str = "valgrind";
/// Units of each window that every worker runs.
const UNITS: u64 = 1;
/// Units of one window that a worker runs in addition.
const MORE_UNITS: u64 = 10;
/// Longest time for one worker and each of its requests: Callgrind is fifty times slower than the processor.
const LIMIT: Duration = Duration::from_secs(1_200);

/// Instructions of both builds per unit of work.
#[derive(Clone, Debug, PartialEq)]
pub struct InstructionPair {
    /// Kind of window.
    pub window: Window,
    /// Instructions of the other build.
    pub baseline: f64,
    /// Instructions of this build.
    pub run: f64,
}

impl InstructionPair {
    /// The verdict: worse, if this build takes more instructions, beyond the margin.
    #[must_use]
    pub fn verdict(&self) -> GateVerdict {
        GateVerdict::of_counts(self.baseline, self.run, FLOOR.max(MARGIN * self.baseline))
    }
}

/// Instructions of both builds for a trial; the error is the reason why they cannot be compared.
pub(super) fn instructions(
    record: &Record,
    options: &RunOptions,
    duel: &DuelOptions,
    stop: &mut dyn FnMut() -> bool,
) -> Result<Result<Vec<InstructionPair>, String>, RunError> {
    let mut sides = Vec::new();
    for side in [Side::Baseline, Side::Run] {
        let words = if side == Side::Run { &options.timing_worker } else { &duel.baseline };
        match of_build(record, options, words, stop)? {
            Ok(windows) => sides.push(windows),
            Err(reason) => return Ok(Err(format!("{side}: {reason}"))),
        }
    }
    let [before, after] = [sides.remove(0), sides.remove(0)];
    let pair = |(window, baseline): (Window, f64)| {
        let (_, run) = after.iter().find(|(one, _)| *one == window)?;
        Some(InstructionPair { window, baseline, run: *run })
    };
    Ok(Ok(before.into_iter().filter_map(pair).collect()))
}

/// Instructions per unit of each window that the model has.
fn of_build(
    record: &Record,
    options: &RunOptions,
    words: &[OsString],
    stop: &mut dyn FnMut() -> bool,
) -> Result<Result<Vec<(Window, f64)>, String>, RunError> {
    let mut total = |more: Option<Window>| worker(record, options, words, more, stop);
    let (least, absent) = match total(None)? {
        Ok(counted) => counted,
        Err(reason) => return Ok(Err(reason)),
    };
    let mut windows = Vec::new();
    for window in Window::OF_MODEL.into_iter().filter(|window| !absent.contains(window)) {
        match total(Some(window))? {
            Ok((all, _)) => windows.push((window, (all - least) / MORE_UNITS as f64)),
            Err(reason) => return Ok(Err(reason)),
        }
    }
    Ok(Ok(windows))
}

/// Instructions of a worker that runs each window, one of them longer; and the windows that the model does not have.
fn worker(
    record: &Record,
    options: &RunOptions,
    words: &[OsString],
    more: Option<Window>,
    stop: &mut dyn FnMut() -> bool,
) -> Result<Result<(f64, Vec<Window>), String>, RunError> {
    let dir = &record.dir;
    let folder = tempfile::tempdir().map_err(at(&std::env::temp_dir()))?;
    let log = folder.path().join("callgrind.log");
    let counter = ["--tool=callgrind", "--trace-children=yes", "--callgrind-out-file=/dev/null"];
    let mut counted: Vec<OsString> = vec![VALGRIND.into()];
    counted.extend(counter.map(OsString::from));
    counted.push(["--log-file=", &log.to_string_lossy()].concat().into());
    counted.extend(words.iter().cloned());
    let command = command(&counted, dir, &record.trial.device, options).ok_or(RunError::NoWorker)?;
    let stderr = stderr_log(dir, "timing worker under Callgrind").map_err(at(&dir.stderr()))?;
    let worker = TimingWorker::start(command, stderr);
    let mut worker = worker.map_err(|source| RunError::Worker { command: VALGRIND.to_owned(), source })?;
    if let Err(reason) = worker.ready(Instant::now() + LIMIT, stop) {
        return Ok(Err(reason));
    }
    let mut absent = Vec::new();
    for window in Window::OF_MODEL {
        let units = if more == Some(window) { UNITS + MORE_UNITS } else { UNITS };
        match worker.count_until(window, units, LIMIT, stop) {
            Ok(Reply::Counted { .. }) => {}
            Ok(Reply::Absent { .. }) => absent.push(window),
            Ok(reply) => return Ok(Err(format!("the timing worker sent {reply:?}"))),
            Err(reason) => return Ok(Err(reason)),
        }
    }
    worker.finish(LIMIT);
    let text = fs::read_to_string(&log).map_err(at(&log))?;
    Ok(collected(&text).map(|total| (total, absent)).ok_or_else(|| "Callgrind reported no instructions".to_owned()))
}

/// The number of instructions in Callgrind's log.
fn collected(log: &str) -> Option<f64> {
    let line = log.lines().rev().find_map(|line| line.split_once("Collected : "))?;
    line.1.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_are_read_from_the_log() {
        let log = "==7== Callgrind, a call-graph generating cache profiler\n==7== Events    : Ir\n==7== Collected : 2164021\n==7==\n";
        assert_eq!(collected(log), Some(2_164_021.0));
        assert_eq!(collected("==7== Events    : Ir\n"), None);
    }

    #[test]
    fn a_tenth_of_a_percent_is_equal() {
        use GateVerdict::{Better, Equivalent, Identical, Worse};
        let verdict = |baseline, run| InstructionPair { window: Window::Train, baseline, run }.verdict();
        for (run, wanted) in [(1e7, Identical), (1.0009e7, Equivalent), (1.0011e7, Worse), (0.99e7, Better)] {
            assert_eq!(verdict(1e7, run), wanted, "{run}");
        }
        assert_eq!(verdict(50_000.0, 50_300.0), Equivalent, "the loader");
    }
}
