//! One block: four fresh processes in the order baseline, run, run, baseline.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use analysis::Record;
use protocol::timing::{Reply, Window};

use super::outcome::{Costs, Side};
use super::{DuelOptions, WINDOWS};
use crate::error::{RunError, at};
use crate::options::RunOptions;
use crate::timing::TimingWorker;
use crate::worker_process::{command, stderr_log};

/// Order of the processes.
const ORDER: [Side; 4] = [Side::Baseline, Side::Run, Side::Run, Side::Baseline];
/// Windows of each kind in a process. The fastest one is taken: other processes only make a window slower.
const REPEATS: usize = 3;
/// Shortest time that a process gets to load the trial, and for each window.
const PATIENCE: Duration = Duration::from_secs(30);
/// Step of the size of the environment, in bytes. It is no divisor of a page.
const PADDING: usize = 1_021;

/// Seconds per unit of work of one process, by kind of window.
type Timings = BTreeMap<Window, Result<f64, String>>;

/// Timings of the four processes.
pub(super) struct Block {
    processes: Vec<(Side, Timings, Costs)>,
}

impl Block {
    /// Runs a block. The inner error is the reason why a worker could not time the trial.
    pub(super) fn run(
        record: &Record,
        options: &RunOptions,
        duel: &DuelOptions,
        index: usize,
        stop: &mut dyn FnMut() -> bool,
    ) -> Result<Result<Self, String>, RunError> {
        let mut processes = Vec::new();
        for (at, side) in ORDER.into_iter().enumerate() {
            let padding = PADDING * (1 + (5 * (4 * index + at)) % 16);
            match process(record, options, duel, (side, padding), stop)? {
                Ok((timings, costs)) => processes.push((side, timings, costs)),
                Err(reason) => {
                    let name = if side == Side::Run { "this build" } else { "the other build" };
                    return Ok(Err(format!("{name}: {reason}")));
                }
            }
        }
        Ok(Ok(Self { processes }))
    }

    /// Logarithm of how much slower this build is; the error is the reason why there is no such window.
    pub(super) fn loss(&self, window: Window) -> Result<f64, String> {
        let mut sum = 0.0;
        for (side, timings, _) in &self.processes {
            let seconds = timings.get(&window).cloned().unwrap_or_else(|| Err("not timed".to_owned()))?;
            sum += if *side == Side::Run { seconds.ln() } else { -seconds.ln() };
        }
        Ok(sum / 2.0)
    }

    pub(super) fn costs(&self, wanted: Side) -> impl Iterator<Item = Costs> {
        self.processes.iter().filter(move |(side, ..)| *side == wanted).map(|(.., costs)| *costs)
    }
}

/// Starts a worker and times its windows in turn.
fn process(
    record: &Record,
    options: &RunOptions,
    duel: &DuelOptions,
    (side, padding): (Side, usize),
    stop: &mut dyn FnMut() -> bool,
) -> Result<Result<(Timings, Costs), String>, RunError> {
    let patience = patience(options, duel);
    let (mut worker, start_s) = match started(record, options, duel, (side, padding), stop)? {
        Ok(started) => started,
        Err(reason) => return Ok(Err(reason)),
    };
    let mut timings = Timings::new();
    for window in std::iter::repeat_n(WINDOWS, REPEATS).flatten() {
        if matches!(timings.get(&window), Some(Err(_))) {
            continue;
        }
        match worker.window_until(window, duel.window_s, patience, stop) {
            Ok(Reply::Timed { units, seconds, .. }) if units > 0 && seconds > 0.0 => {
                let seconds = seconds / units as f64;
                let known = timings.entry(window).or_insert(Ok(seconds));
                *known = known.clone().map(|known| known.min(seconds));
            }
            Ok(Reply::Absent { reason }) => {
                timings.insert(window, Err(reason));
            }
            Ok(reply) => return Ok(Err(format!("the timing worker sent {reply:?}"))),
            Err(reason) => return Ok(Err(reason)),
        }
    }
    let memory_mib = worker.peak_memory_mib();
    worker.finish(options.grace);
    Ok(Ok((timings, Costs { start_s, memory_mib })))
}

/// Starts a worker and waits until it is ready. Returns it with the time that this took, in seconds.
pub(super) fn started(
    record: &Record,
    options: &RunOptions,
    duel: &DuelOptions,
    (side, padding): (Side, usize),
    stop: &mut dyn FnMut() -> bool,
) -> Result<Result<(TimingWorker, f64), String>, RunError> {
    let words = if side == Side::Run { &options.timing_worker } else { &duel.baseline };
    let dir = &record.dir;
    let mut command = command(words, dir, &record.trial.device, options).ok_or(RunError::NoWorker)?;
    command.env("GENBENCH_PADDING", "x".repeat(padding));
    let program = command.get_program().to_string_lossy().into_owned();
    let log = stderr_log(dir, "timing worker").map_err(at(&dir.stderr()))?;
    let began = Instant::now();
    let worker = TimingWorker::start(command, log);
    let mut worker = worker.map_err(|source| RunError::Worker { command: program, source })?;
    let ready = worker.ready(began + patience(options, duel), stop);
    Ok(ready.map(|_| (worker, began.elapsed().as_secs_f64())))
}

/// A worker that hangs costs the budget, not the time that a large model may take to load.
pub(super) fn patience(options: &RunOptions, duel: &DuelOptions) -> Duration {
    duel.budget.max(PATIENCE).min(options.ready)
}
