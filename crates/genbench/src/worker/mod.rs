//! `genbench trial DIR`: the worker. Trains one trial, measures it, and writes its outcome last.
//!
//! It is idempotent: a finished trial is not trained again, only measured where a measure has
//! been added; an interrupted one goes on from its checkpoint.

mod sheets;
mod signals;
mod stages;

use std::panic;

use engine::SessionError;
use engine::trace::{TraceLayer, trace_filter, unix_ms};
use protocol::outcome::OUTCOME_SCHEMA;
use protocol::{FolderLock, Outcome, Status, Trial, TrialDir, atomic, exit};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::SubscriberExt;

use self::signals::{Signals, watch_panics, watch_signals};
use self::stages::{WorkError, train_and_measure};
use crate::failure::Failure;
use crate::host;
use crate::output::note;
use crate::process_environment;
use crate::registry::Registry;
use crate::trained::{self, PartsError};

/// Runs the trial in `dir` to its outcome.
pub(crate) fn run(dir: &TrialDir, registry: &Registry) -> Result<u8, Failure> {
    let trial = trained::read_trial(dir)?;
    process_environment::ensure(&trial.device)?;
    work(&trial, dir, registry).or_else(unwritable)
}

/// A folder that cannot be written is not the trial's failure: there may be room the next time.
fn unwritable(error: std::io::Error) -> Result<u8, Failure> {
    note!("{error}");
    Ok(if about_storage(&error.to_string()) { exit::WORKER_TRY_AGAIN } else { exit::WORKER_FAILED })
}

/// Whether the system refused to write; errors of Burn's recorders come as text.
fn about_storage(message: &str) -> bool {
    protocol::DISK_FULL_MESSAGES.iter().any(|words| message.contains(words))
}

fn work(trial: &Trial, dir: &TrialDir, registry: &Registry) -> std::io::Result<u8> {
    let Some(_lock) = FolderLock::take_with_retries(dir)? else {
        note!("{}: another process works in this folder", dir.0.display());
        return Ok(exit::WORKER_TRY_AGAIN);
    };
    // Whoever held the lock before may have finished the trial.
    if protocol::final_status(dir, trial)?.is_some() {
        return Ok(exit::DONE);
    }
    let layer = TraceLayer::append(&dir.trace())?;
    let attempt = layer.attempt();
    let _ = tracing_log::LogTracer::init();
    let layer = layer.with_filter(trace_filter());
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))
        .map_err(std::io::Error::other)?;
    let signals = Signals::default();
    watch_panics(&signals);
    watch_signals(&signals)?;
    tracing::info!(
        name: "trace_started", trial = trial.id().0.as_str(), variant = trial.variant.as_str(), seed = trial.seed,
        genbench = host::VERSION, pid = std::process::id(), attempt
    );
    let span = tracing::info_span!("trial", trial = trial.id().0.as_str());
    let code = span.in_scope(|| attempt_trial(trial, dir, registry, attempt, &signals))?;
    drop(span);
    tracing::info!(name: "trace_ended", exit_code = u64::from(code));
    Ok(code)
}

fn attempt_trial(
    trial: &Trial,
    dir: &TrialDir,
    registry: &Registry,
    attempt: u32,
    signals: &Signals,
) -> std::io::Result<u8> {
    let mut outcome = Outcome {
        schema: OUTCOME_SCHEMA,
        trial: trial.id(),
        status: Status::Done,
        attempts: attempt,
        genbench: host::VERSION.to_owned(),
        ended_unix_ms: 0,
        host: host::describe(),
        device: None,
        data: None,
        steps: 0,
        kept_step: None,
        train_s: 0.0,
        parameters: None,
    };
    let guarded =
        panic::catch_unwind(panic::AssertUnwindSafe(|| train_and_measure(trial, dir, registry, signals, &mut outcome)));
    let (status, code) = match guarded {
        Ok(Ok(Some(measurements))) => {
            atomic::write_json(&dir.measurements(), &measurements)?;
            (Status::Done, exit::DONE)
        }
        Ok(Ok(None)) => return Ok(exit::WORKER_REQUEUE),
        Ok(Err(WorkError::Session(SessionError::Diverged { step, what }))) => {
            outcome.steps = step;
            (Status::Diverged { step, what }, exit::WORKER_DIVERGED)
        }
        Ok(Err(WorkError::Parts(PartsError::Refused(why)))) => (Status::Refused { why }, exit::WORKER_REFUSED),
        Ok(Err(error)) if about_storage(&error.to_string()) => {
            note!("{error}");
            return Ok(exit::WORKER_TRY_AGAIN);
        }
        Ok(Err(error)) => (crashed(error.to_string()), exit::WORKER_FAILED),
        Err(_) => (crashed(signals.panicked().unwrap_or_default()), exit::WORKER_FAILED),
    };
    if let Some(reason) = status.reason() {
        tracing::error!(name: "failed", status = status.word(), reason = reason.as_str());
        note!("{}: {reason}", status.word());
    }
    let run = Outcome { status, ended_unix_ms: unix_ms(), ..outcome };
    atomic::write_json(&dir.outcome(), &run)?;
    Ok(code)
}

fn crashed(tail: String) -> Status {
    Status::Crashed { signal: None, code: Some(i32::from(exit::WORKER_FAILED)), tail }
}
