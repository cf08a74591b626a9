//! Sample sheets of a trial.

use std::path::PathBuf;
use std::{fs, io};

use crate::store::Record;

/// Paths of the sheets, in the order of their names; none if the trial has no sheets.
pub(super) fn sheets(record: &Record) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(record.dir.samples()) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "png"));
    files.sort();
    Ok(files)
}
