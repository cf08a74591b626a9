//! Messages of the timing pass.
//!
//! The parent writes one [`Request`] per line to the stdin of a worker and reads one [`Reply`] per line from its stdout.
//! A waiting worker uses no processor time. Thus the windows of several variants alternate, and one worker runs at a time.

mod counter;

use serde::{Deserialize, Serialize};

pub use self::counter::{Counter, Counts};
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
    /// A fixed matrix product on one thread of the CPU, which measures the speed of the machine at this moment.
    Gemm,
    /// A fixed chain of elementwise operations on another device, which measures its speed at this moment.
    Sweep,
}

impl Window {
    /// The windows of the model's own work.
    pub const OF_MODEL: [Self; 3] = [Self::Train, Self::Evaluate, Self::Sample];

    /// All windows on the device of a trial, in the order in which they are timed: the unit of its speed first.
    #[must_use]
    pub fn of_device(device: &str) -> [Self; 4] {
        let [train, evaluate, sample] = Self::OF_MODEL;
        [if is_cpu(device) { Self::Gemm } else { Self::Sweep }, train, evaluate, sample]
    }
}

/// Figures of speed in units of the machine: training steps in the time of one [`Window::Gemm`] on the CPU, of one
/// [`Window::Sweep`] on other devices.
pub const STEPS_PER_UNIT: [&str; 2] = ["train_steps_per_gemm", "train_steps_per_sweep"];

/// Returns the figure of [`STEPS_PER_UNIT`] that a device has.
#[must_use]
pub fn steps_per_unit(device: &str) -> &'static str {
    STEPS_PER_UNIT[usize::from(!is_cpu(device))]
}

/// Returns whether a device of a trial is the CPU.
fn is_cpu(device: &str) -> bool {
    device == "flex"
}

/// One line from the parent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Work to do.
    pub window: Window,
    /// Shortest duration in seconds; the worker completes its current unit of work.
    pub seconds: f64,
    /// Number of units of work to count, or 0 for a timed window. The duration of counted units is not measured.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub count: u64,
}

impl Request {
    /// Request for a timed window.
    #[must_use]
    pub fn timed(window: Window, seconds: f64) -> Self {
        Self { window, seconds, count: 0 }
    }

    /// Request for the counts of `units` units of work.
    #[must_use]
    pub fn counted(window: Window, units: u64) -> Self {
        Self { window, seconds: 0.0, count: units }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
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
        /// Number of steps, batches, products or sweeps.
        units: u64,
        /// Number of images in them; 0 for products and sweeps.
        images: u64,
        /// Duration in seconds.
        seconds: f64,
    },
    /// Result of counted units of work.
    Counted {
        /// Number of steps or batches.
        units: u64,
        /// Median of each count over them.
        counts: Counts,
    },
    /// The trial cannot do this work.
    Absent {
        /// The reason.
        reason: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_device_has_its_own_unit_of_speed() {
        assert_eq!((Window::of_device("flex")[0], steps_per_unit("flex")), (Window::Gemm, "train_steps_per_gemm"));
        assert_eq!((Window::of_device("wgpu")[0], steps_per_unit("wgpu")), (Window::Sweep, "train_steps_per_sweep"));
    }

    #[test]
    fn a_timed_request_is_that_of_earlier_versions() {
        let written = serde_json::to_string(&Request::timed(Window::Train, 0.5)).unwrap();
        assert_eq!(written, r#"{"window":"train","seconds":0.5}"#);
        assert_eq!(serde_json::from_str::<Request>(&written).unwrap(), Request::timed(Window::Train, 0.5));
    }

    #[test]
    fn counts_of_a_later_version_are_read_as_far_as_they_are_known() {
        let line = r#"{"reply":"counted","units":2,"counts":{"allocations":10,"page_faults":3}}"#;
        let counts = Counts { allocations: Some(10), ..Counts::default() };
        assert_eq!(serde_json::from_str::<Reply>(line).unwrap(), Reply::Counted { units: 2, counts });
    }
}
