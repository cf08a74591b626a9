//! Exit codes of commands and workers. Each class of errors has a code of its own.
//!
//! | code | of the program |
//! |---|---|
//! | 0 | done; for a gate: nothing is worse |
//! | 2 | the grid or the command is wrong; nothing was started |
//! | 3 | worse than the reference, or refuted |
//! | 4 | nothing to do |
//! | 5 | undecided |
//! | 6 | stale baseline |
//! | 70 | internal error: a bug |
//! | 74 | environment: the disk, a permission, the network or a device |
//! | 100 | trials failed |
//! | 130 | interrupted |
//!
//! | code | of a worker |
//! |---|---|
//! | 0 | done |
//! | 10 | diverged |
//! | 11 | refused |
//! | 12 | failed |
//! | 75 | try again |
//! | 85 | saved a checkpoint; queue again |

/// Done. For the gate: nothing is worse.
pub const DONE: u8 = 0;
/// The grid or the command is wrong; nothing was started.
pub const USAGE: u8 = 2;
/// Worse than the reference, or refuted.
pub const REGRESSION: u8 = 3;
/// There is nothing to do.
pub const NOTHING: u8 = 4;
/// The evidence decides neither way.
pub const INCONCLUSIVE: u8 = 5;
/// The baseline does not match the grid that is compared with it.
pub const STALE_BASELINE: u8 = 6;
/// Internal error: a bug.
pub const INTERNAL: u8 = 70;
/// Environment: an error of the disk, a permission, the network or a device.
pub const ENVIRONMENT: u8 = 74;
/// Some trials failed.
pub const TRIALS_FAILED: u8 = 100;
/// Stopped by the user.
pub const INTERRUPTED: u8 = 130;

/// Diverged: a loss or the validation quantity is not finite, or too large.
pub const WORKER_DIVERGED: u8 = 10;
/// Refused: model, data and device do not fit together.
pub const WORKER_REFUSED: u8 = 11;
/// Failed: a panic or another error.
pub const WORKER_FAILED: u8 = 12;
/// Try again: the folder is locked or a device is busy.
pub const WORKER_TRY_AGAIN: u8 = 75;
/// Queue again: the worker saved a checkpoint on request.
pub const WORKER_REQUEUE: u8 = 85;
