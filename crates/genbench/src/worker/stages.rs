//! Stages of a trial: training, sheets, measures.

use engine::measure::{ControlModels, Subject};
use engine::{Checkpoint, End, Session, SessionError, TerminationRequest, Trainer};
use protocol::{
    DataFacts, Measurement, Outcome, Status, TakenBy, Trial, TrialDir, measurements_in, outcome_in, worded,
};

use super::sheets::draw_sheets;
use super::signals::Signals;
use crate::output::note;
use crate::registry::Registry;
use crate::trained::{self, PartsError, TrialParts};

/// Error of training or measuring a trial.
#[derive(Debug, thiserror::Error)]
pub(super) enum WorkError {
    #[error(transparent)]
    Parts(#[from] PartsError),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    Measure(#[from] engine::measure::MeasureError),
    #[error("{}", worded(.0))]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Problem(#[from] protocol::Problem),
    /// The trial is finished, and its trained model cannot be read: measuring it would mean training it again.
    #[error("the trained model cannot be read: {0}")]
    ModelLost(SessionError),
}

/// Trains and measures a trial. Returns `None` if a termination request stopped it.
pub(super) fn train_and_measure(
    trial: &Trial,
    dir: &TrialDir,
    registry: &Registry,
    signals: &Signals,
    outcome: &mut Outcome,
) -> Result<Option<Vec<Measurement>>, WorkError> {
    let parts = TrialParts::load(trial, registry)?;
    let sha256 = parts.data.sha256();
    outcome.device = Some(parts.used.clone());
    outcome.data = Some(facts(&parts, &sha256));
    let checkpoint = Checkpoint::new(dir.checkpoint());
    let session = Session {
        train: &trial.train,
        closed_form: parts.closed_form(trial)?,
        batches_per_step: parts.batches_per_step(trial)?,
        seed: trial.seed,
        data: &parts.data,
        device: &parts.device,
        checkpoint: &checkpoint,
        termination: &|| signals.termination(),
    };
    let mut trainer = parts.trainer(trial)?;
    let mut end = session.run(&mut *trainer);
    if let Err(SessionError::Lost(why)) = &end {
        // Such as after a power cut. The trainer may be half restored, so a new one starts from step 0. The unreadable
        // checkpoint is renamed, not removed, so that it can be inspected.
        tracing::warn!(name: "checkpoint_lost", reason = why.to_string());
        note!("{why}");
        rename_lost(&dir.checkpoint())?;
        if is_finished(dir)? {
            return end.map_err(WorkError::ModelLost).map(|_| None);
        }
        note!("starting from step 0");
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
    match signals.termination() {
        TerminationRequest::Abort(what) => Err(SessionError::Aborted(what).into()),
        _ => Ok(Some(measurements)),
    }
}

/// Returns whether the trial was finished before this worker, which then only takes measures.
fn is_finished(dir: &TrialDir) -> std::io::Result<bool> {
    Ok(outcome_in(dir)?.is_some_and(|outcome| outcome.status == Status::Done))
}

/// Renames an unreadable checkpoint to `checkpoint.lost`.
fn rename_lost(checkpoint: &std::path::Path) -> std::io::Result<()> {
    let lost = checkpoint.with_extension("lost");
    if lost.exists() {
        std::fs::remove_dir_all(&lost)?;
    }
    std::fs::rename(checkpoint, &lost)
}

/// Describes the data of a trial for its outcome.
fn facts(parts: &TrialParts<'_>, sha256: &str) -> DataFacts {
    let shape = parts.data.shape;
    DataFacts {
        sha256: sha256.to_owned(),
        train: parts.data.train.len(),
        validation: parts.data.validation.len(),
        test: parts.data.test.len(),
        shape: [shape.channels, shape.height, shape.width],
    }
}

/// Takes the worker's measures that have no figures with the same settings and version yet. Other figures stay.
fn measure(
    trial: &Trial,
    dir: &TrialDir,
    parts: &TrialParts<'_>,
    sha256: &str,
    trainer: &dyn Trainer,
) -> Result<Vec<Measurement>, WorkError> {
    let mut known = measurements_in(dir)?;
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
    let untrained = || parts.trainer(trial).map(|fresh| fresh.snapshot()).map_err(|error| error.to_string());
    let models = ControlModels::new(untrained);
    let mine: Vec<_> = trial.measure.iter().filter(|spec| spec.taken_by() == TakenBy::Worker).collect();
    for (done, spec) in mine.iter().enumerate() {
        engine::trace::progress("measure", done as u64, mine.len() as u64);
        let taken = |figure: &Measurement| {
            figure.measure == spec.name && figure.settings == spec.config && figure.version == spec.version
        };
        if !known.iter().any(taken) {
            known.extend(parts.registry.measures.find(&spec.name)?.take_with(spec, &subject, &models)?);
        }
    }
    engine::trace::progress("measure", mine.len() as u64, mine.len() as u64);
    Ok(known)
}
