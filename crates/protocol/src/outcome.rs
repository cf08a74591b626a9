//! Final record of a trial, written last and atomically.

use serde::{Deserialize, Serialize};

use crate::{Build, DeviceUsed, Host, TrialId};

/// Version of the outcome record.
pub const OUTCOME_SCHEMA: u32 = 1;

/// Size of a training scalar or of the validation quantity above which a trial has diverged: no loss of a model that has
/// learned anything is near it, and sums of squares near it lose their precision in f32.
pub const DIVERGENCE_LIMIT: f64 = 1e12;

/// The quantity in words, if its value means that the trial has diverged.
#[must_use]
pub fn diverged_quantity(name: &str, value: f64) -> Option<String> {
    let size = value.abs();
    match size <= DIVERGENCE_LIMIT {
        true => None,
        false if size.is_finite() => Some(format!("{name}{ABOVE}{DIVERGENCE_LIMIT:e} ({value:.1e})")),
        false => Some(name.to_owned()),
    }
}

/// The reason of a diverged trial in one line.
#[must_use]
pub fn diverged_reason(what: &str, step: u64) -> String {
    let verb = if what.contains(ABOVE) { "" } else { " was not finite" };
    format!("{what}{verb} after step {step}")
}

/// Mark of a quantity that is finite and too large.
const ABOVE: &str = " above the limit of ";

/// Outcome class of a trial, with details.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case", deny_unknown_fields)]
pub enum Status {
    /// The trial was trained and measured.
    Done,
    /// A loss or the validation quantity is not finite, or above [`DIVERGENCE_LIMIT`] in size.
    Diverged {
        /// The step after which it was detected, counted from 1.
        step: u64,
        /// The quantity, by [`diverged_quantity`].
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
            Self::Diverged { step, what } => Some(diverged_reason(what, *step)),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_diverges_when_it_is_not_finite_or_above_the_limit() {
        for value in [0.0, -3.5, 1e11, -1e12, 1e12] {
            assert_eq!(diverged_quantity("loss", value), None, "{value}");
        }
        let reason = |value: f64| diverged_reason(&diverged_quantity("loss", value).expect("diverged"), 40);
        assert_eq!(reason(f64::NAN), "loss was not finite after step 40");
        assert_eq!(reason(f64::NEG_INFINITY), "loss was not finite after step 40");
        assert_eq!(reason(1.234e33), "loss above the limit of 1e12 (1.2e33) after step 40");
        assert_eq!(reason(-2e12), "loss above the limit of 1e12 (-2.0e12) after step 40");
    }
}
