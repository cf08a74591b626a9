//! A whole set: file by file, mirror by mirror, nothing kept that does not fit its hash.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::client::{Client, Failure, remove};
use super::hash::sha256;
use super::progress::Progress;
use super::{FetchFile, FetchSet};
use crate::DataError;

/// Downloads what is missing of `set` into the folder `<cache>/<set name>`, and returns it.
///
/// A file that is there with the right hash is kept. Others come from the first mirror that
/// delivers: `mirrors_first` in order, then the set's own. A file has its name only when its hash
/// is right; until then it is `<name>.part`, which a later call continues.
///
/// # Errors
/// No mirror delivers some file (the text says why for each), the folder cannot be written, or
/// another process is downloading into it.
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

/// Held while a set is downloaded: two processes that append to one part would spoil it. The
/// system lets go of it with the process.
fn lock(folder: &Path) -> Result<File, DataError> {
    let path = folder.join(".lock");
    let file = File::create(&path).map_err(|source| DataError::Io { path, source })?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            Err(DataError::Fetch(format!("{}: another process is downloading here", folder.display())))
        }
        // A file system without locks is no reason not to download.
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

/// The file at `path`, complete and checked.
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
        // The first bytes may be another mirror's, and wrong: this one gets a clean start, once.
        if !continued {
            return Err(Failure::Mirror(format!("wrong hash: expected {}, got {got}", file.sha256)));
        }
    }
}
