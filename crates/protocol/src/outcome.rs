//! Final record of a trial, written last and atomically.

use serde::{Deserialize, Serialize};

use crate::{Build, TrialId};

/// Version of the outcome record.
pub const OUTCOME_SCHEMA: u32 = 1;

/// Outcome class of a trial, with details.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case", deny_unknown_fields)]
pub enum Status {
    /// The trial was trained and measured.
    Done,
    /// A loss or a parameter is not finite.
    Diverged {
        /// The step after which it was detected, counted from 1.
        step: u64,
        /// The quantity that is not finite.
        what: String,
    },
    /// Model, data and device do not fit together.
    Refused {
        /// The reason.
        why: String,
    },
    /// The worker ended without an outcome.
    Crashed {
        /// The signal that ended it, if any.
        signal: Option<i32>,
        /// Its exit code, if it exited.
        code: Option<i32>,
        /// The end of its stderr, or the message of the panic.
        tail: String,
    },
    /// The worker was killed for lack of memory.
    OutOfMemory {
        /// The known details.
        tail: String,
    },
    /// The trial took longer than its time limit.
    TimedOut {
        /// The limit, in seconds.
        limit_s: f64,
    },
}

impl Status {
    /// Name of the class in tables: `done`, `diverged`, `refused`, `crashed`, `out_of_memory`, `timed_out`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Diverged { .. } => "diverged",
            Self::Refused { .. } => "refused",
            Self::Crashed { .. } => "crashed",
            Self::OutOfMemory { .. } => "out_of_memory",
            Self::TimedOut { .. } => "timed_out",
        }
    }

    /// The reason in one line; `None` for a trial that is done.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Done => None,
            Self::Diverged { step, what } => Some(format!("{what} was not finite after step {step}")),
            Self::Refused { why } => Some(why.clone()),
            Self::Crashed { signal, code, tail } => Some(match (signal, code) {
                (Some(signal), _) => format!("killed by signal {signal}: {}", last_line(tail)),
                (None, Some(code)) => format!("exit code {code}: {}", last_line(tail)),
                (None, None) => last_line(tail).to_owned(),
            }),
            Self::OutOfMemory { tail } => Some(last_line(tail).to_owned()),
            Self::TimedOut { limit_s } => Some(format!("took longer than {limit_s} s")),
        }
    }
}

fn last_line(text: &str) -> &str {
    text.trim_end().lines().next_back().unwrap_or_default()
}

/// The machine of a trial.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Host name.
    pub name: String,
    /// Operating system and architecture.
    pub os: String,
    /// Model name of the processor.
    pub cpu: String,
    /// Number of logical processors.
    pub cores: usize,
    /// Number of threads of the worker.
    pub threads: usize,
}

/// The device on which a trial ran.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceUsed {
    /// `flex` or `wgpu:N`.
    pub name: String,
    /// Name of the adapter; of the processor for flex.
    pub adapter: String,
    /// Driver and its version; empty for flex.
    pub driver: String,
    /// The graphics interface, such as `vulkan`; empty for flex.
    pub api: String,
}

/// The data of a trial, as loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataFacts {
    /// SHA-256 of the three splits.
    pub sha256: String,
    /// Number of training images.
    pub train: usize,
    /// Number of validation images.
    pub validation: usize,
    /// Number of test images.
    pub test: usize,
    /// Channels, height, width.
    pub shape: [usize; 3],
}

/// Content of `outcome.json`. The file exists if and only if the trial has ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Version of the record: [`OUTCOME_SCHEMA`].
    pub schema: u32,
    /// Identity of the trial.
    pub trial: TrialId,
    /// Outcome class, with details.
    #[serde(flatten)]
    pub status: Status,
    /// Number of attempts, including the last one.
    pub attempts: u32,
    /// Version and git commit of genbench.
    pub genbench: String,
    /// The build; `None` in records of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<Build>,
    /// Time of the end, in milliseconds since 1970.
    pub ended_unix_ms: u64,
    /// The machine.
    pub host: Host,
    /// The device; `None` if the worker ended before it opened the device.
    pub device: Option<DeviceUsed>,
    /// The data; `None` if the worker ended before it loaded the data.
    pub data: Option<DataFacts>,
    /// Number of optimisation steps.
    pub steps: u64,
    /// The step of the kept state, which was measured.
    pub kept_step: Option<u64>,
    /// Time of optimisation in seconds, over all attempts, without evaluation, checkpoints and start-up.
    pub train_s: f64,
    /// Number of free parameters.
    pub parameters: Option<u64>,
}
