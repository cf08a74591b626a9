//! Requests to stop: Ctrl-C, SIGTERM and SIGHUP as flags that the dispatcher reads at every tick.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

use crate::error::RunError;

/// Requests to stop. The default value receives no signals, only [`Interrupts::interrupt`] and
/// [`Interrupts::terminate`].
#[derive(Clone, Debug, Default)]
pub struct Interrupts {
    interrupted: Arc<AtomicBool>,
    terminated: Arc<AtomicBool>,
    /// `true` if the signals keep their default action, because no run is active.
    default_action: Arc<AtomicBool>,
}

impl Interrupts {
    /// Installs handlers of SIGINT, SIGTERM and SIGHUP, which are active during runs. A process that ignores SIGHUP, as
    /// under `nohup`, still ignores it. Call it once.
    ///
    /// # Errors
    /// The handlers cannot be installed.
    pub fn install() -> Result<Self, RunError> {
        let new = Self { default_action: Arc::new(AtomicBool::new(true)), ..Self::default() };
        let hangup = (!ignores_hangup()).then_some((SIGHUP, &new.terminated));
        for (signal, received) in [(SIGINT, &new.interrupted), (SIGTERM, &new.terminated)].into_iter().chain(hangup) {
            flag::register_conditional_default(signal, Arc::clone(&new.default_action)).map_err(RunError::Signals)?;
            flag::register(signal, Arc::clone(received)).map_err(RunError::Signals)?;
        }
        Ok(new)
    }

    /// Acts like Ctrl-C: the first request waits for running trials, the second kills them.
    pub fn interrupt(&self) {
        self.interrupted.store(true, Ordering::Relaxed);
    }

    /// Acts like SIGTERM and SIGHUP: workers save a checkpoint and exit.
    pub fn terminate(&self) {
        self.terminated.store(true, Ordering::Relaxed);
    }

    /// Activates the handlers until the guard is dropped.
    pub(crate) fn listen(&self) -> SignalGuard {
        self.default_action.store(false, Ordering::Relaxed);
        SignalGuard(self.clone())
    }

    /// Returns whether Ctrl-C was pressed since the last call.
    pub(crate) fn take_interrupt(&self) -> bool {
        self.interrupted.swap(false, Ordering::Relaxed)
    }

    /// Returns whether an unread Ctrl-C is pending.
    #[cfg(test)]
    pub(crate) fn interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// Returns whether SIGTERM or SIGHUP was received since the last call.
    pub(crate) fn take_terminate(&self) -> bool {
        self.terminated.swap(false, Ordering::Relaxed)
    }
}

/// Returns whether this process was started with SIGHUP ignored; false if the system does not report it.
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask >> (SIGHUP - 1) & 1 == 1)
}

/// Guard during which signals are requests to stop.
pub(crate) struct SignalGuard(Interrupts);

impl Drop for SignalGuard {
    fn drop(&mut self) {
        self.0.default_action.store(true, Ordering::Relaxed);
    }
}
