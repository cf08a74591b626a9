//! Training loop of one trial: from the first step or from a checkpoint to the state that is measured.

#[cfg(test)]
mod tests;

use burn::prelude::Device;
use data::{Dataset, Noise};
use protocol::outcome::{diverged_quantity, diverged_reason};
use protocol::{Keep, TrainSpec};

use crate::checkpoint::{Best, Checkpoint, State};
use crate::descents::observed;
use crate::progress::progress;
use crate::run_scalars::{Pace, norm_is_due};
use crate::{Batch, RecordError, Step, Stopwatch, Trainer, faults, trace};

/// Approximate number of times per run that training scalars are read back and traced.
const SCALARS_PER_RUN: u64 = 100;

/// End of training without an error.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// Training is complete: the trainer and `checkpoint/kept` hold the state to measure.
    Trained {
        /// Number of steps taken.
        steps: u64,
        /// Number of steps after which the kept state was reached.
        kept_step: u64,
        /// Optimisation time in seconds.
        train_s: f64,
    },
    /// Training stopped on request: a checkpoint holds the state.
    Stopped {
        /// Number of steps taken.
        step: u64,
    },
}

/// Reason why training cannot continue.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// A training scalar or the progress quantity is not finite, or above
    /// [`DIVERGENCE_LIMIT`](protocol::outcome::DIVERGENCE_LIMIT) in size.
    #[error("{}", diverged_reason(what, *step))]
    Diverged {
        /// Number of steps taken when the value was read.
        step: u64,
        /// Name of the scalar or quantity; with its value, if that is finite.
        what: String,
    },
    /// The checkpoint cannot be written.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A saved checkpoint cannot be read: training must restart with a new trainer.
    #[error("{0}")]
    Lost(RecordError),
    /// Another thread of the process failed, with this message.
    #[error("{0}")]
    Aborted(String),
}

/// Request to a session, read before every step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TerminationRequest {
    /// No request: training continues.
    None,
    /// Save a checkpoint and stop.
    Checkpoint,
    /// Stop without a checkpoint, because the state may be wrong; the message states why.
    Abort(String),
}

/// Settings and data of a training run.
pub struct Session<'a> {
    /// Number of steps, batch size, schedule, and rules for evaluation and early stopping.
    pub train: &'a TrainSpec,
    /// `true` if the model is fitted in closed form: by one pass over the training images in order.
    pub closed_form: bool,
    /// Number of batches that the model takes per step.
    pub batches_per_step: usize,
    /// The trial's seed.
    pub seed: u64,
    /// The data set.
    pub data: &'a Dataset,
    /// The training device, with autodiff enabled.
    pub device: &'a Device,
    /// Folder of the checkpoint.
    pub checkpoint: &'a Checkpoint,
    /// Returns the termination request; called before every step.
    pub termination: &'a dyn Fn() -> TerminationRequest,
}

impl Session<'_> {
    /// Trains until the last step, early stopping or a termination request, and resumes from a checkpoint if there is
    /// one.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub fn run(&self, trainer: &mut dyn Trainer) -> Result<End, SessionError> {
        let mut state = self.resume(trainer)?;
        let total = self.total_steps();
        if state.kept.is_none() {
            let span = tracing::info_span!("train", from_step = state.step, steps = total);
            if let Some(stopped) = span.in_scope(|| self.steps(trainer, &mut state, total))? {
                return Ok(stopped);
            }
            self.keep_measured_state(trainer, &mut state)?;
        }
        Ok(End::Trained { steps: state.step, kept_step: state.kept.unwrap_or(state.step), train_s: state.train_s })
    }

    fn resume(&self, trainer: &mut dyn Trainer) -> Result<State, SessionError> {
        let Some(state) = self.checkpoint.state().map_err(SessionError::Lost)? else { return Ok(State::default()) };
        self.checkpoint.load(trainer, &state).map_err(SessionError::Lost)?;
        tracing::info!(name: "resumed", step = state.step);
        Ok(state)
    }

    fn total_steps(&self) -> u64 {
        let (images, size) = (self.data.train.len(), self.train.batch_size);
        if self.closed_form { faults::closed_form_steps(images, size) as u64 } else { self.train.steps }
    }

    fn steps(&self, trainer: &mut dyn Trainer, state: &mut State, total: u64) -> Result<Option<End>, SessionError> {
        let log_every = (total / SCALARS_PER_RUN).max(1);
        let mut watch = Stopwatch::started_with(state.train_s);
        let mut batches = Batches::new(self);
        let mut pace = Pace::new(self.images(state.step), state.train_s);
        while state.step < total && !self.out_of_patience(state) {
            match (self.termination)() {
                TerminationRequest::None => {}
                TerminationRequest::Abort(what) => return Err(SessionError::Aborted(what)),
                TerminationRequest::Checkpoint => {
                    state.train_s = watch.seconds();
                    self.checkpoint.save(trainer, state)?;
                    tracing::info!(name: "stopped", step = state.step);
                    return Ok(Some(End::Stopped { step: state.step }));
                }
            }
            let at = Step { index: state.step, lr_factor: self.train.lr_factor(state.step, total), seed: self.seed };
            let batch = batches.at(state.step);
            faults::before_step(trainer, state.step, batches.steps_per_epoch());
            let next = state.step + 1;
            let last = next == total;
            let logged = last || next.is_multiple_of(log_every);
            let (scalars, descents) = observed(logged && (last || norm_is_due(next, log_every)), || {
                faults::timed_step(|| trainer.step(&batch, &at))
            });
            state.step = next;
            if logged {
                let values = scalars.read();
                let of_the_run = pace.scalars(descents, self.images(next), watch.seconds());
                trace::scalars(state.step, &values, &of_the_run);
                trace::progress("train", state.step, total);
                if let Some(what) = values.iter().find_map(|(name, value)| diverged_quantity(name, *value)) {
                    return Err(SessionError::Diverged { step: state.step, what });
                }
            }
            // A closed-form model is complete only after its last image.
            let due = !self.closed_form && state.step.is_multiple_of(self.train.eval_every);
            if last || due {
                state.train_s = watch.seconds();
                watch.paused(|| self.evaluate(trainer, state))?;
            }
        }
        if state.step < total {
            tracing::info!(name: "stopped_early", step = state.step);
        }
        Ok(None)
    }

    /// Number of training images used up to a step, repetitions counted.
    fn images(&self, step: u64) -> u64 {
        let (size, all) = (self.train.batch_size as u64, self.data.train.len() as u64);
        let batches = step * self.batches_per_step as u64;
        if self.closed_form { (step * size).min(all) } else { batches * size.min(all) }
    }

    fn out_of_patience(&self, state: &State) -> bool {
        self.train.patience.is_some_and(|patience| state.stale >= patience)
    }

    /// Evaluates the progress quantity on the validation split, then saves a checkpoint.
    fn evaluate(&self, trainer: &mut dyn Trainer, state: &mut State) -> Result<(), SessionError> {
        let _span = tracing::info_span!("evaluate", step = state.step).entered();
        let progress = faults::timed_evaluation(|| progress(&*trainer.snapshot(), &self.data.validation, self.seed));
        if progress.is_none() {
            let images = self.data.validation.len();
            let reason = if images < 2 { "too few validation images" } else { "the model has no progress quantity" };
            tracing::info!(name: "no_validation", step = state.step, images, reason);
        }
        if let Some(progress) = progress {
            let better = state.best.is_none_or(|best| progress.value < best.value);
            tracing::info!(
                name: "validation", step = state.step, quantity = progress.quantity, value = progress.value,
                se = progress.se, n = progress.n, unit = progress.unit, best = better, train_s = state.train_s,
                images = self.images(state.step)
            );
            let name = format!("validation {}", progress.quantity);
            if let Some(what) = diverged_quantity(&name, progress.value) {
                return Err(SessionError::Diverged { step: state.step, what });
            }
            state.stale = if better { 0 } else { state.stale + 1 };
            if better {
                state.best = Some(Best { step: state.step, value: progress.value });
                if self.train.keep == Keep::Best {
                    self.checkpoint.save_best(trainer, state.step)?;
                }
            }
        }
        Ok(self.checkpoint.save(trainer, state)?)
    }

    /// Puts the state to measure into the trainer and into `kept/`, after the last step.
    fn keep_measured_state(&self, trainer: &mut dyn Trainer, state: &mut State) -> Result<(), SessionError> {
        let mut kept = state.step;
        if let (Keep::Best, Some(best)) = (self.train.keep, state.best)
            && best.step != state.step
        {
            self.checkpoint.load_best(trainer, best.step).map_err(SessionError::Lost)?;
            kept = best.step;
        }
        trainer.finish(&self.data.validation);
        state.kept = Some(kept);
        self.checkpoint.keep(trainer, state)?;
        tracing::info!(name: "trained", steps = state.step, kept_step = kept, train_s = state.train_s);
        Ok(())
    }
}

/// Batches of a trial, one or several per step; they depend on the seed and the step only.
struct Batches<'a> {
    session: &'a Session<'a>,
    epoch: Option<(u64, Vec<usize>)>,
}

impl<'a> Batches<'a> {
    fn new(session: &'a Session<'a>) -> Self {
        Self { session, epoch: None }
    }

    fn at(&mut self, step: u64) -> Batch {
        let (data, size) = (self.session.data, self.session.train.batch_size);
        let mut indices: Vec<usize> = if self.session.closed_form {
            let first = step as usize * size;
            (first..(first + size).min(data.train.len())).collect()
        } else {
            let batches = self.session.batches_per_step as u64;
            (0..batches).flat_map(|batch| self.indices(step * batches + batch)).collect()
        };
        faults::order(&mut indices);
        let mut host = data.batch(&indices, step);
        faults::batch(&mut host, &data.validation, step);
        Batch::new(host, self.session.device)
    }

    /// Number of steps per epoch.
    fn steps_per_epoch(&self) -> u64 {
        (self.per_epoch() / self.session.batches_per_step).max(1) as u64
    }

    /// Number of batches per epoch: whole batches only, so that shapes stay static. Each epoch leaves out other images.
    fn per_epoch(&self) -> usize {
        (self.session.data.train.len() / self.session.train.batch_size).max(1)
    }

    /// Images of a batch, counted from the start of training.
    fn indices(&mut self, batch: u64) -> Vec<usize> {
        let (images, size) = (self.session.data.train.len(), self.session.train.batch_size);
        let per_epoch = self.per_epoch();
        let (epoch, position) = (batch / per_epoch as u64, batch as usize % per_epoch);
        if self.epoch.as_ref().is_none_or(|(known, _)| *known != epoch) {
            self.epoch =
                Some((epoch, Noise::new(self.session.seed, "batches", faults::epoch(epoch)).permutation(images)));
        }
        let order = &self.epoch.as_ref().expect("set above").1;
        order.iter().skip(position * size).take(size).copied().collect()
    }
}
