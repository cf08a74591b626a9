//! Files of baselines: one for each grid, name and machine class.

use std::path::{Path, PathBuf};
use std::{fs, io};

use protocol::{Plan, atomic, read_versioned};
use serde::Deserialize;

use super::baseline::{BASELINE_SCHEMA, Baseline};
use super::machine_class::MachineClass;
use super::variant_match::input_changes;

/// Name of a baseline that is used if none is named.
pub const MAIN: &str = "main";

/// Baselines of a grid: files `NAME.MACHINE.json` in `RESULTS/reference/GRID/baselines`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaselineFiles {
    folder: PathBuf,
}

/// File of a baseline.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BaselineFile {
    /// Name of the baseline.
    pub name: String,
    /// Machine class as in the file's name.
    pub machine: String,
    /// Path of the file.
    pub path: PathBuf,
}

impl BaselineFiles {
    /// The baselines of `grid` under the folder of all results.
    #[must_use]
    pub fn of(results: &Path, grid: &str) -> Self {
        Self { folder: results.join("reference").join(grid).join("baselines") }
    }

    /// File of a baseline of this name and machine class.
    #[must_use]
    pub fn path(&self, name: &str, machine: &MachineClass) -> PathBuf {
        self.folder.join(format!("{name}.{}.json", machine.slug()))
    }

    /// All files, sorted by name and machine class.
    ///
    /// # Errors
    /// The folder exists and cannot be read.
    pub fn list(&self) -> io::Result<Vec<BaselineFile>> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(|error| atomic::named(&self.folder, &error))?,
        };
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| atomic::named(&self.folder, &error))?.path();
            let stem = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".json"));
            if let Some((name, machine)) = stem.and_then(|stem| stem.split_once('.')) {
                files.push(BaselineFile { name: name.to_owned(), machine: machine.to_owned(), path: path.clone() });
            }
        }
        files.sort();
        Ok(files)
    }

    /// The file of a baseline: that of the machine class, else the first of another class.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn find(&self, name: &str, machine: &MachineClass) -> io::Result<Option<BaselineFile>> {
        let named: Vec<BaselineFile> = self.list()?.into_iter().filter(|file| file.name == name).collect();
        let slug = machine.slug();
        let own = named.iter().find(|file| file.machine == slug).cloned();
        Ok(own.or_else(|| named.into_iter().next()))
    }
}

/// Returns whether a text can be the name of a baseline: letters, digits, `-` and `_`.
#[must_use]
pub fn is_baseline_name(name: &str) -> bool {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    !name.is_empty() && name.len() <= 64 && !name.starts_with('-') && name.chars().all(allowed)
}

/// Reads a baseline; `None` if the file does not exist.
///
/// # Errors
/// The file is no baseline, or one of another version; the error names it.
pub fn read_baseline(path: &Path) -> io::Result<Option<Baseline>> {
    #[derive(Deserialize)]
    struct Versioned {
        schema: u64,
    }
    match read_versioned(path, BASELINE_SCHEMA, |baseline: &Baseline| baseline.schema) {
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            let old = atomic::read_json::<Versioned>(path).is_ok_and(|record| record.schema == 1);
            let message = "a reference of an earlier genbench, which has no values per seed";
            Err(if old { io::Error::new(error.kind(), format!("{}: {message}", path.display())) } else { error })
        }
        Ok(Some(baseline)) => match baseline.fault() {
            Some(fault) => Err(io::Error::new(io::ErrorKind::InvalidData, format!("{}: {fault}", path.display()))),
            None => Ok(Some(baseline)),
        },
        other => other,
    }
}

/// Variants of a plan whose inputs differ from those of the baseline, and variants that only the baseline has.
#[must_use]
pub fn stale_inputs(baseline: &Baseline, plan: &Plan) -> Vec<String> {
    let variants: Vec<_> = plan.variants().map(|trials| &trials[0]).collect();
    let change = |known: &super::BaselineVariant| {
        let label = &known.trial.variant;
        match variants.iter().find(|trial| trial.variant == *label) {
            Some(trial) => {
                let changes = input_changes(&known.trial, trial);
                (!changes.is_empty()).then(|| format!("{label}: {}", changes.join("; ")))
            }
            None if variants.iter().any(|trial| input_changes(&known.trial, trial).is_empty()) => None,
            None => Some(format!("{label}: only in the baseline")),
        }
    };
    baseline.variants.iter().filter_map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_machine_class_is_preferred() {
        let folder = tempfile::tempdir().unwrap();
        let files = BaselineFiles::of(folder.path(), "small");
        let class = |cpu: &str| MachineClass { cpu: cpu.into(), ..MachineClass::default() };
        assert_eq!((files.list().unwrap(), files.find(MAIN, &class("b")).unwrap()), (vec![], None));
        for (name, cpu) in [("main", "a"), ("main", "b"), ("v1", "b")] {
            atomic::write(&files.path(name, &class(cpu)), b"{}").unwrap();
        }
        assert_eq!(files.list().unwrap().len(), 3);
        let found = |name: &str, cpu: &str| files.find(name, &class(cpu)).unwrap().map(|file| file.machine);
        assert_eq!(found("main", "b").as_deref(), Some("b"));
        assert_eq!(found("main", "c").as_deref(), Some("a"));
        assert_eq!((found("v1", "a").as_deref(), found("v2", "a")), (Some("b"), None));
    }

    #[test]
    fn a_file_in_place_of_the_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let files = BaselineFiles::of(folder.path(), "small");
        atomic::write(&folder.path().join("reference/small/baselines"), b"").unwrap();
        let path = files.path(MAIN, &MachineClass::default());
        let errors = [files.list().unwrap_err(), atomic::write(&path, b"{}").unwrap_err()];
        for error in errors {
            assert!(error.to_string().contains("reference/small/baselines"), "{error}");
        }
        std::fs::create_dir_all(folder.path().join("a.json")).unwrap();
        let error = read_baseline(&folder.path().join("a.json")).unwrap_err();
        assert!(error.to_string().contains("a.json: is a folder, not a file"), "{error}");
    }

    #[test]
    fn names_are_plain() {
        assert!(["main", "v0_1-rc2"].into_iter().all(is_baseline_name));
        assert!(["", "a.b", "../x", "-x", "a b"].into_iter().all(|name| !is_baseline_name(name)));
    }

    #[test]
    fn an_old_reference_is_named_as_such() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("main.json");
        atomic::write(&path, br#"{"schema": 1, "grid": "g", "figures": []}"#).unwrap();
        assert!(read_baseline(&path).unwrap_err().to_string().contains("an earlier genbench"));
        atomic::write(&path, br#"{"schema": 9}"#).unwrap();
        assert_eq!(read_baseline(&path).unwrap_err().kind(), io::ErrorKind::Unsupported);
        assert_eq!(read_baseline(&folder.path().join("none.json")).unwrap(), None);
    }
}
