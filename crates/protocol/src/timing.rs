//! Messages of the timing pass.
//!
//! The parent writes one [`Request`] per line to the stdin of a worker and reads one [`Reply`] per line from its stdout.
//! A waiting worker uses no processor time. Thus the windows of several variants alternate, and one worker runs at a time.

use serde::{Deserialize, Serialize};

use crate::Machine;

/// Work of a window of the timing pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// Optimisation steps on training batches.
    Train,
    /// Evaluation of the log-density, or of its bound, on test images.
    Evaluate,
    /// Sampling.
    Sample,
    /// A fixed matrix product on one thread, which measures the speed of the machine at this moment.
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
    /// Work to do.
    pub window: Window,
    /// Shortest duration in seconds; the worker completes its current unit of work.
    pub seconds: f64,
}

/// One line from the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case", deny_unknown_fields)]
pub enum Reply {
    /// The worker has loaded the trial and warmed up; sent once, before any request.
    Ready {
        /// The machine on which it times.
        #[serde(default)]
        machine: Option<Machine>,
    },
    /// Result of a window.
    Timed {
        /// Number of steps, batches or products.
        units: u64,
        /// Number of images in them; 0 for the matrix product.
        images: u64,
        /// Duration in seconds.
        seconds: f64,
    },
    /// The trial cannot do this work.
    Absent {
        /// The reason.
        reason: String,
    },
}
