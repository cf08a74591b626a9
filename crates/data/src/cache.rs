//! Folder of downloaded files.

use std::env;
use std::path::PathBuf;

/// The folder of downloads: `$GENBENCH_CACHE`, else `$XDG_CACHE_HOME/genbench`, else `~/.cache/genbench`. `None` without
/// a home folder. The folder may not exist.
#[must_use]
pub fn cache_dir() -> Option<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("GENBENCH_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|folder| folder.join("genbench")))
        .or_else(|| Some(env::home_dir()?.join(".cache").join("genbench")))
}
