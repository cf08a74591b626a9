//! Dispatcher: one thread that owns the queue, the running trials, the progress display and the summary.

mod launch;
mod limits;
mod slots;
mod stop;
mod worker_exit;

use std::collections::{BTreeMap, VecDeque};
use std::io::Write;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

use analysis::duration;
use protocol::{FolderLock, Status};
use slots::Pools;
use stop::Stop;

use crate::error::{RunError, at};
use crate::options::RunOptions;
use crate::outcome_class::{Termination, TrialHistory};
use crate::progress::view::View;
use crate::progress::{Snapshot, TrialDurations};
use crate::summary::RunSummary;
use crate::trial_folder::{Entry, TraceTail, status_under_lock};
use crate::worker_process::{Exit, ProcessHandle};

/// Runs the open entries in processes of this machine, until they have ended.
pub(crate) fn on_this_machine(
    entries: &[Entry],
    options: &RunOptions,
    out: &mut dyn Write,
) -> Result<RunSummary, RunError> {
    let mut view = View::new(options.show, out);
    let summary = Dispatcher::new(entries, options, &mut view).run();
    view.close();
    summary
}

/// A trial with a running worker.
struct Running {
    process: ProcessHandle,
    /// Process number of the worker.
    pid: Option<u32>,
    tail: TraceTail,
    snapshot: Snapshot,
    began: Instant,
    /// Offset of this attempt's stderr in the log.
    stderr_from: u64,
    /// The kernel's count of memory kills at the start.
    memory_kills: u64,
    /// Highest step of earlier attempts.
    steps_before: u64,
    /// Reason and time of a termination by this runner.
    termination: Option<(Termination, Instant)>,
}

/// Owner of the state of a run on this machine.
pub(super) struct Dispatcher<'a, 'v> {
    entries: &'a [Entry],
    options: &'a RunOptions,
    view: &'a mut View<'v>,
    pools: Pools,
    running: BTreeMap<usize, Running>,
    /// Trials whose folder another process holds, or that wait for a retry, with the earliest time of the next check.
    watched: Vec<(usize, Instant)>,
    /// Trials that run alone, after all others have ended.
    alone: VecDeque<usize>,
    /// The running one of these trials.
    solo: Option<usize>,
    past: BTreeMap<usize, TrialHistory>,
    /// Number of failures in this run.
    failures: usize,
    /// Time of the last memory check.
    memory_checked: Instant,
    durations: TrialDurations,
    eta: (Instant, Option<f64>),
    stop: Stop,
    fatal: Option<RunError>,
    summary: RunSummary,
    exit_sender: Sender<Exit>,
    exits: Receiver<Exit>,
}

impl<'a, 'v> Dispatcher<'a, 'v> {
    pub(super) fn new(entries: &'a [Entry], options: &'a RunOptions, view: &'a mut View<'v>) -> Self {
        let mut summary = RunSummary::default();
        for entry in entries {
            match &entry.over {
                Some(Status::Done) => summary.skipped.push(entry.id.clone()),
                Some(status) => summary.failed.push((entry.id.clone(), status.clone())),
                None => {}
            }
        }
        let open = entries.iter().enumerate().filter(|(_, entry)| entry.over.is_none());
        let mut pools = Pools::new(open.map(|(index, entry)| (index, entry.trial.device.as_str())), options.jobs);
        let alone: VecDeque<_> = (0..entries.len()).filter(|index| entries[*index].alone).collect();
        alone.iter().for_each(|index| pools.withdraw(*index, &entries[*index].trial.device));
        let (exit_sender, exits) = channel();
        Self {
            entries,
            options,
            view,
            pools,
            running: BTreeMap::new(),
            watched: Vec::new(),
            alone,
            solo: None,
            past: BTreeMap::new(),
            failures: 0,
            memory_checked: Instant::now(),
            durations: TrialDurations::default(),
            eta: (Instant::now(), None),
            stop: Stop::No,
            fatal: None,
            summary,
            exit_sender,
            exits,
        }
    }

    /// Runs until every trial has ended, or until a request to stop.
    pub(super) fn run(mut self) -> Result<RunSummary, RunError> {
        let began = Instant::now();
        self.print_start();
        loop {
            self.handle_signals();
            if let Err(error) = self.watch() {
                self.give_up(error);
            }
            self.launch_all();
            if self.running.is_empty() && (self.stop != Stop::No || self.nothing_waits()) {
                break;
            }
            self.limit();
            if let Ok(exit) = self.exits.recv_timeout(self.options.tick)
                && let Err(error) = self.handle_exit(exit)
            {
                self.give_up(error);
            }
            self.refresh_view();
        }
        self.print_summary(began);
        self.fatal.map_or(Ok(self.summary), Err)
    }

    fn nothing_waits(&self) -> bool {
        self.pools.is_empty() && self.watched.is_empty() && self.alone.is_empty()
    }

    /// Checks the watched trials: ended ones are recorded, free ones return to the queue.
    fn watch(&mut self) -> Result<(), RunError> {
        if self.stop != Stop::No {
            return Ok(());
        }
        for (index, not_before) in std::mem::take(&mut self.watched) {
            let Entry { dir, trial, .. } = &self.entries[index];
            let lock =
                if Instant::now() < not_before { None } else { FolderLock::take(dir).map_err(at(&dir.lock()))? };
            let Some(lock) = lock else {
                self.watched.push((index, not_before));
                continue;
            };
            match status_under_lock(&lock, dir, trial)? {
                Some(status) => self.over(index, &status, None),
                None => self.pools.put_back(index, &trial.device),
            }
        }
        Ok(())
    }

    /// Records the end of a trial; `seconds` is its duration if this runner ran it.
    fn over(&mut self, index: usize, status: &Status, seconds: Option<f64>) {
        let id = self.entries[index].id.clone();
        match status {
            Status::Done => self.summary.done.push(id),
            failed => self.summary.failed.push((id, failed.clone())),
        }
        let failed = *status != Status::Done;
        let label = self.label(index);
        let duration_text = seconds.map_or(" elsewhere".to_owned(), |seconds| format!(" after {}", duration(seconds)));
        let why = status.reason().map(|why| format!(": {why}")).unwrap_or_default();
        let text = format!("{label}: {}{duration_text}{why}", status.word());
        self.view.message(&text, !failed);
        if failed {
            self.count_failure();
        }
    }

    fn label(&self, index: usize) -> String {
        let trial = &self.entries[index].trial;
        format!("{} seed {}", trial.variant, trial.seed)
    }
}
