//! Signals and panics of a worker.

use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use engine::TerminationRequest;
use protocol::text::portable;

/// Signals and panics received so far.
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

    /// Returns the message of the first panic, if there was one.
    pub(super) fn panicked(&self) -> Option<String> {
        self.panicked.lock().ok().and_then(|message| message.clone())
    }
}

/// Traces a panic on any thread and requests the end of training, whose state may be wrong afterwards. Without this, a
/// panic on a thread of the device would only be logged.
pub(super) fn watch_panics(signals: &Signals) {
    let panicked = signals.panicked.clone();
    let default = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let message = portable(&info.to_string().replace('\n', " "));
        tracing::error!(name: "panic", message = message.as_str());
        if let Ok(mut known) = panicked.lock() {
            known.get_or_insert(message);
        }
        default(info);
    }));
}

/// Registers SIGTERM, SIGINT and SIGUSR1 as requests to save a checkpoint and exit. Clusters send SIGUSR1 shortly before
/// the time limit.
pub(super) fn watch_signals(signals: &Signals) -> std::io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM, SIGUSR1};
    for signal in [SIGINT, SIGTERM, SIGUSR1] {
        signal_hook::flag::register(signal, signals.stop.clone())?;
    }
    Ok(())
}
