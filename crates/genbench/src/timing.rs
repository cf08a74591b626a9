//! `genbench timing DIR`: worker of the timing pass, which times or counts one window per request.

use std::io::{BufRead, Write};

use engine::Windows;
use protocol::timing::{Reply, Request};
use protocol::{Machine, TrialDir, exit};

use crate::failure::Failure;
use crate::registry::Registry;
use crate::trained::{self, PartsError, TrialParts};
use crate::{host, output, process_environment};

/// Loads the trial, replies `ready`, then runs one window per request until stdin is closed.
pub(crate) fn run(dir: &TrialDir, registry: &Registry) -> Result<u8, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::new(exit::WORKER_FAILED, error.to_string());
    let trial = trained::read_trial(dir)?;
    process_environment::ensure(&trial.device)?;
    let parts = match TrialParts::load(&trial, registry) {
        Ok(parts) => parts,
        Err(PartsError::Refused(reason)) => {
            send(&Reply::Absent { reason: reason.clone() })?;
            return Err(Failure::new(exit::WORKER_REFUSED, reason));
        }
        Err(error) => return Err(failed(&error)),
    };
    let trainer = parts.trained(&trial, dir).map_err(|error| failed(&error))?;
    let images = trial.train.batch_size * parts.batches_per_step(&trial).map_err(|error| failed(&error))?;
    let mut windows = Windows::new(trainer, &parts.data, &parts.device, images, trial.seed);
    // The first window of each kind fills caches and, on a GPU, compiles kernels.
    for window in protocol::timing::Window::of_device(&trial.device) {
        let _ = windows.run(window, 0.0);
    }
    send(&Reply::Ready { machine: Some(Machine::of(&host::describe(), Some(&parts.used))) })?;
    for line in std::io::stdin().lock().lines() {
        let request: Request = serde_json::from_str(&line?).map_err(|error| failed(&error))?;
        send(&match request.count {
            0 => windows.run(request.window, request.seconds),
            units => windows.count(request.window, units),
        })?;
    }
    Ok(exit::DONE)
}

fn send(reply: &Reply) -> std::io::Result<()> {
    let mut out = output::stdout();
    writeln!(out, "{}", serde_json::json!(reply))?;
    out.flush()
}
