//! Checkpoints: training state on disk, to resume training or to measure the model later.
//!
//! ```text
//! checkpoint/
//!   state.json     position in training and the folders in use; replaced atomically, last
//!   step-120/      parts of the trainer after 120 steps
//!   best-80/       best state so far, with `keep: best`
//!   kept/          state to measure, after training
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use protocol::atomic;
use serde::{Deserialize, Serialize};

use crate::{RecordError, Trainer};

const KEPT: &str = "kept";

/// The best evaluation so far.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Best {
    pub(crate) step: u64,
    pub(crate) value: f64,
}

/// Position in training.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct State {
    /// Number of steps taken.
    pub(crate) step: u64,
    /// Optimisation time so far, in seconds.
    pub(crate) train_s: f64,
    /// The best evaluation so far.
    pub(crate) best: Option<Best>,
    /// Number of evaluations since the best one.
    pub(crate) stale: u32,
    /// Number of steps of the state in `kept/`; set after training.
    pub(crate) kept: Option<u64>,
}

/// Folder `checkpoint/` of a trial.
#[derive(Clone, Debug)]
pub struct Checkpoint(PathBuf);

impl Checkpoint {
    /// Checkpoint in `folder`, which need not exist.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Saved position in training; `None` before the first checkpoint.
    pub(crate) fn state(&self) -> Result<Option<State>, RecordError> {
        let path = self.0.join("state.json");
        if !path.exists() {
            return Ok(None);
        }
        atomic::read_json(&path).map(Some).map_err(|error| RecordError::new(&path, error))
    }

    /// Saves the trainer after `state.step` steps, then makes it the state to resume from.
    pub(crate) fn save(&self, trainer: &mut dyn Trainer, state: &State) -> Result<(), RecordError> {
        self.save_as(trainer, &slot(state.step))?;
        self.commit(state)
    }

    /// Saves the best state so far. It is valid after a commit of a state that names it.
    pub(crate) fn save_best(&self, trainer: &mut dyn Trainer, step: u64) -> Result<(), RecordError> {
        self.save_as(trainer, &best_slot(step))
    }

    /// Saves the state to measure, after training.
    pub(crate) fn keep(&self, trainer: &mut dyn Trainer, state: &State) -> Result<(), RecordError> {
        self.save_as(trainer, KEPT)?;
        self.commit(state)
    }

    /// Loads the state that [`Checkpoint::save`] or [`Checkpoint::keep`] saved.
    pub(crate) fn load(&self, trainer: &mut dyn Trainer, state: &State) -> Result<(), RecordError> {
        let folder = if state.kept.is_some() { KEPT.to_owned() } else { slot(state.step) };
        trainer.load(&self.0.join(folder))
    }

    /// Loads the state that [`Checkpoint::save_best`] saved.
    pub(crate) fn load_best(&self, trainer: &mut dyn Trainer, step: u64) -> Result<(), RecordError> {
        trainer.load(&self.0.join(best_slot(step)))
    }

    /// Saves the trainer in the folder `name`, which is complete or absent at any time.
    fn save_as(&self, trainer: &mut dyn Trainer, name: &str) -> Result<(), RecordError> {
        let (part, whole) = (self.0.join(format!("{name}.part")), self.0.join(name));
        let io = |error| RecordError::new(&whole, error);
        remove(&part).map_err(io)?;
        fs::create_dir_all(&part).map_err(io)?;
        trainer.save(&part)?;
        flush(&part).map_err(io)?;
        remove(&whole).map_err(io)?;
        fs::rename(&part, &whole).map_err(io)
    }

    /// Writes `state.json`, then removes folders that are not in use.
    fn commit(&self, state: &State) -> Result<(), RecordError> {
        let path = self.0.join("state.json");
        let io = |error| RecordError::new(&path, error);
        atomic::write_json(&path, state).map_err(io)?;
        let named = match (state.kept, state.best) {
            (Some(_), _) => vec![KEPT.to_owned()],
            (None, Some(best)) => vec![slot(state.step), best_slot(best.step)],
            (None, None) => vec![slot(state.step)],
        };
        for entry in fs::read_dir(&self.0).map_err(io)?.flatten() {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder && !named.iter().any(|name| entry.file_name() == name.as_str()) {
                remove(&entry.path()).map_err(io)?;
            }
        }
        Ok(())
    }
}

/// Flushes the files of a folder to the disk, before the state that names the folder is written.
fn flush(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            flush(&path)?;
        } else {
            fs::File::open(&path)?.sync_all()?;
        }
    }
    Ok(())
}

/// Restores the measured state from the checkpoint in `folder` into a new trainer.
///
/// # Errors
/// Training is not complete, or a file cannot be read.
pub fn load_kept(folder: &Path, trainer: &mut dyn Trainer) -> Result<(), RecordError> {
    let checkpoint = Checkpoint(folder.to_owned());
    match checkpoint.state()? {
        Some(state) if state.kept.is_some() => checkpoint.load(trainer, &state),
        _ => Err(RecordError::new(folder, "the folder has no trained model yet")),
    }
}

fn slot(step: u64) -> String {
    format!("step-{step}")
}

fn best_slot(step: u64) -> String {
    format!("best-{step}")
}

fn remove(folder: &Path) -> std::io::Result<()> {
    if folder.exists() { fs::remove_dir_all(folder) } else { Ok(()) }
}
