//! One block: a fresh process of each build, whose windows alternate.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use analysis::Record;
use protocol::timing::{Reply, Window};

use super::outcome::{Costs, Side};
use super::{DuelOptions, WINDOWS};
use crate::error::{RunError, at};
use crate::options::RunOptions;
use crate::timing::{TimingWorker, median};
use crate::worker_process::{command, stderr_log};

/// Most pairs of windows of each kind in a block. The median of their ratios counts, so that disturbed windows do no harm.
const PAIRS: usize = 80;
/// Fewest pairs of windows of each kind in a block, if windows are long.
const LEAST_PAIRS: usize = 4;
/// Time for the pairs of each kind.
const KIND: Duration = Duration::from_millis(800);
/// Shortest time that a process gets to load the trial, and for each window.
const PATIENCE: Duration = Duration::from_secs(30);
/// Step of the size of the environment, in bytes. It is no divisor of a page.
const PADDING: usize = 1_021;

/// A process of one build.
struct Process {
    side: Side,
    worker: TimingWorker,
    start_s: f64,
}

/// Ratios of the pairs of one kind of window.
#[derive(Clone, Default)]
struct Ratios {
    /// Logarithms of how much slower this build is.
    losses: Vec<f64>,
    spent: Duration,
}

/// Ratios of a pair of processes.
pub(super) struct Block {
    /// Ratios by kind of window; the error is the reason why there is no such window.
    losses: BTreeMap<Window, Result<Ratios, String>>,
    costs: Vec<(Side, Costs)>,
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
        for (at, side) in in_turn(index).into_iter().enumerate() {
            let padding = PADDING * (1 + (5 * (2 * index + at)) % 16);
            match started(record, options, duel, (side, padding), stop)? {
                Ok((worker, start_s)) => processes.push(Process { side, worker, start_s }),
                Err(reason) => return Ok(Err(format!("{side}: {reason}"))),
            }
        }
        let mut losses: BTreeMap<Window, Result<Ratios, String>> = BTreeMap::new();
        for (pair, window) in (0..PAIRS).flat_map(|pair| WINDOWS.map(|window| (pair, window))) {
            let Ok(known) = losses.entry(window).or_insert_with(|| Ok(Ratios::default())) else { continue };
            if pair >= LEAST_PAIRS && known.spent >= KIND {
                continue;
            }
            let began = Instant::now();
            match timed(&mut processes, (options, duel), pair, window, stop) {
                Ok(Ok(loss)) => {
                    known.losses.push(loss);
                    known.spent += began.elapsed();
                }
                Ok(Err(absent)) => {
                    losses.insert(window, Err(absent));
                }
                Err(reason) => return Ok(Err(reason)),
            }
        }
        let costs = processes.into_iter().map(|Process { side, worker, start_s }| {
            let memory_mib = worker.peak_memory_mib();
            worker.finish(options.grace);
            (side, Costs { start_s, memory_mib })
        });
        Ok(Ok(Self { losses, costs: costs.collect() }))
    }

    /// Logarithm of how much slower this build is; the error is the reason why there is no such window.
    pub(super) fn loss(&self, window: Window) -> Result<f64, String> {
        let ratios = self.losses.get(&window).cloned().unwrap_or_else(|| Err("not timed".to_owned()))?;
        median(ratios.losses).ok_or_else(|| "not timed".to_owned())
    }

    pub(super) fn costs(&self, wanted: Side) -> impl Iterator<Item = Costs> {
        self.costs.iter().filter(move |(side, _)| *side == wanted).map(|(_, costs)| *costs)
    }
}

/// Both sides. They take turns to come first.
fn in_turn(turn: usize) -> [Side; 2] {
    if turn.is_multiple_of(2) { [Side::Baseline, Side::Run] } else { [Side::Run, Side::Baseline] }
}

/// Times a pair of windows, one after the other, and returns the logarithm of how much slower this build is. The inner error
/// is the reason why the model has no such window, the outer one why a worker could not time it.
fn timed(
    processes: &mut [Process],
    (options, duel): (&RunOptions, &DuelOptions),
    pair: usize,
    window: Window,
    stop: &mut dyn FnMut() -> bool,
) -> Result<Result<f64, String>, String> {
    let mut loss = 0.0;
    for side in in_turn(pair) {
        let Some(process) = processes.iter_mut().find(|process| process.side == side) else { continue };
        let reply = process.worker.window_until(window, duel.window_s, patience(options, duel), stop);
        match reply.map_err(|reason| format!("{side}: {reason}"))? {
            Reply::Timed { units, seconds, .. } if units > 0 && seconds > 0.0 => {
                let seconds = (seconds / units as f64).ln();
                loss += if side == Side::Run { seconds } else { -seconds };
            }
            Reply::Absent { reason } => return Ok(Err(reason)),
            reply => return Err(format!("{side}: the timing worker sent {reply:?}")),
        }
    }
    Ok(Ok(loss))
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
