//! Search for the folder of a set below the one that the user names, and descriptions of what is there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use protocol::Problem;

use crate::DataError;

/// Deepest folder that is searched: `data/MNIST/raw` has 2.
const MAX_DEPTH: usize = 3;
/// Most folders that are searched.
const MAX_FOLDERS: usize = 1_000;
/// Most names in a message.
const MAX_NAMES: usize = 6;

/// The folder of a set: `root` or the only folder below it that `is_match` accepts; `root` if there is none.
pub(crate) fn folder(root: &Path, is_match: impl Fn(&Path) -> bool) -> Result<PathBuf, DataError> {
    let metadata = fs::metadata(root).map_err(|source| DataError::Io { path: root.to_owned(), source })?;
    if !metadata.is_dir() {
        return Err(no_folder(root));
    }
    let mut level = vec![root.to_owned()];
    let mut left = MAX_FOLDERS;
    for _ in 0..=MAX_DEPTH {
        let found: Vec<&PathBuf> = level.iter().filter(|folder| is_match(folder)).collect();
        match found[..] {
            [] => {}
            [only] => return Ok(only.clone()),
            _ => {
                let names: Vec<_> = found.iter().map(|folder| folder.display().to_string()).collect();
                return Err(Problem::new("path", format!("{} folders with such files", found.len()))
                    .help(format!("set it to one of: {}", some(&names)))
                    .into());
            }
        }
        level = level.iter().flat_map(|folder| below(folder)).take(left).collect();
        left -= level.len();
    }
    Ok(root.to_owned())
}

/// The folders directly in a folder, by name, without hidden ones.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> = names(folder)
        .unwrap_or_default()
        .into_iter()
        .filter(|name| !name.starts_with('.') && name != "__MACOSX")
        .map(|name| folder.join(name))
        .filter(|path| path.is_dir())
        .collect();
    all.sort();
    all
}

/// The names in a folder, in order. Names that are not UTF-8 are skipped.
pub(crate) fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names: Vec<_> = fs::read_dir(folder)?
        .filter_map(|entry| entry.map(|entry| entry.file_name().into_string().ok()).transpose())
        .collect::<io::Result<_>>()?;
    names.sort();
    Ok(names)
}

/// What a folder has, and what else can read it, for an error about a missing file.
pub(crate) fn describe(folder: &Path) -> String {
    let names = names(folder).unwrap_or_default();
    let ends = |endings: &[&str]| names.iter().find(|name| endings.iter().any(|ending| name.ends_with(ending)));
    let hint = if let Some(archive) = ends(&[".tar.gz", ".tgz", ".tar", ".zip"]) {
        format!("; unpack {archive} first")
    } else if let Some(arrays) = ends(&[".npz"]) {
        format!("; the data set `npz` reads {arrays}")
    } else if ends(&[".png", ".jpg", ".jpeg"]).is_some() {
        "; the data set `images` reads pictures".to_owned()
    } else {
        String::new()
    };
    // A folder ends in a slash, since it may be called like a file.
    let names: Vec<_> =
        names.iter().map(|name| if folder.join(name).is_dir() { format!("{name}/") } else { name.clone() }).collect();
    let there = if names.is_empty() { "the folder is empty".to_owned() } else { format!("it has {}", some(&names)) };
    there + &hint
}

fn some(names: &[String]) -> String {
    let shown = names.iter().take(MAX_NAMES).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MAX_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// The error of a file where a folder is expected.
pub(crate) fn no_folder(path: &Path) -> DataError {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is = |ending: &str| name.ends_with(ending);
    let message = if is(".tar.gz") || is(".tgz") || is(".tar") {
        format!("an archive: unpack it with `tar -xf {name}` and set `path` to the folder")
    } else if is(".zip") {
        format!("an archive: unpack it with `unzip {name}` and set `path` to the folder")
    } else if is(".npz") || is(".npy") {
        "a file of numpy, which the data set `npz` reads".to_owned()
    } else {
        "a file: set `path` to the folder that contains it".to_owned()
    };
    DataError::File { path: path.to_owned(), message }
}
