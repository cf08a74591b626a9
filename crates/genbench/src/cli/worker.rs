//! Help of the hidden verbs that other verbs start as workers.

/// Examples and exit codes of `trial`.
pub(super) const TRIAL: &str = "Example:
  genbench trial results/quickstart/trials/0123456789ab

Exit codes: 0 done, 10 diverged, 11 refused, 12 failed, 75 try again, 85 saved a checkpoint, queue again.";

/// Examples and exit codes of `timing`.
pub(super) const TIMING: &str = "Example:
  genbench timing results/quickstart/trials/0123456789ab";

/// Examples and exit codes of `probe`.
pub(super) const PROBE: &str = "Example:
  genbench probe flex";
