//! Results of the first scheme over files. Its ids depend on the path of the files, which may be written in another way
//! today, so such results are found by their records.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use super::TrialDir;
use crate::{Trial, TrialId, atomic};

/// The folders of a grid whose names are ids of the first scheme.
struct Folders {
    /// Folder of all trials, and the time of its last change.
    trials: (PathBuf, SystemTime),
    /// Folders whose record was written again since, by the present id.
    renewed: HashMap<TrialId, TrialId>,
    /// Folders with a record of the first scheme.
    old: Vec<(TrialId, Trial)>,
}

/// One-entry cache: the folders that were read last.
static LAST: Mutex<Option<Folders>> = Mutex::new(None);

/// The folder with the results of a trial under an id of the first scheme, wherever its files were then.
pub(super) fn folder_of(trial: &Trial, trials: &Path) -> Option<TrialId> {
    let changed = fs::metadata(trials).ok()?.modified().ok()?;
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    let now = (trials.to_owned(), changed);
    if last.as_ref().is_none_or(|known| known.trials != now) {
        *last = Some(Folders::read(now));
    }
    let known = last.as_ref()?;
    let content = trial.first_content()?;
    let same = |old: &&(TrialId, Trial)| old.1.seed == trial.seed && old.1.content_without(trial) == content;
    let old = || known.old.iter().find(same).map(|(id, _)| id);
    known.renewed.get(&trial.id()).or_else(old).cloned()
}

impl Folders {
    /// Reads the records of all folders. One that cannot be read has no results to find.
    fn read(trials: (PathBuf, SystemTime)) -> Self {
        let (mut renewed, mut old) = (HashMap::new(), Vec::new());
        for folder in fs::read_dir(&trials.0).into_iter().flatten().flatten() {
            let Ok(record) = atomic::read_json::<Trial>(&TrialDir(folder.path()).trial()) else { continue };
            let name = TrialId(folder.file_name().to_string_lossy().into_owned());
            if record.first_id().is_none() {
                old.push((name, record));
            } else if record.id() != name {
                renewed.insert(record.id(), name);
            }
        }
        Self { trials, renewed, old }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::fixtures::trial;
    use crate::{GridDir, Meaning};

    /// A trial of the second scheme over files in the folder `path`.
    fn over_files(path: &str, hash: &str) -> Trial {
        let mut trial = trial("nade", 0);
        let config = json!({"path": path, "test": 3});
        let resolve = |settings: &serde_json::Value| Some(settings.clone());
        Arc::make_mut(&mut trial.model).meaning = Some(Meaning::of(&json!({}), &json!({}), &resolve));
        let data = Arc::make_mut(&mut trial.data);
        let meaning = Meaning::of(&config, &json!({"path": "", "test": 0}), &resolve);
        (data.meaning, data.hash) = (Some(meaning.without(vec!["path".into()])), hash.into());
        data.config = config;
        trial
    }

    /// The same trial as a record of the first scheme.
    fn first(trial: &Trial) -> Trial {
        let mut old = trial.clone();
        Arc::make_mut(&mut old.model).meaning = None;
        Arc::make_mut(&mut old.data).meaning = None;
        old
    }

    #[test]
    fn results_are_found_whatever_the_path_was_and_after_their_record_was_renewed() {
        let folder = tempfile::tempdir().unwrap();
        let grid = GridDir::new(folder.path(), "g");
        let old = first(&over_files("images", "abc"));
        let write = |trial: &Trial| atomic::write_json(&grid.trial(&old.id()).trial(), trial).unwrap();
        write(&old);
        let moved = over_files("/elsewhere/images", "abc");
        assert_eq!((moved.first_id() == Some(old.id()), grid.id(&moved)), (false, old.id()));
        for other in [over_files("images", "abd"), Trial { seed: 1, ..moved.clone() }] {
            assert_eq!(grid.id(&other), other.id(), "other content or another seed");
        }
        write(&moved);
        std::fs::create_dir(grid.trials().join("another")).unwrap();
        let again = over_files("/third", "abc");
        assert_eq!(grid.id(&again), old.id(), "the folder keeps its name");
    }
}
