//! State of a watched grid, updated by polls of its files.

use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime};
use std::{fs, io};

use protocol::{GridDir, Plan, Status, Trial, TrialDir, Unreadable, final_status, outcome_in};

use super::state::{RunningTrial, WatchState};
use crate::progress::view::Row;
use crate::progress::{ActiveTrial, Snapshot, TrialDurations, WaitingTrial};
use crate::trial_folder::TraceTail;

/// A grid with the last known state of its trials.
pub(super) struct WatchedGrid {
    grid: GridDir,
    /// Modification time and length of `plan.json`, which another run may replace.
    planned: (SystemTime, u64),
    trials: Vec<WatchedTrial>,
    durations: TrialDurations,
    first_refresh: bool,
}

/// Last known state of a trial.
struct WatchedTrial {
    trial: Trial,
    dir: TrialDir,
    tail: TraceTail,
    snapshot: Snapshot,
    /// `true` if its last worker has started and its trace records no end.
    running: bool,
    /// Age of the trace at the first poll, and the time of that poll; then zero and the time of the last event.
    idle: (Duration, Instant),
    over: Option<Status>,
    /// A record that cannot be used. The next run replaces it or lists it.
    unreadable: Option<Unreadable>,
}

/// A change since the last poll.
pub(super) struct Change {
    pub(super) text: String,
    pub(super) good: bool,
}

impl WatchedGrid {
    pub(super) fn open(grid: &GridDir) -> io::Result<Self> {
        let planned = stamp(grid)?;
        let plan = Plan::read(grid)?;
        let trials = plan.trials.into_iter().map(|trial| WatchedTrial::new(grid, trial)).collect();
        Ok(Self { grid: grid.clone(), planned, trials, durations: TrialDurations::default(), first_refresh: true })
    }

    /// Polls the trials that have not ended. Returns their changes.
    pub(super) fn refresh(&mut self) -> io::Result<Vec<Change>> {
        if stamp(&self.grid)? != self.planned {
            *self = Self::open(&self.grid)?;
        }
        let mut changes = Vec::new();
        for watched in self.trials.iter_mut().filter(|watched| watched.over.is_none()) {
            let before = watched.running;
            watched.refresh();
            match &watched.over {
                Some(status) => {
                    let why = status.reason().map(|why| format!(": {why}")).unwrap_or_default();
                    let text = format!("{}: {}{why}", watched.label(), status.word());
                    changes.push(Change { text, good: *status == Status::Done });
                    if *status == Status::Done
                        && let Ok(Some(outcome)) = outcome_in(&watched.dir)
                    {
                        self.durations.finished(&watched.trial.variant, watched.trial.train.steps, outcome.train_s);
                    }
                }
                None if watched.running && !before => {
                    changes.push(Change { text: format!("{}: running", watched.label()), good: true })
                }
                None => {}
            }
        }
        // The first poll finds the state, not changes.
        let changes = if self.first_refresh { Vec::new() } else { changes };
        self.first_refresh = false;
        Ok(changes)
    }

    pub(super) fn len(&self) -> usize {
        self.trials.len()
    }

    pub(super) fn over(&self) -> usize {
        self.trials.iter().filter(|watched| !watched.open()).count()
    }

    fn running(&self) -> impl Iterator<Item = (usize, &WatchedTrial)> {
        self.trials.iter().enumerate().filter(|(_, watched)| watched.open() && watched.running)
    }

    pub(super) fn rows(&self) -> Vec<Row<'_>> {
        let mut rows = Vec::new();
        for (key, watched) in self.running() {
            rows.push(Row { key, label: watched.label(), snapshot: &watched.snapshot, note: watched.idle_note() });
        }
        rows
    }

    /// Estimate of the seconds left, with as many slots as trials are running.
    pub(super) fn eta_s(&self) -> Option<f64> {
        if self.over() == self.len() {
            return Some(0.0);
        }
        let going: Vec<_> = self
            .running()
            .map(|(_, watched)| ActiveTrial {
                pool: &watched.trial.device,
                variant: &watched.trial.variant,
                steps: watched.trial.train.steps,
                elapsed_s: watched.snapshot.last_s(),
                left_s: watched.snapshot.left_s(),
                step_s: watched.snapshot.step_s(),
            })
            .collect();
        let mut slots = BTreeMap::new();
        for (_, watched) in self.running() {
            *slots.entry(watched.trial.device.clone()).or_insert(0) += 1;
        }
        let waiting = self.trials.iter().filter(|watched| watched.open() && !watched.running);
        let waiting = waiting.map(|watched| WaitingTrial {
            pool: &watched.trial.device,
            variant: &watched.trial.variant,
            steps: watched.trial.train.steps,
        });
        self.durations.eta_s(&going, waiting, &slots)
    }

    pub(super) fn state(&self) -> WatchState {
        let mut counts = BTreeMap::new();
        let mut failed = Vec::new();
        for watched in &self.trials {
            match &watched.over {
                Some(status) => {
                    *counts.entry(status.word()).or_default() += 1;
                    if let Some(why) = status.reason() {
                        failed.push(format!("{}: {}: {why}", watched.label(), status.word()));
                    }
                }
                None if let Some(unreadable) = &watched.unreadable => {
                    *counts.entry("unreadable").or_default() += 1;
                    failed.push(format!("{}: {unreadable}; {}", watched.label(), unreadable.help()));
                }
                None => *counts.entry(if watched.running { "running" } else { "waiting" }).or_default() += 1,
            }
        }
        let running =
            self.rows().iter().map(|row| RunningTrial { label: row.label.clone(), progress: row.text() }).collect();
        WatchState { grid: name(&self.grid), counts, running, failed, eta_s: self.eta_s() }
    }
}

impl WatchedTrial {
    fn new(grid: &GridDir, trial: Trial) -> Self {
        let dir = grid.trial(&grid.id(&trial));
        let age = fs::metadata(dir.trace()).and_then(|about| about.modified()).ok().and_then(|at| at.elapsed().ok());
        Self {
            tail: TraceTail::from_start(dir.trace()),
            dir,
            trial,
            snapshot: Snapshot::default(),
            running: false,
            idle: (age.unwrap_or_default(), Instant::now()),
            over: None,
            unreadable: None,
        }
    }

    fn refresh(&mut self) {
        let status = final_status(&self.dir, &self.trial);
        self.unreadable = status.as_ref().err().map(Unreadable::of);
        self.over = status.unwrap_or_default();
        if self.over.is_some() {
            return;
        }
        let first = self.snapshot == Snapshot::default();
        let events = self.tail.read();
        if !events.is_empty() && !first {
            self.idle = (Duration::ZERO, Instant::now());
        }
        for event in &events {
            if event.name == "trace_started" {
                self.snapshot = Snapshot::default();
            }
            self.running = event.name != "trace_ended";
            self.snapshot.absorb(event);
        }
    }

    /// Returns whether the trial runs or waits.
    fn open(&self) -> bool {
        self.over.is_none() && self.unreadable.is_none()
    }

    fn label(&self) -> String {
        format!("{} seed {}", self.trial.variant, self.trial.seed)
    }

    /// Note on a trial without new events. Its files do not distinguish a killed worker from a slow one.
    fn idle_note(&self) -> Option<String> {
        const NOTE_AFTER: Duration = Duration::from_secs(60);
        let idle = self.idle.0 + self.idle.1.elapsed();
        (idle > NOTE_AFTER).then(|| format!("nothing new for {}", analysis::duration(idle.as_secs_f64())))
    }
}

fn stamp(grid: &GridDir) -> io::Result<(SystemTime, u64)> {
    let about = fs::metadata(grid.plan_json())?;
    Ok((about.modified()?, about.len()))
}

fn name(grid: &GridDir) -> String {
    grid.0.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
