//! What a worker is started with, and what its surroundings do to it.

use std::panic;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use engine::Wish;
#[cfg(not(unix))]
use protocol::exit;

use crate::verbs::Failure;

/// What the surroundings did to the process.
#[derive(Clone, Default)]
pub(super) struct Signals {
    stop: Arc<AtomicBool>,
    panicked: Arc<Mutex<Option<String>>>,
}

impl Signals {
    /// What training is asked to do.
    pub(super) fn wish(&self) -> Wish {
        match self.panicked() {
            Some(message) => Wish::Alarm(message),
            None if self.stop.load(Ordering::Relaxed) => Wish::Stop,
            None => Wish::Continue,
        }
    }

    /// What the first panic said, if there was one.
    pub(super) fn panicked(&self) -> Option<String> {
        self.panicked.lock().ok().and_then(|message| message.clone())
    }
}

/// Burn restores optimisers on its default device and reads its thread count from the
/// environment, before the first tensor; so a worker that was started by hand starts itself again
/// with both set. It also keeps what a step has freed for the next one: by itself mimalloc gives it
/// back to the system within a hundredth of a second, and clearing fresh pages was measured to take
/// up to two fifths of a step of convolutions.
pub(crate) fn settle_environment(device: &str) -> Result<(), Failure> {
    const DONE: &str = "GENBENCH_WORKER";
    if std::env::var_os(DONE).is_some() {
        return Ok(());
    }
    let mut command = Command::new(std::env::current_exe()?);
    command.args(std::env::args_os().skip(1)).env(DONE, "1").env("BURN_DEVICE", "flex");
    if device == "flex" && std::env::var_os("RAYON_NUM_THREADS").is_none() {
        command.env("RAYON_NUM_THREADS", "1");
    }
    if std::env::var_os("MIMALLOC_PURGE_DELAY").is_none() {
        command.env("MIMALLOC_PURGE_DELAY", "60000");
    }
    Err(replace_process(command))
}

#[cfg(unix)]
fn replace_process(mut command: Command) -> Failure {
    use std::os::unix::process::CommandExt;
    Failure::from(command.exec())
}

#[cfg(not(unix))]
fn replace_process(mut command: Command) -> Failure {
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(i32::from(exit::WORKER_FAILED))),
        Err(error) => Failure::from(error),
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
