//! Download of a set: all files, each from the first mirror that delivers it. Files with a wrong hash are removed.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::client::{Client, Failure, remove};
use super::hash::sha256;
use super::progress::Progress;
use super::{FetchFile, FetchSet};
use crate::DataError;

/// Downloads the missing files of `set` into the folder `<cache>/<set name>` and returns the folder.
///
/// An existing file with the right hash is kept. Other files come from the first mirror that delivers them:
/// `mirrors_first` in order, then those of the set. A file is called `<name>.part` until its hash is checked; a later
/// call continues such a file.
///
/// # Errors
/// No mirror delivers a file (the message gives the reason of each mirror), the folder cannot be written, or another
/// process is downloading into it.
pub fn fetch(
    set: &FetchSet,
    cache: &Path,
    mirrors_first: &[String],
    progress: &mut dyn FnMut(Progress),
) -> Result<PathBuf, DataError> {
    fetch_with(&Client::new(), set, cache, mirrors_first, progress)
}

pub(super) fn fetch_with(
    client: &Client,
    set: &FetchSet,
    cache: &Path,
    mirrors_first: &[String],
    progress: &mut dyn FnMut(Progress),
) -> Result<PathBuf, DataError> {
    let folder = cache.join(set.name);
    fs::create_dir_all(&folder).map_err(|source| DataError::Io { path: folder.clone(), source })?;
    let _lock = lock(&folder)?;
    let mirrors: Vec<&str> = mirrors_first.iter().map(String::as_str).chain(set.mirrors.iter().copied()).collect();
    for file in set.files {
        fetch_file(client, set, file, &folder, &mirrors, progress)?;
    }
    Ok(folder)
}

/// Locks a folder during a download, because two processes must not append to one file. The lock ends with the process.
fn lock(folder: &Path) -> Result<File, DataError> {
    let path = folder.join(".lock");
    let file = File::create(&path).map_err(|source| DataError::Io { path, source })?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            Err(DataError::Fetch(format!("{}: another process is downloading into this folder", folder.display())))
        }
        // On a file system without locks the download proceeds.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
    }
}

fn fetch_file(
    client: &Client,
    set: &FetchSet,
    file: &FetchFile,
    folder: &Path,
    mirrors: &[&str],
    progress: &mut dyn FnMut(Progress),
) -> Result<(), DataError> {
    let path = folder.join(file.name);
    let there = sha256(&path).map_err(|source| DataError::Io { path: path.clone(), source })?;
    if there.as_deref() == Some(file.sha256) {
        progress(Progress::Present { file: file.name });
        return Ok(());
    }
    let mut reasons = String::new();
    for mirror in mirrors {
        match from_mirror(client, file, &path, mirror, progress) {
            Ok(()) => {
                progress(Progress::Complete { file: file.name });
                return Ok(());
            }
            Err(Failure::Local(error)) => return Err(error),
            Err(Failure::Mirror(reason)) => {
                reasons += &format!("\n  {mirror}: {reason}");
                progress(Progress::Failed { file: file.name, mirror: (*mirror).to_owned(), reason });
            }
        }
    }
    Err(DataError::Fetch(format!("{}: no mirror delivered {}:{reasons}", set.name, file.name)))
}

/// Downloads the file at `path` from one mirror and checks its hash.
fn from_mirror(
    client: &Client,
    file: &FetchFile,
    path: &Path,
    mirror: &str,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Failure> {
    let url = format!("{}/{}", mirror.trim_end_matches('/'), file.name);
    let part = path.with_file_name(format!("{}.part", file.name));
    loop {
        let continued = client.receive(&url, &part, file, progress)?;
        let got = sha256(&part).map_err(Failure::local(&part))?.unwrap_or_default();
        if got == file.sha256 {
            return fs::rename(&part, path).map_err(Failure::local(path));
        }
        remove(&part).map_err(Failure::local(&part))?;
        // The first bytes may be wrong bytes of another mirror, so the download is restarted once.
        if !continued {
            return Err(Failure::Mirror(format!("wrong hash: expected {}, got {got}", file.sha256)));
        }
    }
}
