//! `data fetch`.

use std::io::IsTerminal;

use protocol::exit;

use super::Failure;

/// Downloads a data set into the cache.
pub(crate) fn fetch(set: &str, mirrors: &[String]) -> Result<u8, Failure> {
    let set = data::fetch::find(set)?;
    let cache = data::fetch::cache_dir().map_err(Failure::usage)?;
    let terminal = std::io::stderr().is_terminal();
    let mut show = |progress: data::fetch::Progress| {
        if terminal {
            eprint!("\r\x1b[K{progress}");
        }
    };
    let folder = data::fetch::fetch(set, &cache, mirrors, &mut show).map_err(Failure::usage);
    if terminal {
        eprintln!();
    }
    println!("{}", folder?.display());
    Ok(exit::DONE)
}
