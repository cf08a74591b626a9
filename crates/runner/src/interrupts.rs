//! Requests to stop: Ctrl-C and SIGTERM as flags that the dispatcher reads at every tick.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::error::RunError;

/// Requests to stop. The default value receives no signals, only [`Interrupts::interrupt`] and
/// [`Interrupts::terminate`].
#[derive(Clone, Debug, Default)]
pub struct Interrupts {
    interrupted: Arc<AtomicBool>,
    terminated: Arc<AtomicBool>,
    /// Whether the signals keep their default action, because no run is active.
    default_action: Arc<AtomicBool>,
}

impl Interrupts {
    /// Installs handlers of SIGINT and SIGTERM, which are active during runs. Call it once.
    ///
    /// # Errors
    /// The handlers cannot be installed.
    pub fn install() -> Result<Self, RunError> {
        let new = Self { default_action: Arc::new(AtomicBool::new(true)), ..Self::default() };
        for (signal, received) in [(SIGINT, &new.interrupted), (SIGTERM, &new.terminated)] {
            flag::register_conditional_default(signal, Arc::clone(&new.default_action)).map_err(RunError::Signals)?;
            flag::register(signal, Arc::clone(received)).map_err(RunError::Signals)?;
        }
        Ok(new)
    }

    /// Acts like Ctrl-C: the first request waits for running trials, the second kills them.
    pub fn interrupt(&self) {
        self.interrupted.store(true, Ordering::Relaxed);
    }

    /// Acts like SIGTERM: workers save a checkpoint and exit.
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

    /// Whether an unread Ctrl-C is pending.
    #[cfg(test)]
    pub(crate) fn interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// Returns whether SIGTERM was received since the last call.
    pub(crate) fn take_terminate(&self) -> bool {
        self.terminated.swap(false, Ordering::Relaxed)
    }
}

/// Guard during which signals are requests to stop.
pub(crate) struct SignalGuard(Interrupts);

impl Drop for SignalGuard {
    fn drop(&mut self) {
        self.0.default_action.store(true, Ordering::Relaxed);
    }
}
