//! Options of a run.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use protocol::{Build, Plan};

use crate::interrupts::Interrupts;

/// Display of progress on stderr.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Bars on stderr, for a terminal that moves its cursor.
    Bars {
        /// Number of columns of the terminal.
        width: usize,
    },
    /// Lines, every few seconds and at the start and end of a trial.
    #[default]
    Lines,
    /// No progress.
    Quiet,
}

/// Options of a run.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// Folder with one folder per grid.
    pub results: PathBuf,
    /// Command of a worker; the trial's folder is appended.
    pub worker: Vec<OsString>,
    /// Command of a timing worker; the trial's folder is appended.
    pub timing_worker: Vec<OsString>,
    /// Number of concurrent workers per device. Default: the number of cores on flex, one on a GPU.
    pub jobs: Option<usize>,
    /// Delete the files of the plan's trials and run them from the start.
    pub fresh: bool,
    /// Statuses of earlier failures to run again; [`crate::RETRIED`] lists those that may end differently. Other failures
    /// are final.
    pub retry_failed: Vec<String>,
    /// Number of failures in this run after which no more trials are started.
    pub max_failures: Option<usize>,
    /// Time limit of a trial in this run, over all its workers.
    pub timeout: Option<Duration>,
    /// Memory limit of a worker, in bytes. A worker that runs alone may use the limit of all slots together.
    pub memory: Option<u64>,
    /// Compute only missing measures of trained trials; skip the other trials.
    pub measure_only: bool,
    /// Text of the grid file, which is copied to the results.
    pub grid_yaml: Option<String>,
    /// The grid file. The folder of a grid belongs to one file.
    pub grid_file: Option<PathBuf>,
    /// Let this grid file take over the folder of another one.
    pub replace: bool,
    /// Plan of the whole grid, if options select or change its trials.
    pub whole: Option<Plan>,
    /// Options that select or change trials, as written.
    pub overrides: Vec<String>,
    /// Run the timing pass after the trials.
    pub time: bool,
    /// Name of the graphics adapter of each device, such as `wgpu:0`. The timing pass times a variant once per adapter.
    pub adapters: BTreeMap<String, String>,
    /// Display of progress.
    pub show: Show,
    /// Additional environment variables of the workers.
    pub env: Vec<(OsString, OsString)>,
    /// Version and commit of genbench, for outcomes that the parent writes.
    pub genbench: String,
    /// The build of this program.
    pub build: Option<Build>,
    /// Train finished trials again whose code is not that of `build`.
    pub rerun_other_code: bool,
    /// Source of requests to stop.
    pub interrupts: Interrupts,
    /// Time between a termination request and the kill of a worker.
    pub grace: Duration,
    /// Delay before the retry that a worker requests.
    pub retry_after: Duration,
    /// Interval between two readings of the traces and updates of the display.
    pub tick: Duration,
    /// Time limit for loading and warm-up of a timing worker.
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
            grid_file: None,
            replace: false,
            whole: None,
            overrides: Vec::new(),
            time: false,
            adapters: BTreeMap::new(),
            show: Show::default(),
            env: Vec::new(),
            genbench: String::new(),
            build: None,
            rerun_other_code: false,
            interrupts: Interrupts::default(),
            grace: Duration::from_secs(30),
            retry_after: Duration::from_secs(2),
            tick: Duration::from_millis(150),
            ready: Duration::from_secs(300),
        }
    }
}
