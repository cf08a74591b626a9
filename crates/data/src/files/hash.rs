//! Hash of the files of a set.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::DataError;

/// SHA-256 of the bytes of all files on disk, joined.
pub(crate) fn sha256<'a>(paths: impl IntoIterator<Item = &'a PathBuf>) -> Result<String, DataError> {
    let mut hash = Sha256::new();
    for path in paths {
        add(path, &mut hash).map_err(|source| DataError::Io { path: path.clone(), source })?;
    }
    Ok(protocol::trial::hex(&hash.finalize()))
}

fn add(path: &Path, hash: &mut Sha256) -> io::Result<()> {
    let mut file = BufReader::with_capacity(1 << 16, File::open(path)?);
    loop {
        let bytes = file.fill_buf()?;
        if bytes.is_empty() {
            return Ok(());
        }
        hash.update(bytes);
        let count = bytes.len();
        file.consume(count);
    }
}
