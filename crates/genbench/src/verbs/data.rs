//! `data fetch`: downloads a data set.

use ::data::DataError;
use ::data::fetch::Progress;
use protocol::exit;
use runner::Show;

use crate::failure::Failure;
use crate::output::{self, note, say};

/// Downloads a data set into the cache and prints its folder.
pub(crate) fn fetch(set: &str, mirrors: &[String]) -> Result<u8, Failure> {
    let set = ::data::fetch::find(set)?;
    let cache = ::data::cache_dir()
        .ok_or_else(|| Failure::usage("no folder for downloads: there is no home folder\nhelp: set GENBENCH_CACHE"))?;
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

fn failure(error: DataError) -> Failure {
    match error {
        DataError::Setting(problem) => problem.into(),
        error => Failure::environment(error),
    }
}
