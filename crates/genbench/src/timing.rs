//! `genbench timing DIR`: answers the timing pass, a window at a time.

use std::io::{BufRead, Write};

use engine::Windows;
use protocol::timing::{Reply, Request};
use protocol::{TrialDir, exit};

use crate::failure::Failure;
use crate::registry::Registry;
use crate::trained::{self, Parts};
use crate::{output, process_environment};

/// Loads the trial, says that it is ready, then works on request until its input ends.
pub(crate) fn run(dir: &TrialDir, registry: &Registry) -> Result<u8, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::new(exit::WORKER_FAILED, error.to_string());
    let trial = trained::read_trial(dir)?;
    process_environment::ensure(&trial.device)?;
    let parts = Parts::load(&trial, registry).map_err(|error| failed(&error))?;
    let trainer = parts.trained(&trial, dir).map_err(|error| failed(&error))?;
    let mut windows = Windows::new(trainer, &parts.data, &parts.device, trial.train.batch_size, trial.seed);
    // The first of each pays for caches and, on a GPU, for compiling kernels.
    for window in protocol::timing::Window::ALL {
        let _ = windows.run(window, 0.0);
    }
    say(&Reply::Ready)?;
    for line in std::io::stdin().lock().lines() {
        let request: Request = serde_json::from_str(&line?).map_err(|error| failed(&error))?;
        say(&windows.run(request.window, request.seconds))?;
    }
    Ok(exit::DONE)
}

fn say(reply: &Reply) -> std::io::Result<()> {
    let mut out = output::stdout();
    writeln!(out, "{}", serde_json::json!(reply))?;
    out.flush()
}
