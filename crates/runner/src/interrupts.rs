//! Ctrl-C and SIGTERM as flags that the dispatcher reads at every tick.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::error::RunError;

/// Requests to stop. The default hears nothing but [`Interrupts::interrupt`] and
/// [`Interrupts::terminate`].
#[derive(Clone, Debug, Default)]
pub struct Interrupts {
    interrupted: Arc<AtomicBool>,
    terminated: Arc<AtomicBool>,
    /// While nobody listens, the signals do what they do by default.
    deaf: Arc<AtomicBool>,
}

impl Interrupts {
    /// Listens to SIGINT and SIGTERM, from the first run on until its end. Call it once.
    ///
    /// # Errors
    /// The handlers cannot be installed.
    pub fn install() -> Result<Self, RunError> {
        let new = Self { deaf: Arc::new(AtomicBool::new(true)), ..Self::default() };
        for (signal, heard) in [(SIGINT, &new.interrupted), (SIGTERM, &new.terminated)] {
            flag::register_conditional_default(signal, Arc::clone(&new.deaf)).map_err(RunError::Signals)?;
            flag::register(signal, Arc::clone(heard)).map_err(RunError::Signals)?;
        }
        Ok(new)
    }

    /// As if Ctrl-C had been pressed: once waits for what runs, twice kills it.
    pub fn interrupt(&self) {
        self.interrupted.store(true, Ordering::Relaxed);
    }

    /// As if SIGTERM had come: workers save a checkpoint and end.
    pub fn terminate(&self) {
        self.terminated.store(true, Ordering::Relaxed);
    }

    /// Listens until the guard is dropped.
    pub(crate) fn listen(&self) -> Listening {
        self.deaf.store(false, Ordering::Relaxed);
        Listening(self.clone())
    }

    /// Whether Ctrl-C was pressed since the last call.
    pub(crate) fn take_interrupt(&self) -> bool {
        self.interrupted.swap(false, Ordering::Relaxed)
    }

    /// Whether Ctrl-C was pressed and nobody has taken notice yet.
    #[cfg(test)]
    pub(crate) fn interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// Whether SIGTERM came since the last call.
    pub(crate) fn take_terminate(&self) -> bool {
        self.terminated.swap(false, Ordering::Relaxed)
    }
}

/// While it lives, signals are requests.
pub(crate) struct Listening(Interrupts);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.deaf.store(true, Ordering::Relaxed);
    }
}
