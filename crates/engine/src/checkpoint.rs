//! State on disk: to resume from, and to measure again later.
//!
//! ```text
//! checkpoint/
//!   state.json     where training stands and which folder holds it; replaced atomically, last
//!   step-120/      what the trainer saved at that step
//!   best-80/       the best state so far, under `keep: best`
//!   kept/          the state that was measured, once training is over
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

/// Where training stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct State {
    /// Steps done.
    pub(crate) step: u64,
    /// Seconds of optimisation so far.
    pub(crate) train_s: f64,
    /// The best evaluation so far.
    pub(crate) best: Option<Best>,
    /// Evaluations in a row without a better one.
    pub(crate) stale: u32,
    /// The step whose state is in `kept/`; set when training is over.
    pub(crate) kept: Option<u64>,
}

/// A trial's `checkpoint/` folder.
#[derive(Clone, Debug)]
pub struct Checkpoint(PathBuf);

impl Checkpoint {
    /// The folder, which need not exist yet.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Where training stands on disk; `None` at the very beginning.
    pub(crate) fn state(&self) -> Result<Option<State>, RecordError> {
        let path = self.0.join("state.json");
        if !path.exists() {
            return Ok(None);
        }
        atomic::read_json(&path).map(Some).map_err(|error| RecordError::new(&path, error))
    }

    /// Saves the trainer at `state.step`, then makes that the state to resume from.
    pub(crate) fn save(&self, trainer: &mut dyn Trainer, state: &State) -> Result<(), RecordError> {
        self.save_as(trainer, &slot(state.step))?;
        self.commit(state)
    }

    /// Saves the best state so far; it counts once a state that names it is committed.
    pub(crate) fn save_best(&self, trainer: &mut dyn Trainer, step: u64) -> Result<(), RecordError> {
        self.save_as(trainer, &best(step))
    }

    /// Saves the state that is about to be measured: training is over.
    pub(crate) fn keep(&self, trainer: &mut dyn Trainer, state: &State) -> Result<(), RecordError> {
        self.save_as(trainer, KEPT)?;
        self.commit(state)
    }

    /// Reads back what [`Checkpoint::save`] saved.
    pub(crate) fn load(&self, trainer: &mut dyn Trainer, state: &State) -> Result<(), RecordError> {
        let folder = if state.kept.is_some() { KEPT.to_owned() } else { slot(state.step) };
        trainer.load(&self.0.join(folder))
    }

    /// Reads back what [`Checkpoint::save_best`] saved.
    pub(crate) fn load_best(&self, trainer: &mut dyn Trainer, step: u64) -> Result<(), RecordError> {
        trainer.load(&self.0.join(best(step)))
    }

    /// A folder appears whole or not at all.
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

    /// Writes `state.json`, then removes the folders that it no longer names.
    fn commit(&self, state: &State) -> Result<(), RecordError> {
        let path = self.0.join("state.json");
        let io = |error| RecordError::new(&path, error);
        atomic::write_json(&path, state).map_err(io)?;
        let named = match (state.kept, state.best) {
            (Some(_), _) => vec![KEPT.to_owned()],
            (None, Some(known)) => vec![slot(state.step), best(known.step)],
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

/// Brings a folder's files to the disk: the state that names it must not get there first.
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

/// Restores the state that was measured into a fresh trainer.
///
/// # Errors
/// Training is not over, or the files cannot be read.
pub fn load_kept(folder: &Path, trainer: &mut dyn Trainer) -> Result<(), RecordError> {
    let checkpoint = Checkpoint(folder.to_owned());
    match checkpoint.state()? {
        Some(state) if state.kept.is_some() => checkpoint.load(trainer, &state),
        _ => Err(RecordError::new(folder, "there is no trained model here yet")),
    }
}

fn slot(step: u64) -> String {
    format!("step-{step}")
}

fn best(step: u64) -> String {
    format!("best-{step}")
}

fn remove(folder: &Path) -> std::io::Result<()> {
    if folder.exists() { fs::remove_dir_all(folder) } else { Ok(()) }
}
