//! A results folder, scripted workers and their log.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{fs, thread};

use protocol::fixtures::trial;
use protocol::{GridDir, Outcome, Plan, TrialDir, outcome_in};
use tempfile::TempDir;

use crate::options::{RunOptions, Show};
use crate::run::run_to;
use crate::summary::RunSummary;

pub(super) struct Bench {
    folder: TempDir,
    pub(super) options: RunOptions,
}

pub(super) fn plan(trials: &[(&str, u64)]) -> Plan {
    Plan::new("g", trials.iter().map(|(variant, seed)| trial(variant, *seed)).collect())
}

impl Bench {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let script = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            vec!["sh".into(), path.into_os_string()]
        };
        let options = RunOptions {
            results: folder.path().join("results"),
            worker: script("worker.sh", include_str!("worker.sh")),
            timing_worker: script("timing_worker.sh", include_str!("timing_worker.sh")),
            jobs: Some(2),
            show: Show::Lines,
            env: vec![
                ("LOG".into(), folder.path().join("log").into_os_string()),
                ("GO".into(), folder.path().join("go").into_os_string()),
            ],
            genbench: "0.1.0 (test)".into(),
            grace: Duration::from_secs(20),
            tick: Duration::from_millis(10),
            retry_after: Duration::from_millis(10),
            ..RunOptions::default()
        };
        Self { folder, options }
    }

    /// Runs a plan. Returns the summary and the output without durations.
    pub(super) fn run(&self, plan: &Plan) -> (RunSummary, String) {
        self.run_with(plan, &self.options)
    }

    pub(super) fn run_with(&self, plan: &Plan, options: &RunOptions) -> (RunSummary, String) {
        let mut out = Vec::new();
        let summary = run_to(plan, options, &mut out).unwrap();
        (summary, without_times(&String::from_utf8(out).unwrap()))
    }

    /// Lines of the workers' log, sorted, because workers run concurrently.
    pub(super) fn log(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path("log")).unwrap_or_default();
        let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Lets slow workers end.
    pub(super) fn go(&self) {
        fs::write(self.path("go"), "").unwrap();
    }

    pub(super) fn grid(&self) -> GridDir {
        GridDir::new(&self.options.results, "g")
    }

    pub(super) fn dir(&self, variant: &str, seed: u64) -> TrialDir {
        self.grid().trial(&trial(variant, seed).id())
    }

    pub(super) fn outcome(&self, variant: &str, seed: u64) -> Option<Outcome> {
        outcome_in(&self.dir(variant, seed)).unwrap()
    }
}

/// Waits for an effect of a worker.
pub(super) fn until(what: &str, mut happened: impl FnMut() -> bool) {
    let began = Instant::now();
    while !happened() {
        assert!(began.elapsed() < Duration::from_secs(60), "waited too long for: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Text of a file; empty if it does not exist.
pub(super) fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// Removes durations such as `after 3 s` and `in 1 min 2 s`, which depend on the machine.
fn without_times(text: &str) -> String {
    let line = |line: &str| match line.rfind(" after ").or_else(|| line.rfind(" in ")) {
        Some(at) if line[at..].contains(" s") => {
            let rest = line[at..].split_once(':').map_or(String::new(), |(_, rest)| format!(":{rest}"));
            format!("{}{rest}\n", &line[..at])
        }
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}
