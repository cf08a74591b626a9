//! Identification of files by the SHA-256 of their uncompressed content.

use std::collections::BTreeMap;
use std::io::{self, Read};

use protocol::trial::hex;
use sha2::{Digest, Sha256};

use super::walk::Visitor;
use crate::fetch::{FetchFile, FetchSet, SETS};

/// A file of the set.
pub(super) struct Found {
    pub(super) place: String,
    pub(super) content: Vec<u8>,
}

/// A file that is none of the set, although its name or its first bytes are those of one.
struct Rejected {
    place: String,
    /// The file of the set that it is called like.
    called: Option<usize>,
    reason: String,
}

/// Search for the files of one set.
pub(super) struct Search<'a> {
    set: &'a FetchSet,
    /// Found files by index; the first of several copies.
    pub(super) found: BTreeMap<usize, Found>,
    rejected: Vec<Rejected>,
    /// Name of another set that a file belongs to.
    other: Option<&'static str>,
}

impl<'a> Search<'a> {
    pub(super) fn new(set: &'a FetchSet) -> Self {
        Self { set, found: BTreeMap::new(), rejected: Vec::new(), other: None }
    }

    /// Why a file with the name of file `index` is not that file.
    pub(super) fn wrong_version(&self, index: usize) -> Option<String> {
        self.rejected.iter().find(|rejected| rejected.called == Some(index)).map(Rejected::line)
    }

    /// The rejected files that are called like none of the set.
    pub(super) fn unclaimed(&self) -> impl Iterator<Item = String> {
        self.rejected.iter().filter(|rejected| rejected.called.is_none()).map(Rejected::line)
    }

    /// Name of another set that at least one file belongs to.
    pub(super) fn other_set(&self) -> Option<&'static str> {
        self.other
    }

    fn reject(&mut self, place: &str, reason: String) {
        let called = self.set.files.iter().position(|file| is_called(place, file));
        self.rejected.push(Rejected { place: place.to_owned(), called, reason });
    }

    /// Size of the largest file of any set in bytes.
    fn largest(&self) -> u64 {
        let all = self.set.files.iter().chain(SETS.iter().flat_map(|set| set.files));
        all.map(|file| file.content.bytes).max().unwrap_or(0)
    }
}

impl Rejected {
    fn line(&self) -> String {
        format!("{}: {}", self.place, self.reason)
    }
}

impl Visitor for Search<'_> {
    fn file(&mut self, place: &str, reader: &mut dyn Read) {
        let mut content = Vec::new();
        // The first four bytes of every file, and the rest only of those that may belong to the set.
        if let Err(error) = Read::take(&mut *reader, 4).read_to_end(&mut content) {
            return self.unreadable(place, &error);
        }
        let is_idx = matches!(content[..], [0, 0, 8, 1 | 3]);
        let called = self.set.files.iter().find(|file| is_called(place, file));
        if !is_idx && called.is_none() {
            return;
        }
        if let Err(error) = Read::take(reader, self.largest() + 1 - 4).read_to_end(&mut content) {
            return self.unreadable(place, &error);
        }
        let sha256 = hex(&Sha256::digest(&content));
        let is_this = |file: &FetchFile| file.content.sha256 == sha256;
        if let Some(index) = self.set.files.iter().position(is_this) {
            self.found.entry(index).or_insert_with(|| Found { place: place.to_owned(), content });
            return;
        }
        let other = SETS.iter().find(|set| set.name != self.set.name && set.files.iter().any(is_this));
        self.other = self.other.or(other.map(|set| set.name));
        let bytes = content.len() as u64;
        self.reject(
            place,
            match (other, called) {
                (Some(other), _) => format!("a file of {}", other.name),
                _ if !is_idx => {
                    "not in the format of MNIST: its first bytes are not 00 00 08 01 or 00 00 08 03".to_owned()
                }
                (_, Some(file)) if bytes < file.content.bytes => {
                    format!("{bytes} bytes, expected {}", file.content.bytes)
                }
                (_, Some(file)) if bytes > file.content.bytes => {
                    format!("more than the expected {} bytes", file.content.bytes)
                }
                (_, Some(file)) => format!("SHA-256 of the content is {sha256}, expected {}", file.content.sha256),
                (_, None) => format!("in the format of MNIST, but no file of {}", self.set.name),
            },
        );
    }

    fn unreadable(&mut self, place: &str, error: &io::Error) {
        let reason = match error.kind() {
            io::ErrorKind::UnexpectedEof => "the file ends too early: it is truncated".to_owned(),
            _ => format!("cannot be read: {error}"),
        };
        self.reject(place, reason);
    }
}

/// Returns whether the name at the end of `place` is one that the file is known under.
fn is_called(place: &str, file: &FetchFile) -> bool {
    let name = place.rsplit(['/', '\\', ' ']).next().unwrap_or(place);
    let name = name.strip_suffix(".gz").unwrap_or(name);
    name.replace(".idx", "-idx") == file.plain_name()
}
