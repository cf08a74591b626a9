//! The timing pass: batches of workers, rounds of windows, written figures.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use protocol::text::count;
use protocol::timing::{Reply, Window};
use protocol::{GridDir, Machine, Measurement, Plan, TrialId, atomic};

use super::counters::{self, WindowCounts};
use super::figures::figures;
use super::rates::are_precise;
use super::target::{Target, targets, this_machine};
use super::timing_worker::TimingWorker;
use super::window_rows::{Row, save};
use crate::error::{RunError, at};
use crate::machine::{cores, load};
use crate::options::RunOptions;
use crate::progress::view::{RunProgress, View};
use crate::worker_process::{command, stderr_log};

/// Largest number of loaded workers; each holds a model and a data set in memory.
const AT_ONCE: usize = 16;
/// Longest window of the unit of a device's speed, in seconds: on a CPU it has over a hundred matrix products.
const UNIT_S: f64 = 0.1;
/// Number of kinds of windows of a trial.
const KINDS: usize = 4;

/// Longest time for the counts of a window.
const COUNT_LIMIT: Duration = Duration::from_secs(120);

/// Summary of a timing pass.
#[derive(Clone, Debug, Default)]
pub struct TimingSummary {
    /// Timed trials.
    pub timed: Vec<TrialId>,
    /// Trials that could not be timed, with the reason, which their absent figures have as well.
    pub failed: Vec<(TrialId, String)>,
    /// `true` if the pass was stopped. The trials of the interrupted batch have no figures.
    pub stopped: bool,
}

/// A trial of the current batch.
struct TimedTrial<'a> {
    target: &'a Target,
    worker: Result<TimingWorker, String>,
    /// Counts of a worker that counts; the error is the reason why there are none.
    counts: Result<WindowCounts, String>,
    absent: BTreeMap<Window, String>,
    rows: Vec<Row>,
    machine: Machine,
}

/// Counts and times all targets of the plan, and writes their figures.
pub(crate) fn pass(plan: &Plan, options: &RunOptions, view: &mut View<'_>) -> Result<TimingSummary, RunError> {
    let grid = GridDir::new(&options.results, &plan.grid);
    let targets = targets(plan, &grid, options);
    let mut summary = TimingSummary::default();
    if targets.is_empty() {
        return Ok(summary);
    }
    let remark = busy(load(), cores());
    if let Some(remark) = &remark {
        view.message(&format!("timing on a busy machine: {remark}"), false);
    }
    view.message(&format!("timing {} in turn", count(targets.len(), "variant")), true);
    let mut meter = Meter::new(&targets);
    for batch in targets.chunks(AT_ONCE) {
        let began = Instant::now();
        let Some(timed) = time_batch(batch, options, view, &mut meter)? else {
            summary.stopped = true;
            break;
        };
        let rows: Vec<_> = timed.iter().flat_map(|timed| timed.rows.iter().cloned()).collect();
        let share_s = began.elapsed().as_secs_f64() / batch.len() as f64;
        let path = grid.file("timing.csv");
        if batch.iter().any(|target| target.timed.is_some()) {
            save(&path, &rows).map_err(at(&path))?;
        }
        for TimedTrial { target, worker, counts, absent, rows, machine } in timed {
            let failed = worker.as_ref().err().map(String::as_str);
            let path = target.record.dir.throughput();
            let mut new: Vec<Measurement> = Vec::new();
            if let Some(timed) = &target.timed {
                new.extend(figures(
                    timed,
                    &target.record.trial.device,
                    &rows,
                    &absent,
                    failed,
                    remark.as_deref(),
                    share_s,
                ));
            }
            if let Some(spec) = &target.counted {
                new.extend(counters::figures(spec, &target.record.trial.device, &counts));
            }
            let mut kept = target.kept(&machine);
            kept.extend(new.into_iter().map(|figure| figure.on_machine(machine.clone())));
            atomic::write_json(&path, &kept).map_err(at(&path))?;
            let id = target.record.id.clone();
            match worker {
                Ok(worker) => {
                    worker.finish(options.grace);
                    summary.timed.push(id);
                }
                Err(why) => {
                    view.message(&format!("{}: not timed: {why}", target.record.trial.variant), false);
                    summary.failed.push((id, why));
                }
            }
        }
    }
    let how_many = (summary.timed.len(), summary.failed.len());
    view.message(&format!("timed {}, {} failed", count(how_many.0, "variant"), how_many.1), true);
    Ok(summary)
}

/// Loads the workers of a batch, takes their counts, then times their windows in turn. `None` if stopped.
fn time_batch<'a>(
    batch: &'a [Target],
    options: &RunOptions,
    view: &mut View<'_>,
    meter: &mut Meter,
) -> Result<Option<Vec<TimedTrial<'a>>>, RunError> {
    let mut stopped = false;
    let mut stop = || {
        stopped |= options.interrupts.take_interrupt() | options.interrupts.take_terminate();
        stopped
    };
    let mut timed = Vec::new();
    for target in batch {
        let worker = Ok(start(target, options)?);
        let machine = this_machine(&target.record.trial.device, options);
        let counts = Err("it was not counted".to_owned());
        timed.push(TimedTrial { target, worker, counts, absent: BTreeMap::new(), rows: Vec::new(), machine });
    }
    // Loading uses the processor: no window before all workers are ready.
    let until = Instant::now() + options.ready;
    for timed in &mut timed {
        if let Some(machine) = timed.request(|worker| worker.ready(until, &mut stop)).flatten() {
            timed.machine = machine;
        }
    }
    for timed in timed.iter_mut().filter(|timed| timed.target.counted.is_some()) {
        if stop() {
            return Ok(None);
        }
        timed.counts = match timed.request(|worker| counters::count(worker, COUNT_LIMIT, &mut stop)) {
            Some(counts) => Ok(counts),
            None => Err(timed.worker.as_ref().err().cloned().unwrap_or_default()),
        };
    }
    meter.begin();
    let most = batch.iter().map(Target::windows).max().unwrap_or(0);
    let mut rounds = 0;
    while rounds < most
        && timed.iter().any(|timed| timed.windows().iter().any(|window| timed.wants(rounds + 1, *window)))
    {
        rounds += 1;
        // The order rotates, because a window after a demanding one may run on a hotter processor.
        timed.rotate_left(1);
        for timed in &mut timed {
            // Training and the unit of speed want the same rounds: both are asked before either is timed.
            let windows = timed.windows();
            let wanted = windows.map(|window| timed.wants(rounds, window));
            for (window, wanted) in windows.into_iter().zip(wanted) {
                if stop() {
                    return Ok(None);
                }
                if wanted {
                    timed.window(rounds, window);
                }
                if rounds <= timed.target.windows() {
                    meter.tick();
                }
                view.show(&meter.progress());
            }
        }
    }
    meter.leave_out(batch, rounds);
    let turned = rounds as usize % timed.len().max(1);
    timed.rotate_right(turned);
    Ok((!stop()).then_some(timed))
}

fn start(target: &Target, options: &RunOptions) -> Result<TimingWorker, RunError> {
    let dir = &target.record.dir;
    let log = stderr_log(dir, "timing worker").map_err(at(&dir.stderr()))?;
    let command =
        command(&options.timing_worker, dir, &target.record.trial.device, options).ok_or(RunError::NoWorker)?;
    let program = command.get_program().to_string_lossy().into_owned();
    TimingWorker::start(command, log).map_err(|source| RunError::Worker { command: program, source })
}

impl TimedTrial<'_> {
    /// Sends a request to the worker unless it has failed; the first failure ends the worker.
    fn request<T>(&mut self, send: impl FnOnce(&mut TimingWorker) -> Result<T, String>) -> Option<T> {
        match send(self.worker.as_mut().ok()?) {
            Ok(reply) => Some(reply),
            Err(why) => {
                self.worker = Err(why);
                None
            }
        }
    }

    /// Kinds of windows, in the order in which they are timed.
    fn windows(&self) -> [Window; KINDS] {
        Window::of_device(&self.target.record.trial.device)
    }

    /// Returns whether a kind of window is timed in a round: it is possible, left, and not precise yet.
    fn wants(&self, round: u64, window: Window) -> bool {
        let is_possible = self.worker.is_ok() && !self.absent.contains_key(&window);
        let Some(timed) = self.target.timed.as_ref().filter(|_| is_possible) else { return false };
        round <= timed.windows && !are_precise(&self.rows, window, timed.precision)
    }

    /// Times one window of a round.
    fn window(&mut self, round: u64, window: Window) {
        let most = if matches!(window, Window::Gemm | Window::Sweep) { UNIT_S } else { f64::INFINITY };
        let Some(timed) = &self.target.timed else { return };
        let seconds = timed.seconds.min(most);
        match self.request(|worker| worker.window(window, seconds)) {
            Some(Reply::Timed { units, images, seconds }) => {
                let (variant, trial) = (self.target.record.trial.variant.clone(), self.target.record.id.clone());
                self.rows.push(Row { variant, trial, round, window, units, images, seconds });
            }
            Some(Reply::Absent { reason }) => {
                self.absent.insert(window, reason);
            }
            Some(Reply::Ready { .. } | Reply::Counted { .. }) | None => {}
        }
    }
}

/// Remark on figures that were measured while other processes were running.
fn busy(load: Option<f64>, cores: usize) -> Option<String> {
    let load = load.filter(|load| *load > cores as f64)?;
    Some(format!("1-minute load average {load:.1} on {cores} cores when timing began"))
}

/// Progress of the windows, and estimate of the time left.
struct Meter {
    over: usize,
    total: usize,
    began: Instant,
    began_at: usize,
}

impl Meter {
    fn new(targets: &[Target]) -> Self {
        let total = targets.iter().map(|target| target.windows() as usize * KINDS).sum();
        Self { over: 0, total, began: Instant::now(), began_at: 0 }
    }

    /// Starts the clock when the workers of a batch are loaded.
    fn begin(&mut self) {
        (self.began, self.began_at) = (Instant::now(), self.over);
    }

    fn tick(&mut self) {
        self.over += 1;
    }

    /// Counts the windows after a round as over: no more of the batch are timed.
    fn leave_out(&mut self, batch: &[Target], round: u64) {
        let left = batch.iter().map(|target| target.windows().saturating_sub(round) as usize * KINDS);
        self.over += left.sum::<usize>();
    }

    fn progress(&self) -> RunProgress<'static> {
        let pace = self.began.elapsed().as_secs_f64() / (self.over - self.began_at).max(1) as f64;
        let eta_s = Some(pace * (self.total - self.over) as f64);
        RunProgress { unit: "windows", over: self.over, total: self.total, eta_s, rows: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_machine_gives_a_remark() {
        assert_eq!(busy(Some(1.9), 2), None);
        assert_eq!(busy(None, 2), None);
        assert_eq!(busy(Some(3.25), 2).unwrap(), "1-minute load average 3.2 on 2 cores when timing began");
    }
}
