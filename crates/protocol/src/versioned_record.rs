//! Reading of records that state their version as `schema`.

use std::io;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::atomic;

/// Reads a record of a version up to `known`; `None` if the file does not exist. `schema` returns the version of a record.
///
/// # Errors
/// The file cannot be read or holds another record (`InvalidData`), or a newer genbench wrote it (`Unsupported`). The error
/// names the file.
pub fn read_versioned<T: DeserializeOwned>(
    path: &Path,
    known: u32,
    schema: impl Fn(&T) -> u32,
) -> io::Result<Option<T>> {
    let read = atomic::read_json_if_exists::<T>(path);
    let Some(record) = read.map_err(|error| explain(path, error, known))? else { return Ok(None) };
    match schema(&record) {
        0 => {
            let message = format!("{}: unknown schema 0; schemas are counted from 1", path.display());
            Err(io::Error::new(io::ErrorKind::InvalidData, message))
        }
        newest if newest > known => Err(newer(path, u64::from(newest), known)),
        _ => Ok(Some(record)),
    }
}

/// The error of a record that does not parse: a newer version explains it better than a position in the file.
fn explain(path: &Path, error: io::Error, known: u32) -> io::Error {
    #[derive(Deserialize)]
    struct Versioned {
        schema: u64,
    }
    let parsed = || atomic::read_json::<Versioned>(path).ok().filter(|record| record.schema > u64::from(known));
    match (error.kind() == io::ErrorKind::InvalidData).then(parsed).flatten() {
        Some(record) => newer(path, record.schema, known),
        None => error,
    }
}

fn newer(path: &Path, schema: u64, known: u32) -> io::Error {
    let path = path.display();
    let message =
        format!("{path}: written by a newer genbench (schema {schema}; this one reads schemas up to {known})");
    io::Error::new(io::ErrorKind::Unsupported, message)
}
