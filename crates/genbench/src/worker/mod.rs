//! `genbench trial DIR`: the worker. It trains one trial, measures it, and writes its outcome last.
//!
//! Running it again is safe. A finished trial is not trained again: only added measures are taken. An interrupted trial
//! resumes from its checkpoint.

mod sheets;
mod signals;
mod stages;

use std::panic;

use engine::SessionError;
use engine::trace::{TraceLayer, trace_filter, unix_ms};
use protocol::outcome::OUTCOME_SCHEMA;
use protocol::{FolderLock, Outcome, Status, Trial, TrialDir, atomic, exit, worded};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::SubscriberExt;

use self::signals::{Signals, watch_panics, watch_signals};
use self::stages::{WorkError, train_and_measure};
use crate::failure::Failure;
use crate::output::note;
use crate::registry::Registry;
use crate::trained::{self, PartsError};
use crate::{host, process_environment};

/// Runs the trial in `dir` until it has an outcome.
pub(crate) fn run(dir: &TrialDir, registry: &Registry) -> Result<u8, Failure> {
    let trial = trained::read_trial(dir)?;
    process_environment::ensure(&trial.device)?;
    work(&trial, dir, registry).or_else(write_error)
}

/// Returns the exit code of a folder that cannot be written. A full disk is no failure of the trial, which is tried
/// again.
fn write_error(error: std::io::Error) -> Result<u8, Failure> {
    note!("{}", worded(&error));
    Ok(if is_storage_error(&error.to_string()) { exit::WORKER_TRY_AGAIN } else { exit::WORKER_FAILED })
}

/// Returns whether the system refused to write. The message is searched, because Burn's recorders return text.
fn is_storage_error(message: &str) -> bool {
    protocol::DISK_FULL_MESSAGES.iter().any(|words| message.contains(words))
}

fn work(trial: &Trial, dir: &TrialDir, registry: &Registry) -> std::io::Result<u8> {
    let Some(lock) = FolderLock::take_with_retries(dir)? else {
        note!("{}: another process holds this folder", dir.0.display());
        return Ok(exit::WORKER_TRY_AGAIN);
    };
    for renamed in protocol::set_aside(&lock, dir)? {
        note!("unreadable record: {renamed}");
    }
    // The previous holder of the lock may have finished the trial.
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
        build: Some(registry.build.clone()),
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
        // A finished trial stays finished if a measure is to be added and its data are missing or have changed.
        Ok(Err(WorkError::Parts(PartsError::Refused(why)))) if is_done(dir)? => {
            tracing::error!(name: "failed", status = "refused", reason = why.as_str());
            note!("{why}");
            return Ok(exit::WORKER_REFUSED);
        }
        Ok(Err(WorkError::Parts(PartsError::Refused(why)))) => (Status::Refused { why }, exit::WORKER_REFUSED),
        // The outcome and the figures of the finished trial stay. The next run reports the lost model.
        Ok(Err(error @ WorkError::ModelLost(_))) => {
            note!("{error}");
            return Ok(exit::WORKER_TRY_AGAIN);
        }
        Ok(Err(error)) if is_storage_error(&error.to_string()) => {
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

/// Returns whether the folder has the outcome of a finished trial.
fn is_done(dir: &TrialDir) -> std::io::Result<bool> {
    Ok(protocol::outcome_in(dir)?.is_some_and(|outcome| outcome.status == Status::Done))
}

/// Outcome of a worker that panicked or met an error.
fn crashed(tail: String) -> Status {
    Status::Crashed { signal: None, code: Some(i32::from(exit::WORKER_FAILED)), tail }
}
