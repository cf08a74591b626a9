//! `genbench trial DIR`: the worker. Trains one trial, measures it, and writes its outcome last.
//!
//! It is idempotent: a finished trial is not trained again, only measured where a measure has
//! been added; an interrupted one goes on from its checkpoint.

use std::panic;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use engine::measure::Subject;
use engine::trace::{TraceLayer, unix_ms};
use engine::{Checkpoint, End, Noise, Session, SessionError, Trainer, Wish};
use protocol::outcome::OUTCOME_SCHEMA;
use protocol::{DataFacts, Measurement, Outcome, Status, Trial, TrialDir, atomic, exit};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::host;
use crate::trained::{self, Parts, PartsError};
use crate::verbs::Failure;

/// Samples drawn for the sheet: eight rows of eight.
const SHEET: usize = 8;

/// What the surroundings did to the process.
#[derive(Clone, Default)]
struct Signals {
    stop: Arc<AtomicBool>,
    panicked: Arc<Mutex<Option<String>>>,
}

impl Signals {
    fn wish(&self) -> Wish {
        let panicked = self.panicked.lock().ok().and_then(|message| message.clone());
        match panicked {
            Some(message) => Wish::Alarm(message),
            None if self.stop.load(Ordering::Relaxed) => Wish::Stop,
            None => Wish::Continue,
        }
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

/// Runs the trial in `dir` to its outcome.
pub(crate) fn run(dir: &TrialDir) -> Result<u8, Failure> {
    let trial = trained::read_trial(dir)?;
    settle_environment(&trial.device)?;
    work(&trial, dir).or_else(unwritable)
}

/// A folder that cannot be written is not the trial's failure: there may be room the next time.
fn unwritable(error: std::io::Error) -> Result<u8, Failure> {
    eprintln!("{error}");
    Ok(if about_storage(&error.to_string()) { exit::WORKER_TRY_AGAIN } else { exit::WORKER_FAILED })
}

/// Whether the system refused to write; errors of Burn's recorders come as text.
fn about_storage(message: &str) -> bool {
    lab::run::DISK_WORDS.iter().any(|words| message.contains(words))
}

fn work(trial: &Trial, dir: &TrialDir) -> std::io::Result<u8> {
    let Some(_lock) = trained::lock(dir)? else {
        eprintln!("{}: another process works in this folder", dir.0.display());
        return Ok(exit::WORKER_TRY_AGAIN);
    };
    // Whoever held the lock before may have finished the trial.
    if lab::store::over(dir, trial)?.is_some() {
        return Ok(exit::DONE);
    }
    let layer = TraceLayer::append(&dir.trace())?;
    let attempt = layer.attempt();
    // Only genbench's own spans and the warnings of the rest: Burn and CubeCL log a lot.
    let filter = EnvFilter::new("warn,genbench=info,engine=info,zoo=info,data=info");
    let _ = tracing_log::LogTracer::init();
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer.with_filter(filter)))
        .map_err(std::io::Error::other)?;
    let signals = Signals::default();
    watch_panics(&signals);
    watch_signals(&signals)?;
    tracing::info!(
        name: "trace_started", trial = trial.id().0.as_str(), variant = trial.variant.as_str(), seed = trial.seed,
        genbench = host::VERSION, pid = std::process::id(), attempt
    );
    let span = tracing::info_span!("trial", trial = trial.id().0.as_str());
    let code = span.in_scope(|| attempt_trial(trial, dir, attempt, &signals))?;
    drop(span);
    tracing::info!(name: "trace_ended", exit_code = u64::from(code));
    Ok(code)
}

/// A panic on any thread is traced, and training does not trust its state afterwards: what panics
/// on a device's own thread would otherwise only be logged.
fn watch_panics(signals: &Signals) {
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
fn watch_signals(signals: &Signals) -> std::io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM, SIGUSR1};
    for signal in [SIGINT, SIGTERM, SIGUSR1] {
        signal_hook::flag::register(signal, signals.stop.clone())?;
    }
    Ok(())
}

fn attempt_trial(trial: &Trial, dir: &TrialDir, attempt: u32, signals: &Signals) -> std::io::Result<u8> {
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
    let guarded = panic::catch_unwind(panic::AssertUnwindSafe(|| train_and_measure(trial, dir, signals, &mut outcome)));
    let message = || signals.panicked.lock().ok().and_then(|message| message.clone()).unwrap_or_default();
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
            eprintln!("{error}");
            return Ok(exit::WORKER_TRY_AGAIN);
        }
        Ok(Err(error)) => (crashed(error.to_string()), exit::WORKER_FAILED),
        Err(_) => (crashed(message()), exit::WORKER_FAILED),
    };
    if let Some(reason) = status.reason() {
        tracing::error!(name: "failed", status = status.word(), reason = reason.as_str());
        eprintln!("{}: {reason}", status.word());
    }
    let run = Outcome { status, ended_unix_ms: unix_ms(), ..outcome };
    atomic::write_json(&dir.outcome(), &run)?;
    Ok(code)
}

fn crashed(tail: String) -> Status {
    Status::Crashed { signal: None, code: Some(i32::from(exit::WORKER_FAILED)), tail }
}

#[derive(Debug, thiserror::Error)]
enum WorkError {
    #[error(transparent)]
    Parts(#[from] PartsError),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    Measure(#[from] engine::measure::MeasureError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Problem(#[from] protocol::Problem),
}

/// Trains and measures; `None` when asked to stop on the way.
fn train_and_measure(
    trial: &Trial,
    dir: &TrialDir,
    signals: &Signals,
    outcome: &mut Outcome,
) -> Result<Option<Vec<Measurement>>, WorkError> {
    let parts = Parts::load(trial)?;
    let sha256 = parts.data.sha256();
    outcome.device = Some(parts.used.clone());
    outcome.data = Some(facts(&parts, &sha256));
    let checkpoint = Checkpoint::new(dir.checkpoint());
    let session = Session {
        train: &trial.train,
        seed: trial.seed,
        data: &parts.data,
        device: &parts.device,
        checkpoint: &checkpoint,
        wish: &|| signals.wish(),
    };
    let mut trainer = parts.trainer(trial)?;
    let mut end = session.run(&mut *trainer);
    if let Err(SessionError::Lost(why)) = &end {
        // Such as after a power cut. A trainer may be half restored: a fresh one, from the start. What cannot be
        // read is put aside rather than removed: somebody may know better.
        tracing::warn!(name: "checkpoint_lost", reason = why.to_string());
        eprintln!("begins anew: {why}");
        put_aside(&dir.checkpoint())?;
        trainer = parts.trainer(trial)?;
        end = session.run(&mut *trainer);
    }
    match end? {
        End::Stopped { .. } => return Ok(None),
        End::Trained { steps, kept_step, train_s } => {
            outcome.steps = steps;
            outcome.kept_step = Some(kept_step);
            outcome.train_s = train_s;
        }
    }
    outcome.parameters = Some(trainer.snapshot().parameters());
    draw_sheets(trial, dir, &parts, &*trainer)?;
    let measurements = measure(trial, dir, &parts, &sha256, &*trainer)?;
    match signals.wish() {
        Wish::Alarm(what) => Err(SessionError::Alarm(what).into()),
        _ => Ok(Some(measurements)),
    }
}

fn put_aside(checkpoint: &std::path::Path) -> std::io::Result<()> {
    let lost = checkpoint.with_extension("lost");
    if lost.exists() {
        std::fs::remove_dir_all(&lost)?;
    }
    std::fs::rename(checkpoint, &lost)
}

fn facts(parts: &Parts, sha256: &str) -> DataFacts {
    let shape = parts.data.shape;
    DataFacts {
        sha256: sha256.to_owned(),
        train: parts.data.train.len(),
        validation: parts.data.validation.len(),
        test: parts.data.test.len(),
        shape: [shape.channels, shape.height, shape.width],
    }
}

/// Takes the measures that have not been taken with these settings before; keeps the rest.
fn measure(
    trial: &Trial,
    dir: &TrialDir,
    parts: &Parts,
    sha256: &str,
    trainer: &dyn Trainer,
) -> Result<Vec<Measurement>, WorkError> {
    let mut known: Vec<Measurement> =
        if dir.measurements().exists() { atomic::read_json(&dir.measurements())? } else { Vec::new() };
    let model = trainer.snapshot();
    let cache = trained::extractor_cache(dir);
    let subject = Subject {
        model: &*model,
        data: &parts.data,
        data_sha256: sha256,
        seed: trial.seed,
        dir: &dir.0,
        cache: &cache,
    };
    for (done, spec) in trial.measure.iter().enumerate() {
        engine::trace::progress("measure", done as u64, trial.measure.len() as u64);
        let taken = |figure: &Measurement| {
            figure.measure == spec.name && figure.settings == spec.config && figure.version == spec.version
        };
        if !known.iter().any(taken) {
            known.extend(engine::measure::find(&spec.name)?.take(spec, &subject)?);
        }
    }
    engine::trace::progress("measure", trial.measure.len() as u64, trial.measure.len() as u64);
    Ok(known)
}

/// Pictures of samples, and of data to hold them against.
fn draw_sheets(trial: &Trial, dir: &TrialDir, parts: &Parts, trainer: &dyn Trainer) -> Result<(), WorkError> {
    let _span = tracing::info_span!("samples").entered();
    let (data, count) = (&parts.data, SHEET * SHEET);
    engine::sheet::write(&dir.samples().join("data.png"), &data.test.take(count), &data.shape, SHEET)?;
    let model = trainer.snapshot();
    let noise = || Noise::new(trial.seed, "sheet", 0);
    let write =
        |name: &str, images: &data::Split| engine::sheet::write(&dir.samples().join(name), images, &data.shape, SHEET);
    // What the model makes of what the test images come with, in the order of `data.png`.
    let test = data.test.take(count);
    if let (Some(conditional), Some(captions)) = (model.conditional(), &test.captions) {
        write("of_captions.png", &conditional.sample_for(captions, &mut noise()))?;
    }
    if let (Some(restorer), Some(cut)) = (model.restorer(), &test.parts) {
        write("restored.png", &restorer.restore(cut, &mut noise()).images)?;
    }
    if let (Some(translator), Some(other)) = (model.translator(), &test.other) {
        write("forth.png", &translator.forth(&test))?;
        write("back.png", &translator.back(other))?;
    }
    if let Some(sampler) = model.sampler() {
        let samples = sampler.sample(count, &mut noise());
        engine::sheet::write(&dir.samples().join("samples.png"), &samples, &data.shape, SHEET)?;
        let means = sampler.picture(count, &mut noise());
        if means != samples {
            engine::sheet::write(&dir.samples().join("means.png"), &means, &data.shape, SHEET)?;
        }
    }
    Ok(())
}
