//! Exit codes: a closed, documented set, shared by the parent and its workers.

/// Done; for a gate: no regression.
pub const DONE: u8 = 0;
/// The grid or the command is wrong; nothing was started.
pub const USAGE: u8 = 2;
/// A regression was found.
pub const REGRESSION: u8 = 3;
/// There is nothing to run.
pub const NOTHING: u8 = 4;
/// The evidence decides neither way.
pub const INCONCLUSIVE: u8 = 5;
/// Some trials failed.
pub const TRIALS_FAILED: u8 = 100;
/// Stopped by the user.
pub const INTERRUPTED: u8 = 130;

/// A worker whose loss or parameters stopped being finite.
pub const WORKER_DIVERGED: u8 = 10;
/// A worker whose model, data or device do not fit together.
pub const WORKER_REFUSED: u8 = 11;
/// A worker that panicked or met an error it cannot mend.
pub const WORKER_FAILED: u8 = 12;
/// A worker that may succeed when tried again (the folder is locked, a device is busy).
pub const WORKER_TRY_AGAIN: u8 = 75;
/// A worker that saved a checkpoint and asks to be queued again.
pub const WORKER_REQUEUE: u8 = 85;
