//! Atomic writing of files: a reader sees a complete file or none.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::worded;

/// Writes `bytes` to `path` through a temporary file in the same folder, a flush to disk and a rename. Creates the
/// folder if it is missing. A reader sees the old file or the new one, never a part.
///
/// A symbolic link keeps its place, and the file that it names is replaced. A device or a named pipe cannot be replaced
/// atomically: the bytes are written into it.
///
/// # Errors
/// Any error of the file system; the error names the file.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_through(path, bytes).map_err(|error| named(path, &error))
}

/// The error in words, with the path of its file once.
#[must_use]
pub fn named(path: &Path, error: &io::Error) -> io::Error {
    let (text, path) = (worded(error), path.display().to_string());
    let text = if text.starts_with(&path) { text } else { format!("{path}: {text}") };
    io::Error::new(error.kind(), text)
}

fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let is_link = fs::symlink_metadata(path).is_ok_and(|about| about.is_symlink());
    match fs::metadata(path) {
        Ok(about) if about.is_file() && is_link => return replace(&fs::canonicalize(path)?, bytes),
        Ok(about) if !about.is_file() && !about.is_dir() => {
            return fs::OpenOptions::new().write(true).open(path)?.write_all(bytes);
        }
        Err(_) if is_link => return fs::write(path, bytes),
        _ => {}
    }
    replace(path, bytes)
}

/// Replaces a regular file, or creates it.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    create_folder(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    set_ordinary_mode(file.as_file())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Creates a folder with those above it. A file in the place of one of them is named.
fn create_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder).map_err(|error| {
        let file = folder.ancestors().find(|part| fs::metadata(part).is_ok_and(|about| !about.is_dir()));
        match file {
            Some(file) => io::Error::new(error.kind(), format!("{} is a file, not a folder", file.display())),
            None => error,
        }
    })
}

/// Makes a file readable for all. A temporary file is private to its owner; results are meant to be shared.
#[cfg(unix)]
fn set_ordinary_mode(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_ordinary_mode(_: &fs::File) -> io::Result<()> {
    Ok(())
}

/// Writes `value` as indented JSON, atomically.
///
/// # Errors
/// Any error of the file system, or a value that has no JSON form.
pub fn write_json(path: &Path, value: &impl Serialize) -> io::Result<()> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(io::Error::other)?;
    bytes.push(b'\n');
    write(path, &bytes)
}

/// Reads a value from a JSON file.
///
/// # Errors
/// The file cannot be read, or its JSON is not a `T`. The error names the file.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> io::Result<T> {
    let text = fs::read(path).map_err(|error| named(path, &error))?;
    let invalid = |error| io::Error::new(io::ErrorKind::InvalidData, format!("{}: {error}", path.display()));
    serde_json::from_slice(&text).map_err(invalid)
}

/// Reads a value from a JSON file; `None` if the file does not exist.
///
/// # Errors
/// As for [`read_json`], unless the file is missing.
pub fn read_json_if_exists<T: DeserializeOwned>(path: &Path) -> io::Result<Option<T>> {
    match read_json(path) {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn links_and_special_files_are_written_through() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write(&link, b"new").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let dangling = folder.path().join("dangling");
        std::os::unix::fs::symlink(folder.path().join("later"), &dangling).unwrap();
        write(&dangling, b"there").unwrap();
        assert_eq!(fs::read(folder.path().join("later")).unwrap(), b"there");
        // A link to a device: never the device itself, which a fault of this function would replace.
        let device = folder.path().join("device");
        std::os::unix::fs::symlink("/dev/null", &device).unwrap();
        write(&device, b"gone").unwrap();
        assert!(fs::symlink_metadata(&device).unwrap().is_symlink());
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }

    #[test]
    fn replaces_whole_files_and_leaves_no_temporary_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/file.json");
        write_json(&path, &vec![1, 2, 3]).unwrap();
        write_json(&path, &vec![4]).unwrap();
        assert_eq!(read_json::<Vec<i32>>(&path).unwrap(), [4]);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_in_place_of_a_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("table.tex");
        fs::write(&file, "").unwrap();
        for path in ["x.tex", "deeper/x.tex"] {
            let error = write(&file.join(path), b"").unwrap_err();
            let expected = format!("{}: {} is a file, not a folder", file.join(path).display(), file.display());
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn a_folder_in_place_of_a_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("summary.csv");
        fs::create_dir(&path).unwrap();
        let error = write(&path, b"x").unwrap_err();
        assert_eq!(error.to_string().matches("summary.csv").count(), 1, "{error}");
        assert_eq!(named(&path, &error).to_string(), error.to_string());
        assert!(fs::read_dir(folder.path()).unwrap().count() == 1, "no temporary file is left");
    }

    #[test]
    fn an_unreadable_record_names_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bad.json");
        write(&path, b"{").unwrap();
        let error = read_json::<Vec<i32>>(&path).unwrap_err().to_string();
        assert!(error.contains("bad.json"), "{error}");
    }
}
