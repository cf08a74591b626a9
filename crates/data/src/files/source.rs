//! Reader of the bytes of a file, plain or in gzip. Errors have their byte offset.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::gzip::{Members, is_corruption};
use crate::DataError;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// An open file, decompressed while reading.
pub(crate) struct Source {
    path: PathBuf,
    reader: Box<dyn Read>,
    gzip: bool,
    /// Length of a plain file, if it is known.
    length: Option<u64>,
    /// Number of bytes read so far, after decompression.
    offset: u64,
}

impl Source {
    /// Opens a plain file or a gzip file, depending on its first bytes.
    pub(crate) fn open(path: &Path) -> Result<Self, DataError> {
        Self::open_plain(path)?.decompressed()
    }

    /// As [`Source::open`]. The whole file is read now and added to `hash`: the bytes that are parsed are those that are
    /// hashed, even if the file changes meanwhile.
    pub(crate) fn open_hashed(path: &Path, hash: &mut Sha256) -> Result<Self, DataError> {
        Self::open_plain(path)?.hashed(hash)?.decompressed()
    }

    /// As [`Source::open_hashed`] for a source that has not been read yet.
    pub(crate) fn hashed(mut self, hash: &mut Sha256) -> Result<Self, DataError> {
        let mut bytes = Vec::new();
        self.reader.read_to_end(&mut bytes).map_err(|source| DataError::Io { path: self.path.clone(), source })?;
        hash.update(&bytes);
        let length = self.length.map(|_| bytes.len() as u64);
        Ok(Self { reader: Box::new(io::Cursor::new(bytes)), length, ..self })
    }

    fn decompressed(self) -> Result<Self, DataError> {
        let mut reader = BufReader::new(self.reader);
        let first = reader.fill_buf().map_err(|source| DataError::Io { path: self.path.clone(), source })?;
        if first.starts_with(&GZIP_MAGIC) {
            return Ok(Self { reader: Box::new(Members::new(reader)), gzip: true, length: None, ..self });
        }
        let plain = Self { reader: Box::new(reader), ..self };
        if plain.path.extension().is_some_and(|extension| extension == "gz") {
            return Err(plain
                .error(0, "the name ends in .gz, but the file does not start with the gzip bytes 1f 8b".to_owned()));
        }
        Ok(plain)
    }

    /// Opens a plain file.
    pub(crate) fn open_plain(path: &Path) -> Result<Self, DataError> {
        let failed = |source| DataError::Io { path: path.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        let length = metadata.is_file().then_some(metadata.len());
        Ok(Self { path: path.to_owned(), reader: Box::new(file), gzip: false, length, offset: 0 })
    }

    pub(crate) fn error(&self, offset: u64, message: String) -> DataError {
        DataError::Format { path: self.path.clone(), offset, message }
    }

    /// Reads up to `count` bytes; fewer only at the end of the file. The memory depends on the size of the file, not on
    /// `count`.
    fn read(&mut self, count: u64) -> Result<Vec<u8>, DataError> {
        let mut bytes = Vec::new();
        let result = self.reader.by_ref().take(count).read_to_end(&mut bytes);
        self.offset += bytes.len() as u64;
        match result {
            Ok(_) => Ok(bytes),
            Err(source) if self.gzip && is_corruption(&source) => {
                Err(self.error(self.offset, format!("the gzip data are corrupt or truncated: {source}")))
            }
            Err(source) => Err(DataError::Io { path: self.path.clone(), source }),
        }
    }

    /// As [`Source::read`], but fewer bytes are an error.
    pub(crate) fn read_exact(&mut self, count: u64) -> Result<Vec<u8>, DataError> {
        let end = self.offset.saturating_add(count);
        let bytes = self.read(count)?;
        if self.offset < end { Err(self.truncated(self.offset, end)) } else { Ok(bytes) }
    }

    fn truncated(&self, offset: u64, end: u64) -> DataError {
        self.error(offset, format!("the file is {} bytes too short", end.saturating_sub(offset)))
    }

    /// Refuses bytes after the end and checks the checksum of gzip. `last` describes the end.
    pub(crate) fn finish(&mut self, last: &str) -> Result<(), DataError> {
        let end = self.offset;
        if self.read(1)?.is_empty() { Ok(()) } else { Err(self.trailing(end, last)) }
    }

    /// Refuses a plain file that does not end at `end`, without reading it.
    pub(crate) fn check_end(&self, end: u64, last: &str) -> Result<(), DataError> {
        match self.length {
            Some(length) if length < end => Err(self.truncated(length, end)),
            Some(length) if length > end => Err(self.trailing(end, last)),
            _ => Ok(()),
        }
    }

    fn trailing(&self, offset: u64, last: &str) -> DataError {
        self.error(offset, format!("extra bytes after {last}"))
    }

    /// Length of a plain file, if it is known.
    pub(crate) fn length(&self) -> Option<u64> {
        self.length
    }

    /// Number of bytes read so far, after decompression.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }
}
