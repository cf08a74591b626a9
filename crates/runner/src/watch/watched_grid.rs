//! What has been seen of each trial so far.

use protocol::{final_status, outcome_in};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::time::{Duration, Instant, SystemTime};

use protocol::{GridDir, Status, Trial, TrialDir, atomic};

use super::state::{AtWork, WatchState};
use crate::progress::Snapshot;
use crate::progress::view::Row;
use crate::progress::{Going, Paces, Waiting};
use crate::trial_folder::TraceTail;
use protocol::Plan;

/// A grid and what has been seen of it.
pub(super) struct WatchedGrid {
    grid: GridDir,
    /// When `plan.json` was written, and its length: another run may have planned anew.
    planned: (SystemTime, u64),
    trials: Vec<WatchedTrial>,
    paces: Paces,
    fresh: bool,
}

/// A trial as last seen.
struct WatchedTrial {
    trial: Trial,
    dir: TrialDir,
    tail: TraceTail,
    snapshot: Snapshot,
    /// Whether its last worker has begun and not said that it ended.
    at_work: bool,
    /// How old its trace was when it was first seen; then by this process's own clock.
    stale: (Duration, Instant),
    over: Option<Status>,
}

/// Something that has happened since the last look.
pub(super) struct News {
    pub(super) text: String,
    pub(super) good: bool,
}

impl WatchedGrid {
    pub(super) fn open(grid: &GridDir) -> io::Result<Self> {
        let planned = stamp(grid)?;
        let plan: Plan = atomic::read_json(&grid.plan_json())?;
        let trials = plan.trials.into_iter().map(|trial| WatchedTrial::new(grid, trial)).collect();
        Ok(Self { grid: grid.clone(), planned, trials, paces: Paces::default(), fresh: true })
    }

    /// Looks at what is not over yet.
    pub(super) fn refresh(&mut self) -> io::Result<Vec<News>> {
        if stamp(&self.grid)? != self.planned {
            *self = Self::open(&self.grid)?;
        }
        let mut news = Vec::new();
        for seen in self.trials.iter_mut().filter(|seen| seen.over.is_none()) {
            let before = seen.at_work;
            seen.refresh();
            match &seen.over {
                Some(status) => {
                    let why = status.reason().map(|why| format!(": {why}")).unwrap_or_default();
                    let text = format!("{}: {}{why}", seen.label(), status.word());
                    news.push(News { text, good: *status == Status::Done });
                    if *status == Status::Done
                        && let Ok(Some(outcome)) = outcome_in(&seen.dir)
                    {
                        self.paces.finished(&seen.trial.variant, seen.trial.train.steps, outcome.train_s);
                    }
                }
                None if seen.at_work && !before => {
                    news.push(News { text: format!("{}: at work", seen.label()), good: true })
                }
                None => {}
            }
        }
        // What was there before anybody looked is no news.
        let told = if self.fresh { Vec::new() } else { news };
        self.fresh = false;
        Ok(told)
    }

    pub(super) fn len(&self) -> usize {
        self.trials.len()
    }

    pub(super) fn over(&self) -> usize {
        self.trials.iter().filter(|seen| seen.over.is_some()).count()
    }

    fn at_work(&self) -> impl Iterator<Item = (usize, &WatchedTrial)> {
        self.trials.iter().enumerate().filter(|(_, seen)| seen.over.is_none() && seen.at_work)
    }

    pub(super) fn rows(&self) -> Vec<Row<'_>> {
        let mut rows = Vec::new();
        for (key, seen) in self.at_work() {
            rows.push(Row { key, label: seen.label(), snapshot: &seen.snapshot, note: seen.silence() });
        }
        rows
    }

    /// As a runner would reckon, with as many slots as trials are at work.
    pub(super) fn eta_s(&self) -> Option<f64> {
        if self.over() == self.len() {
            return Some(0.0);
        }
        let going: Vec<_> = self
            .at_work()
            .map(|(_, seen)| Going {
                pool: &seen.trial.device,
                variant: &seen.trial.variant,
                steps: seen.trial.train.steps,
                elapsed_s: seen.snapshot.last_s(),
                left_s: seen.snapshot.left_s(),
                step_s: seen.snapshot.step_s(),
            })
            .collect();
        let mut slots = BTreeMap::new();
        for (_, seen) in self.at_work() {
            *slots.entry(seen.trial.device.clone()).or_insert(0) += 1;
        }
        let waiting = self.trials.iter().filter(|seen| seen.over.is_none() && !seen.at_work);
        let waiting = waiting.map(|seen| Waiting {
            pool: &seen.trial.device,
            variant: &seen.trial.variant,
            steps: seen.trial.train.steps,
        });
        self.paces.eta_s(&going, waiting, &slots)
    }

    pub(super) fn state(&self) -> WatchState {
        let mut counts = BTreeMap::new();
        let mut failed = Vec::new();
        for seen in &self.trials {
            match &seen.over {
                Some(status) => {
                    *counts.entry(status.word()).or_default() += 1;
                    if let Some(why) = status.reason() {
                        failed.push(format!("{}: {}: {why}", seen.label(), status.word()));
                    }
                }
                None => *counts.entry(if seen.at_work { "at work" } else { "waiting" }).or_default() += 1,
            }
        }
        let at_work = self.rows().iter().map(|row| AtWork { label: row.label.clone(), words: row.words() }).collect();
        WatchState { grid: name(&self.grid), counts, at_work, failed, eta_s: self.eta_s() }
    }
}

impl WatchedTrial {
    fn new(grid: &GridDir, trial: Trial) -> Self {
        let dir = grid.trial(&trial.id());
        let age = fs::metadata(dir.trace()).and_then(|about| about.modified()).ok().and_then(|at| at.elapsed().ok());
        Self {
            tail: TraceTail::from_start(dir.trace()),
            dir,
            trial,
            snapshot: Snapshot::default(),
            at_work: false,
            stale: (age.unwrap_or_default(), Instant::now()),
            over: None,
        }
    }

    fn refresh(&mut self) {
        // A record that cannot be read is none yet: the next run says what is wrong with it.
        self.over = final_status(&self.dir, &self.trial).unwrap_or_default();
        if self.over.is_some() {
            return;
        }
        let first = self.snapshot == Snapshot::default();
        let events = self.tail.read();
        if !events.is_empty() && !first {
            self.stale = (Duration::ZERO, Instant::now());
        }
        for event in &events {
            if event.name == "trace_started" {
                self.snapshot = Snapshot::default();
            }
            self.at_work = event.name != "trace_ended";
            self.snapshot.absorb(event);
        }
    }

    fn label(&self) -> String {
        format!("{} seed {}", self.trial.variant, self.trial.seed)
    }

    /// A killed worker cannot be told from a slow one by its files: the note leaves that to the reader.
    fn silence(&self) -> Option<String> {
        const WORTH_SAYING: Duration = Duration::from_secs(60);
        let silent = self.stale.0 + self.stale.1.elapsed();
        (silent > WORTH_SAYING).then(|| format!("nothing new for {}", analysis::duration(silent.as_secs_f64())))
    }
}

fn stamp(grid: &GridDir) -> io::Result<(SystemTime, u64)> {
    let about = fs::metadata(grid.plan_json())?;
    Ok((about.modified()?, about.len()))
}

fn name(grid: &GridDir) -> String {
    grid.0.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
