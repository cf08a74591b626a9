//! Measurements as a Parquet file, which pandas, polars, DuckDB and R read with types and without parsing.
//!
//! The file has one row group, one page per column, and no compression, so that it needs no library: the crate `parquet` takes 55 s to
//! compile. Apache Parquet, file format specification 2.

mod chunk;
mod thrift;

use std::io;

use self::chunk::Chunk;
use self::thrift::Struct;
use super::columns::{Column, columns, rows};
use crate::results::Results;

/// First and last bytes of a file.
const MAGIC: &[u8] = b"PAR1";

/// Writes the rows and columns of `measurements.csv`. An empty cell is null.
///
/// # Errors
/// The table cannot be written; see [`tables`](crate::tables).
pub fn parquet(results: &Results) -> io::Result<Vec<u8>> {
    Ok(file(&columns(results)?))
}

fn file(columns: &[Column]) -> Vec<u8> {
    let rows = rows(columns) as i64;
    let chunks: Vec<Chunk<'_>> = columns.iter().map(Chunk::of).collect();
    let mut bytes = MAGIC.to_vec();
    let mut metadata = Vec::new();
    for chunk in &chunks {
        let (offset, page) = (bytes.len() as i64, chunk.page());
        metadata.push(chunk.metadata(offset, page.len() as i64));
        bytes.extend(page);
    }
    let size = (bytes.len() - MAGIC.len()) as i64;
    let root = Struct::default().text(4, "measurements").i32(5, columns.len() as i32);
    let schema = std::iter::once(root).chain(chunks.iter().map(Chunk::schema)).collect();
    let group = Struct::default().structs(1, metadata).i64(2, size).i64(3, rows);
    let made_by = concat!("genbench version ", env!("CARGO_PKG_VERSION"));
    let footer =
        Struct::default().i32(1, 1).structs(2, schema).i64(3, rows).structs(4, vec![group]).text(6, made_by).end();
    bytes.extend(&footer);
    bytes.extend((footer.len() as u32).to_le_bytes());
    bytes.extend(MAGIC);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::fixture::Fixture;

    /// Readers of the format check the rest: `tests/python`.
    #[test]
    fn a_file_ends_with_the_length_of_its_description() {
        let bytes = parquet(&Fixture::new().results()).unwrap();
        assert!(bytes.starts_with(MAGIC) && bytes.ends_with(MAGIC));
        let length = bytes[bytes.len() - 8..bytes.len() - 4].try_into().map(u32::from_le_bytes).unwrap() as usize;
        let footer = &bytes[bytes.len() - 8 - length..bytes.len() - 8];
        assert_eq!((footer[..2].to_vec(), footer[length - 1]), (vec![0x15, 2], 0));
        assert!(footer.windows(12).any(|part| part == b"measurements"));
    }
}
