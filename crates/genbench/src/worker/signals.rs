//! Signals and panics that reach a worker.

use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use engine::TerminationRequest;

/// What the surroundings did to the process.
#[derive(Clone, Default)]
pub(super) struct Signals {
    stop: Arc<AtomicBool>,
    panicked: Arc<Mutex<Option<String>>>,
}

impl Signals {
    /// Termination request for the training loop.
    pub(super) fn termination(&self) -> TerminationRequest {
        match self.panicked() {
            Some(message) => TerminationRequest::Abort(message),
            None if self.stop.load(Ordering::Relaxed) => TerminationRequest::Checkpoint,
            None => TerminationRequest::None,
        }
    }

    /// What the first panic said, if there was one.
    pub(super) fn panicked(&self) -> Option<String> {
        self.panicked.lock().ok().and_then(|message| message.clone())
    }
}

/// A panic on any thread is traced, and training does not trust its state afterwards: what panics
/// on a device's own thread would otherwise only be logged.
pub(super) fn watch_panics(signals: &Signals) {
    let panicked = signals.panicked.clone();
    let default = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let message = info.to_string().replace('\n', " ");
        tracing::error!(name: "panic", message = message.as_str());
        if let Ok(mut known) = panicked.lock() {
            known.get_or_insert(message);
        }
        default(info);
    }));
}

/// SIGTERM and SIGINT end a worker after its checkpoint, and so does SIGUSR1, by which a cluster
/// announces the end of the time.
pub(super) fn watch_signals(signals: &Signals) -> std::io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM, SIGUSR1};
    for signal in [SIGINT, SIGTERM, SIGUSR1] {
        signal_hook::flag::register(signal, signals.stop.clone())?;
    }
    Ok(())
}
