//! Import of a set from files of this machine: a folder, an archive, or single files.
//!
//! `walk` lists the files, also those inside archives; `search` identifies them by the hash of their uncompressed content.

mod search;
#[cfg(test)]
mod tests;
mod walk;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use protocol::{Problem, atomic};

use self::search::Search;
use super::download::{is_cached, lock};
use super::{FetchSet, SETS};
use crate::DataError;

/// The source of an imported file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The cache had the file already.
    Cache,
    /// The file or the place in an archive that it was copied from.
    Place(String),
}

/// An imported set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The folder of the set in the cache.
    pub folder: PathBuf,
    /// Name and source of each file.
    pub files: Vec<(&'static str, Origin)>,
}

/// Searches `paths` for the files of `set` and writes them uncompressed into the folder `<cache>/<set name>`.
///
/// A path is a folder, an archive (`.tar`, `.tgz`, `.zip`) or a file, plain or in gzip. Names do not matter: a file is
/// identified by the SHA-256 of its uncompressed content. Nothing is written unless the set is complete.
///
/// # Errors
/// A path cannot be read, a file of the set is missing or wrong (the message lists each file), or the folder cannot be
/// written.
pub fn import(set: &FetchSet, cache: &Path, paths: &[PathBuf]) -> Result<Imported, DataError> {
    let mut search = Search::new(set);
    for path in paths {
        if !path.exists() {
            let problem = Problem::new("path", format!("{}: no such file or folder", path.display()));
            return Err(problem.help(format!("to get {}, {}", set.name, set.without_mirrors)).into());
        }
        walk::walk(path, &mut search)?;
    }
    let folder = cache.join(set.name);
    let mut cached = Vec::new();
    for file in set.files {
        cached.push(is_cached(file, &folder)?);
    }
    let is_missing = |index: &usize| !cached[*index] && !search.found.contains_key(index);
    if (0..set.files.len()).any(|index| is_missing(&index)) {
        return Err(incomplete(set, &search, &cached, paths).into());
    }
    if !cached.iter().all(|cached| *cached) {
        fs::create_dir_all(&folder).map_err(|source| DataError::Io { path: folder.clone(), source })?;
        let _lock = lock(&folder)?;
        // In the order of downloads: an interrupted import leaves a set that cannot be read, never one without labels.
        for (index, file) in set.files.iter().enumerate().filter(|(index, _)| !cached[*index]) {
            let path = folder.join(file.plain_name());
            let found = &search.found[&index];
            atomic::write(&path, &found.content).map_err(|source| DataError::Io { path, source })?;
        }
    }
    let mut places: BTreeMap<usize, String> = search.found.into_iter().map(|(i, found)| (i, found.place)).collect();
    let origin = |index: usize| match places.remove(&index).filter(|_| !cached[index]) {
        Some(place) => Origin::Place(place),
        None => Origin::Cache,
    };
    let origins = (0..set.files.len()).map(origin);
    Ok(Imported { files: set.files.iter().map(super::FetchFile::plain_name).zip(origins).collect(), folder })
}

/// The mistake of an incomplete set: the state of each file, files that cannot be read, and what to do.
fn incomplete(set: &FetchSet, search: &Search<'_>, cached: &[bool], paths: &[PathBuf]) -> Problem {
    let total = set.files.len();
    let found = (0..total).filter(|index| cached[*index] || search.found.contains_key(index)).count();
    let places = paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
    let mut message = format!("{}: {found} of {total} files found in {places}; nothing was imported", set.name);
    for (index, file) in set.files.iter().enumerate() {
        let state = match (cached[index], search.found.get(&index), search.wrong_version(index)) {
            (true, ..) => "in the cache already".to_owned(),
            (_, Some(found), _) => format!("found: {}", found.place),
            (_, _, Some(wrong)) => format!("wrong: {wrong}"),
            _ => "missing".to_owned(),
        };
        let _ = write!(message, "\n  {}: {state}", file.plain_name());
    }
    for unreadable in search.unclaimed() {
        let _ = write!(message, "\n  {unreadable}");
    }
    let help = match search.other_set() {
        Some(name) if found == 0 => {
            let path = paths.first().map_or_else(String::new, |path| path.display().to_string());
            format!("these are files of {name}: run `genbench data import {name} {path}`")
        }
        _ if found > 0 => "name the missing files in the same command, plain, in gzip or in an archive".to_owned(),
        _ => format!(
            "give the folder, archive (.tgz, .tar, .zip) or files of the set, which may be in gzip. To get them, {}",
            set.without_mirrors
        ),
    };
    Problem::new("path", message).help(help)
}

/// Advice for a set that the cache does not have, or not completely.
pub(crate) fn advice(name: &str) -> String {
    let Some(set) = SETS.iter().find(|set| set.name == name) else {
        let names: Vec<_> = SETS.iter().map(|set| set.name).collect();
        return match protocol::params::nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `cache:{near}`?"),
            None => format!("put the files there; `genbench data fetch` knows {}", names.join(", ")),
        };
    };
    advice_with(set, set.installed_folder())
}

fn advice_with(set: &FetchSet, installed: Option<&Path>) -> String {
    let fetch = format!("run `genbench data fetch {}`", set.name);
    match installed {
        Some(folder) => format!("{fetch}, which copies it from {}", folder.display()),
        None => format!("{fetch}. Without its mirrors, {}", set.without_mirrors),
    }
}
