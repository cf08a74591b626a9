//! `data fetch`: downloads a data set.

use std::io::{IsTerminal, Write};

use ::data::DataError;
use ::data::fetch::Progress;
use protocol::exit;

use crate::failure::Failure;
use crate::output::{Stderr, say};

/// Downloads a data set into the cache and prints its folder.
pub(crate) fn fetch(set: &str, mirrors: &[String]) -> Result<u8, Failure> {
    let set = ::data::fetch::find(set)?;
    let cache = ::data::cache_dir()
        .ok_or_else(|| Failure::usage("no folder for downloads: there is no home folder\nhelp: set GENBENCH_CACHE"))?;
    let terminal = std::io::stderr().is_terminal();
    let mut show = |progress: Progress| {
        let mut out = Stderr;
        // A terminal shows one line that changes; a log lists only finished downloads.
        let _ = match (terminal, &progress) {
            (true, Progress::Receiving { .. }) => write!(out, "\r\x1b[K{progress}"),
            (true, _) => writeln!(out, "\r\x1b[K{progress}"),
            (false, Progress::Receiving { .. }) => Ok(()),
            (false, _) => writeln!(out, "{progress}"),
        };
    };
    let folder = ::data::fetch::fetch(set, &cache, mirrors, &mut show).map_err(failure)?;
    say!("{}", folder.display())?;
    Ok(exit::DONE)
}

fn failure(error: DataError) -> Failure {
    match error {
        DataError::Setting(problem) => problem.into(),
        error => Failure::environment(error),
    }
}
