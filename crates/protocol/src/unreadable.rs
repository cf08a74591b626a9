//! Records of a trial that exist and cannot be used: torn by a power cut, written by a newer genbench, a folder in the
//! place of a file, or a file without read permission. They concern one trial; all other trials go on.

use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use crate::completion::measurements_in;
use crate::{FolderLock, Measurement, TrialDir, atomic, outcome_in};

/// A record that cannot be used, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The file and the cause.
    pub message: String,
    /// What to do.
    pub remedy: Remedy,
}

/// What to do about a record that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// The content is lost: a run renames the record and runs the trial again.
    RunAgain,
    /// The trained model is gone: only training brings it back.
    Train,
    /// A newer genbench wrote the record.
    Update,
    /// The system refuses to read the file.
    Inspect,
}

impl Unreadable {
    /// The record that caused `error`.
    #[must_use]
    pub fn of(error: &io::Error) -> Self {
        let remedy = match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::IsADirectory => Remedy::RunAgain,
            io::ErrorKind::Unsupported => Remedy::Update,
            io::ErrorKind::NotFound => Remedy::Train,
            _ => Remedy::Inspect,
        };
        Self { message: error.to_string(), remedy }
    }

    /// What cannot be used, in two words.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.remedy {
            Remedy::Train => "lost model",
            _ => "unreadable record",
        }
    }

    /// Advice in one line.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self.remedy {
            Remedy::RunAgain => {
                "the next `genbench run` of this grid renames the file to *.bad and runs the trial again"
            }
            Remedy::Train => {
                "`genbench run GRID.yaml --fresh --only LABEL` trains the variant again; until then its figures stay"
            }
            Remedy::Update => "use the genbench that wrote the file, or move the file away to run the trial again",
            Remedy::Inspect => "check the path and its permissions, or move it away to run the trial again",
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// A record that was renamed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// The record and the cause.
    pub message: String,
    /// The new path.
    pub now: PathBuf,
}

impl fmt::Display for SetAside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; renamed to {}", self.message, self.now.file_name().unwrap_or_default().display())
    }
}

/// Returns whether a record in a trial's folder is damaged, so that [`set_aside`] would rename it.
#[must_use]
pub fn is_damaged(dir: &TrialDir) -> bool {
    !damaged(dir).is_empty()
}

/// The reason why no process can work in a trial's folder, if it is none or its lock is a folder.
#[must_use]
pub fn blocked(dir: &TrialDir) -> Option<Unreadable> {
    let because = |path: PathBuf, why: &str| {
        Some(Unreadable { message: format!("{}: {why}", path.display()), remedy: Remedy::Inspect })
    };
    match fs::metadata(&dir.0) {
        Ok(about) if !about.is_dir() => because(dir.0.clone(), "a file, not a folder"),
        _ if dir.lock().is_dir() => because(dir.lock(), "a folder, not a file"),
        _ => None,
    }
}

/// Renames the damaged records in a trial's folder, so that the trial can run again and nothing is lost:
/// `outcome.json` becomes `outcome.json.bad`. Records that a newer genbench wrote, or that the system refuses to read, stay.
///
/// # Errors
/// A record cannot be renamed.
pub fn set_aside(_held: &FolderLock, dir: &TrialDir) -> io::Result<Vec<SetAside>> {
    let renamed = |(path, message): (PathBuf, String)| {
        let now = free_name(&path);
        fs::rename(&path, &now).map(|()| SetAside { message, now })
    };
    damaged(dir).into_iter().map(renamed).collect()
}

/// The damaged records, each with the cause.
fn damaged(dir: &TrialDir) -> Vec<(PathBuf, String)> {
    let unreadable = [
        (dir.outcome(), outcome_in(dir).err()),
        (dir.measurements(), measurements_in(dir).err()),
        (dir.throughput(), atomic::read_json_if_exists::<Vec<Measurement>>(&dir.throughput()).err()),
    ];
    let damaged = unreadable.into_iter().filter_map(|(path, error)| {
        let unreadable = Unreadable::of(&error?);
        (unreadable.remedy == Remedy::RunAgain).then_some((path, unreadable.message))
    });
    let folders = [dir.trial(), dir.trace(), dir.stderr()].into_iter().filter(|path| path.is_dir());
    let files = [dir.checkpoint(), dir.samples(), dir.0.join("per_image")].into_iter().filter(|path| path.is_file());
    let folders = folders.map(|path| (path.clone(), format!("{}: a folder, not a file", path.display())));
    let files = files.map(|path| (path.clone(), format!("{}: a file, not a folder", path.display())));
    damaged.chain(folders).chain(files).collect()
}

/// `PATH.bad`, or the first free one of `PATH.bad2`, `PATH.bad3` and so on.
fn free_name(path: &Path) -> PathBuf {
    let named = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let later = (2..).map(|number: u32| named(&format!(".bad{number}")));
    let mut names = std::iter::once(named(".bad")).chain(later);
    names.find(|name| fs::symlink_metadata(name).is_err()).unwrap_or_else(|| named(".bad"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::outcome;
    use crate::{Status, TrialId};

    fn folder() -> (tempfile::TempDir, TrialDir) {
        let folder = tempfile::tempdir().unwrap();
        let dir = TrialDir(folder.path().join("trial"));
        fs::create_dir(&dir.0).unwrap();
        (folder, dir)
    }

    #[test]
    fn every_prefix_of_an_outcome_is_damaged_and_the_whole_is_not() {
        let (_kept, dir) = folder();
        let whole = serde_json::to_vec_pretty(&outcome(TrialId("x".into()), Status::Done)).unwrap();
        for length in 0..whole.len() {
            fs::write(dir.outcome(), &whole[..length]).unwrap();
            let unreadable = Unreadable::of(&outcome_in(&dir).unwrap_err());
            assert_eq!(unreadable.remedy, Remedy::RunAgain, "{length}: {unreadable}");
            assert!(unreadable.message.contains("outcome.json"), "{unreadable}");
        }
        fs::write(dir.outcome(), &whole).unwrap();
        assert!(outcome_in(&dir).unwrap().is_some());
    }

    #[test]
    fn a_record_of_a_newer_genbench_is_named_as_such_and_stays() {
        let (_kept, dir) = folder();
        let lock = FolderLock::take(&dir).unwrap().unwrap();
        let mut record = serde_json::to_value(outcome(TrialId("x".into()), Status::Done)).unwrap();
        record["schema"] = 99.into();
        let same_fields = record.clone();
        record["status"] = "paused".into();
        for value in [same_fields, record, serde_json::json!({"schema": 99})] {
            atomic::write_json(&dir.outcome(), &value).unwrap();
            let unreadable = Unreadable::of(&outcome_in(&dir).unwrap_err());
            assert_eq!(unreadable.remedy, Remedy::Update);
            assert!(unreadable.message.contains("newer genbench (schema 99;"), "{unreadable}");
            assert_eq!(set_aside(&lock, &dir).unwrap(), []);
        }
        atomic::write_json(&dir.outcome(), &serde_json::json!({"schema": 0})).unwrap();
        assert_eq!(Unreadable::of(&outcome_in(&dir).unwrap_err()).remedy, Remedy::RunAgain);
    }

    #[test]
    fn damaged_records_are_renamed_and_no_earlier_one_is_overwritten() {
        let (_kept, dir) = folder();
        let lock = FolderLock::take(&dir).unwrap().unwrap();
        for content in ["first", "second"] {
            fs::write(dir.outcome(), content).unwrap();
            assert_eq!(set_aside(&lock, &dir).unwrap().len(), 1);
        }
        assert_eq!(fs::read_to_string(dir.0.join("outcome.json.bad")).unwrap(), "first");
        assert_eq!(fs::read_to_string(dir.0.join("outcome.json.bad2")).unwrap(), "second");
        for path in [dir.outcome(), dir.measurements(), dir.throughput(), dir.trial(), dir.trace(), dir.stderr()] {
            fs::create_dir(path).unwrap();
        }
        for path in [dir.checkpoint(), dir.samples(), dir.0.join("per_image")] {
            fs::write(path, "").unwrap();
        }
        let moved = set_aside(&lock, &dir).unwrap();
        assert_eq!(moved.len(), 9, "{moved:?}");
        assert!(dir.0.join("outcome.json.bad3").is_dir());
        assert!(moved.iter().any(|one| one.to_string().ends_with("renamed to checkpoint.bad")));
        assert!(!is_damaged(&dir));
        assert_eq!(outcome_in(&dir).unwrap(), None);
    }
}
