//! How a plan is run, as opposed to what is run.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use crate::interrupts::Interrupts;

/// How progress is shown on stderr.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Bars on a terminal; lines without one, with `NO_COLOR` or with `TERM=dumb`.
    #[default]
    Auto,
    /// Lines, every few seconds and when a trial begins or ends.
    Lines,
    /// Nothing.
    Quiet,
}

/// How to run a plan.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// The folder that holds a folder per grid.
    pub results: PathBuf,
    /// The command of a worker; the trial's folder is appended.
    pub worker: Vec<OsString>,
    /// The command of a timing worker; the trial's folder is appended.
    pub timing_worker: Vec<OsString>,
    /// Workers at a time, on each device. By default as many as cores on flex, one on a GPU.
    pub jobs: Option<usize>,
    /// Forget what the trials of the plan have left behind and run them from the start.
    pub fresh: bool,
    /// Which failures of earlier runs are run again, by the words of their status; `policy::RETRIED` are those
    /// that may end otherwise. The rest is final.
    pub retry_failed: Vec<String>,
    /// Start no more trials once so many have failed in this run.
    pub max_failures: Option<usize>,
    /// How long a trial may take in this run, all its workers together.
    pub timeout: Option<Duration>,
    /// How much memory a worker may hold, in bytes; one that has the machine to itself, as much as all slots.
    pub memory: Option<u64>,
    /// Leave out trials that are not trained yet; of the others, take the measures they lack.
    pub measure_only: bool,
    /// The grid as written, kept beside the trials.
    pub grid_yaml: Option<String>,
    /// Time finished trials, one at a time, when the grid is over.
    pub time: bool,
    /// How progress is shown.
    pub show: Show,
    /// Further variables for the workers' environment.
    pub env: Vec<(OsString, OsString)>,
    /// genbench's version and commit, for outcomes that the parent has to write.
    pub genbench: String,
    /// Where requests to stop come from.
    pub interrupts: Interrupts,
    /// How long a worker that was told to end may take before it is killed.
    pub grace: Duration,
    /// How long to wait before a worker that asks for it is tried again.
    pub retry_after: Duration,
    /// How often traces are read and progress is shown.
    pub tick: Duration,
    /// How long a timing worker may take to load and warm up.
    pub ready: Duration,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            results: PathBuf::from("results"),
            worker: Vec::new(),
            timing_worker: Vec::new(),
            jobs: None,
            fresh: false,
            retry_failed: Vec::new(),
            max_failures: None,
            timeout: None,
            memory: None,
            measure_only: false,
            grid_yaml: None,
            time: false,
            show: Show::Auto,
            env: Vec::new(),
            genbench: String::new(),
            interrupts: Interrupts::default(),
            grace: Duration::from_secs(30),
            retry_after: Duration::from_secs(2),
            tick: Duration::from_millis(150),
            ready: Duration::from_secs(300),
        }
    }
}
