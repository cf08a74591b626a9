//! Timing pass: throughput of one finished trial per variant, measured after all trials have ended.
//!
//! All workers are loaded and wait. Then the windows of the variants alternate with one worker computing at a time, so
//! that a machine that slows down or warms up affects all variants alike. Each round of a variant includes a fixed unit
//! of work on its device, which measures the device's speed at that time. Timing of a kind of window stops once
//! its figures are precise. Counts are taken before any window is timed, so that their worker is always in the same
//! state.

mod counters;
mod figures;
mod pass;
mod rates;
mod target;
mod timing_worker;
mod window_rows;

use protocol::timing::STEPS_PER_UNIT;

pub(super) use counters::{Counted, count, per_unit};
pub use pass::TimingSummary;
pub(super) use pass::pass;
pub use rates::median;
pub(super) use target::duel_targets;
pub(super) use timing_worker::TimingWorker;

/// Names of the figures of the timing pass, without the time that it takes.
pub const TIMING_FIGURES: [&str; 6] = [
    "train_images_per_s",
    "train_steps_per_s",
    "evaluate_images_per_s",
    "sample_images_per_s",
    STEPS_PER_UNIT[0],
    STEPS_PER_UNIT[1],
];
