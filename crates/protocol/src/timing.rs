//! The conversation of the timing pass: the parent writes one [`Request`] a line to the worker's
//! stdin and reads one [`Reply`] a line from its stdout. A worker that waits uses no processor,
//! so that windows of different variants can be interleaved with one trial at work at a time.

use serde::{Deserialize, Serialize};

/// What to do for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// Optimisation steps on training batches.
    Train,
    /// The log-density, or its bound, of test images.
    Evaluate,
    /// Samples.
    Sample,
    /// A fixed matrix product on one thread: the yardstick of this machine at this moment.
    Gemm,
}

impl Window {
    /// All windows, in the order in which they are timed.
    pub const ALL: [Self; 4] = [Self::Gemm, Self::Train, Self::Evaluate, Self::Sample];
}

/// One line from the parent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// What to do.
    pub window: Window,
    /// For at least this long: whole units of work are finished.
    pub seconds: f64,
}

/// One line from the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case", deny_unknown_fields)]
pub enum Reply {
    /// Loaded and warmed up; sent once, before any request.
    Ready,
    /// A window is over.
    Timed {
        /// Steps, batches or products done.
        units: u64,
        /// Images in them; 0 for the matrix product.
        images: u64,
        /// How long they took.
        seconds: f64,
    },
    /// The trial cannot do that, and why.
    Absent {
        /// Why.
        reason: String,
    },
}
