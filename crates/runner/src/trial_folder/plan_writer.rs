//! Plan and grid in the folder of results: which plan is kept, and whose folder it is.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use protocol::{GridDir, GridRecord, Plan, Trial, TrialId, atomic, relative};

use crate::error::{RunError, at};
use crate::options::RunOptions;

/// The plan that a run leaves in the folder of its grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredPlan {
    /// The plan of the run.
    Own,
    /// The plan of the whole grid, of which the run has a part.
    Whole,
    /// The plan of the whole grid from an earlier run. Options changed the trials of this run.
    Kept,
}

/// Returns which plan a run stores.
#[must_use]
pub fn stored_plan(plan: &Plan, options: &RunOptions) -> StoredPlan {
    if options.overrides.is_empty() {
        return StoredPlan::Own;
    }
    if options.whole.as_ref().is_some_and(|whole| is_part(plan, whole)) {
        return StoredPlan::Whole;
    }
    let grid = GridDir::new(&options.results, &plan.grid);
    if grid.plan_json().exists() && record(&grid).changed.is_empty() { StoredPlan::Kept } else { StoredPlan::Own }
}

/// Returns whether every trial of `plan` is a trial of `whole`, at any number of its seeds.
fn is_part(plan: &Plan, whole: &Plan) -> bool {
    let all: HashSet<TrialId> = whole.with_all_seeds().trials.iter().map(Trial::id).collect();
    plan.trials.iter().all(|trial| all.contains(&trial.id()))
}

/// The record of the grid; that of an unknown file if there is none.
fn record(grid: &GridDir) -> GridRecord {
    atomic::read_json(&grid.record()).unwrap_or_default()
}

/// Writes plan, grid and record, unless the plan of the whole grid is kept.
///
/// # Errors
/// The folder belongs to another grid file, or cannot be written.
pub(super) fn write_plan(grid: &GridDir, plan: &Plan, options: &RunOptions) -> Result<(), RunError> {
    let file = options.grid_file.as_deref().and_then(|file| file.canonicalize().ok());
    if let (Some(file), false) = (&file, options.replace) {
        refuse_other_file(grid, file, &plan.grid)?;
    }
    let (plan, changed) = match (stored_plan(plan, options), &options.whole) {
        (StoredPlan::Kept, _) => return Ok(()),
        (StoredPlan::Whole, Some(whole)) => (whole, Vec::new()),
        _ => (plan, options.overrides.clone()),
    };
    if let Some(text) = &options.grid_yaml {
        write_if_new(&grid.grid_yaml(), text.as_bytes())?;
    }
    let record = GridRecord { file: file.and_then(|file| Some(from(grid, &file)?.display().to_string())), changed };
    for (path, bytes) in [(grid.record(), json(&record)), (grid.plan_json(), json(plan))] {
        write_if_new(&path, &bytes.map_err(|error| at(&path)(error.into()))?)?;
    }
    Ok(())
}

fn json(value: &impl serde::Serialize) -> serde_json::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The path of a file relative to the folder of the grid, which is made for it.
fn from(grid: &GridDir, file: &Path) -> Option<PathBuf> {
    fs::create_dir_all(&grid.0).ok()?;
    Some(relative(&grid.0.canonicalize().ok()?, file))
}

/// Refuses a folder of another grid file that still exists and still has this name.
fn refuse_other_file(grid: &GridDir, file: &Path, name: &str) -> Result<(), RunError> {
    let Some(recorded) = record(grid).file else { return Ok(()) };
    let path = grid.0.join(recorded);
    let Ok(other) = path.canonicalize() else { return Ok(()) };
    let has_name = |text: String| {
        let known: Option<serde_json::Value> = serde_yaml::from_str(&text).ok();
        known.is_some_and(|known| known.get("name").is_some_and(|known| known == name))
    };
    if other != file && fs::read_to_string(&other).is_ok_and(has_name) {
        return Err(RunError::OtherGrid { folder: grid.0.clone(), file: other });
    }
    Ok(())
}

fn write_if_new(path: &Path, bytes: &[u8]) -> Result<(), RunError> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    atomic::write(path, bytes).map_err(at(path))
}
