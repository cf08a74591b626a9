//! A trial's final record, written last and atomically.

use serde::{Deserialize, Serialize};

use crate::TrialId;

/// The version of the outcome record.
pub const OUTCOME_SCHEMA: u32 = 1;

/// How a trial ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case", deny_unknown_fields)]
pub enum Status {
    /// Trained and measured.
    Done,
    /// A loss or a parameter stopped being finite.
    Diverged {
        /// The step after which it was seen, counted from 1.
        step: u64,
        /// Which quantity.
        what: String,
    },
    /// Model, data and device do not fit together.
    Refused {
        /// Why.
        why: String,
    },
    /// The worker ended without a word of its own.
    Crashed {
        /// The signal that ended it, if one did.
        signal: Option<i32>,
        /// Its exit code, if it exited.
        code: Option<i32>,
        /// The end of what it wrote to stderr, or the panic's message.
        tail: String,
    },
    /// Killed for memory.
    OutOfMemory {
        /// What is known of it.
        tail: String,
    },
    /// Took longer than allowed.
    TimedOut {
        /// The limit, in seconds.
        limit_s: f64,
    },
}

impl Status {
    /// One word for tables: `done`, `diverged`, `refused`, `crashed`, `out_of_memory`, `timed_out`.
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

    /// The reason in one line; `None` when there is nothing to explain.
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

/// The machine a trial ran on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Its name.
    pub name: String,
    /// Operating system and architecture.
    pub os: String,
    /// The processor's model name.
    pub cpu: String,
    /// Logical processors.
    pub cores: usize,
    /// Threads the worker computed with.
    pub threads: usize,
}

/// The device a trial really ran on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceUsed {
    /// `flex` or `wgpu:N`.
    pub name: String,
    /// The adapter's name, or the processor's for flex.
    pub adapter: String,
    /// Driver and its version; empty for flex.
    pub driver: String,
    /// The graphics interface, such as `vulkan`; empty for flex.
    pub api: String,
}

/// What was trained on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataFacts {
    /// SHA-256 of the three splits as loaded.
    pub sha256: String,
    /// Training images.
    pub train: usize,
    /// Validation images.
    pub validation: usize,
    /// Test images.
    pub test: usize,
    /// Channels, height, width.
    pub shape: [usize; 3],
}

/// `outcome.json`. Its presence means that the trial is over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// [`OUTCOME_SCHEMA`].
    pub schema: u32,
    /// The trial.
    pub trial: TrialId,
    /// How it ended.
    #[serde(flatten)]
    pub status: Status,
    /// Workers started for it, this one included.
    pub attempts: u32,
    /// genbench's version and git commit.
    pub genbench: String,
    /// When it ended, in milliseconds since 1970.
    pub ended_unix_ms: u64,
    /// The machine.
    pub host: Host,
    /// The device; `None` when the worker never got that far.
    pub device: Option<DeviceUsed>,
    /// The data; `None` when the worker never got that far.
    pub data: Option<DataFacts>,
    /// Steps done.
    pub steps: u64,
    /// The step whose state was measured.
    pub kept_step: Option<u64>,
    /// Seconds of optimisation: without evaluation, checkpoints and start-up, over all attempts.
    pub train_s: f64,
    /// Free parameters.
    pub parameters: Option<u64>,
}
