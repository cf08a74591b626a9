//! `data fetch` downloads a data set, `data import` copies one from files of this machine.

use std::path::PathBuf;

use ::data::DataError;
use ::data::fetch::{Origin, Progress};
use protocol::exit;
use runner::Show;

use crate::failure::Failure;
use crate::output::{self, note, say};

/// Downloads a data set into the cache and prints its folder.
pub(crate) fn fetch(set: &str, mirrors: &[String]) -> Result<u8, Failure> {
    let set = ::data::fetch::find(set)?;
    let cache = cache_dir()?;
    let terminal = matches!(output::progress(), Show::Bars { .. });
    let mut show = |progress: Progress| {
        // A terminal shows one line that changes; a log lists only finished downloads.
        match (terminal, &progress) {
            (true, Progress::Receiving { .. }) => output::replace_line(&progress.to_string()),
            (false, Progress::Receiving { .. }) => {}
            (true, _) => {
                output::replace_line("");
                note!("{progress}");
            }
            (false, _) => note!("{progress}"),
        }
    };
    let folder = ::data::fetch::fetch(set, &cache, mirrors, &mut show).map_err(failure)?;
    say!("{}", folder.display())?;
    Ok(exit::DONE)
}

/// Copies a data set from `paths` into the cache and prints its folder.
pub(crate) fn import(set: &str, paths: &[PathBuf]) -> Result<u8, Failure> {
    let set = ::data::fetch::find(set)?;
    let imported = ::data::fetch::import(set, &cache_dir()?, paths).map_err(failure)?;
    for (file, origin) in &imported.files {
        match origin {
            Origin::Cache => note!("{file}: in the cache already, hash is right"),
            Origin::Place(place) => note!("{file}: copied from {place}, hash is right"),
        }
    }
    say!("{}", imported.folder.display())?;
    Ok(exit::DONE)
}

fn cache_dir() -> Result<PathBuf, Failure> {
    ::data::cache_dir()
        .ok_or_else(|| Failure::usage("no folder for data sets: there is no home folder\nhelp: set GENBENCH_CACHE"))
}

fn failure(error: DataError) -> Failure {
    match error {
        DataError::Setting(problem) => problem.into(),
        error => Failure::environment(error),
    }
}
