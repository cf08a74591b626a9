//! Download of a set: all files, each from the first mirror that delivers it. Files with a wrong hash are removed.
//!
//! A folder of the operating system precedes the mirrors.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use protocol::atomic;
use protocol::trial::hex;
use sha2::{Digest, Sha256};

use super::client::{Client, Failure, remove};
use super::hash::sha256;
use super::progress::Progress;
use super::{FetchFile, FetchSet};
use crate::DataError;
use crate::files::Source;

/// Downloads the missing files of `set` into the folder `<cache>/<set name>` and returns the folder.
///
/// An existing file with the right hash is kept, plain or in gzip. Other files are copied from the folder in which a package of
/// the operating system installs them, or come from the first mirror that delivers them: `mirrors_first` in order, then
/// those of the set. A file is called `<name>.part` until its hash is checked; a later call continues such a file. Then it
/// is stored uncompressed.
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
    fetch_with(&Client::new(), set, cache, set.installed_folder(), mirrors_first, progress)
}

pub(super) fn fetch_with(
    client: &Client,
    set: &FetchSet,
    cache: &Path,
    installed: Option<&Path>,
    mirrors_first: &[String],
    progress: &mut dyn FnMut(Progress),
) -> Result<PathBuf, DataError> {
    let folder = cache.join(set.name);
    fs::create_dir_all(&folder).map_err(|source| DataError::Io { path: folder.clone(), source })?;
    let _lock = lock(&folder)?;
    let mirrors: Vec<&str> = mirrors_first.iter().map(String::as_str).chain(set.mirrors.iter().copied()).collect();
    for file in set.files {
        if is_cached(file, &folder)? {
            progress(Progress::Present { file: file.name });
        } else if let Some(from) = installed
            && copy_installed(file, from, &folder)?
        {
            progress(Progress::Copied { file: file.name, from: from.to_owned() });
        } else {
            fetch_file(client, set, file, &folder, &mirrors, progress)?;
        }
    }
    Ok(folder)
}

/// Returns whether `folder` has the file with the right hash: uncompressed, or in gzip as the mirrors deliver it.
pub(super) fn is_cached(file: &FetchFile, folder: &Path) -> Result<bool, DataError> {
    let hash = |name: &str| {
        let path = folder.join(name);
        sha256(&path).map_err(|source| DataError::Io { path, source })
    };
    // Readers of the folder prefer the plain file.
    Ok(match hash(file.plain_name())? {
        Some(plain) => plain == file.content.sha256,
        None => hash(file.name)?.as_deref() == Some(file.sha256),
    })
}

/// Copies a file from the folder `from`, plain or in any gzip. Returns false if it is not there or its content is wrong.
fn copy_installed(file: &FetchFile, from: &Path, folder: &Path) -> Result<bool, DataError> {
    let content = [file.plain_name(), file.name].iter().find_map(|name| unpacked(&from.join(name), file));
    content.map_or(Ok(false), |content| store(file, &content, folder).map(|()| true))
}

/// The content of the file at `path`, plain or in gzip; `None` if it is not that of `file`.
fn unpacked(path: &Path, file: &FetchFile) -> Option<Vec<u8>> {
    let mut source = Source::open(path).ok()?;
    let content = source.read_exact(file.content.bytes).ok()?;
    source.finish("the content").ok()?;
    (hex(&Sha256::digest(&content)) == file.content.sha256).then_some(content)
}

/// Writes the uncompressed file and removes a gzip file that it replaces.
fn store(file: &FetchFile, content: &[u8], folder: &Path) -> Result<(), DataError> {
    let path = folder.join(file.plain_name());
    atomic::write(&path, content).map_err(|source| DataError::Io { path, source })?;
    let replaced = folder.join(file.name);
    remove(&replaced).map_err(|source| DataError::Io { path: replaced, source })
}

/// Locks a folder during a download, because two processes must not append to one file. The lock ends with the process.
pub(super) fn lock(folder: &Path) -> Result<File, DataError> {
    let path = folder.join(".lock");
    let file = File::create(&path).map_err(|source| DataError::Io { path, source })?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            Err(DataError::Fetch(format!("{}: another process is writing into this folder", folder.display())))
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
    let mut reasons = String::new();
    for mirror in mirrors {
        match from_mirror(client, file, folder, mirror, progress) {
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
    let help = format!("without a mirror, {}", set.without_mirrors);
    Err(DataError::Fetch(format!("{}: no mirror delivered {}:{reasons}\nhelp: {help}", set.name, file.name)))
}

/// Downloads a file from one mirror into `folder`, checks its hash and decompresses it.
fn from_mirror(
    client: &Client,
    file: &FetchFile,
    folder: &Path,
    mirror: &str,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Failure> {
    let url = format!("{}/{}", mirror.trim_end_matches('/'), file.name);
    let part = folder.join(format!("{}.part", file.name));
    loop {
        let continued = client.receive(&url, &part, file, progress)?;
        let got = sha256(&part).map_err(Failure::local(&part))?.unwrap_or_default();
        if got == file.sha256 {
            let Some(content) = unpacked(&part, file) else {
                return Err(Failure::Mirror(format!("the content has another SHA-256 than {}", file.content.sha256)));
            };
            store(file, &content, folder).map_err(Failure::Local)?;
            return remove(&part).map_err(Failure::local(&part));
        }
        remove(&part).map_err(Failure::local(&part))?;
        // The first bytes may be wrong bytes of another mirror, so the download is restarted once.
        if !continued {
            return Err(Failure::Mirror(format!("wrong hash: expected {}, got {got}", file.sha256)));
        }
    }
}
