//! Measurements as a Parquet file, which pandas, polars, DuckDB and R read with types and without parsing.
//!
//! The file has one row group, one page per column, and no compression, so that it needs no library: the crate `parquet` takes 55 s to
//! compile. Apache Parquet, file format specification 2.

mod column;
mod thrift;

use std::io;

use self::column::Column;
use self::thrift::Struct;
use crate::results::Results;
use crate::tables::{Field, measurements};

/// First and last bytes of a file.
const MAGIC: &[u8] = b"PAR1";

/// Writes the rows and columns of `measurements.csv`. An empty cell is null.
///
/// # Errors
/// The table cannot be written; see [`tables`](crate::tables).
pub fn parquet(results: &Results) -> io::Result<Vec<u8>> {
    let (schema, csv) = measurements(results)?;
    let mut reader = csv::Reader::from_reader(csv.as_slice());
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>()?;
    let column = |(at, field): (usize, &Field)| {
        let cells: Vec<&str> = rows.iter().map(|row| row.get(at).unwrap_or_default()).collect();
        Column::of(&field.name, field.of, &cells)
    };
    Ok(file(&schema.fields.iter().enumerate().map(column).collect::<Vec<_>>(), rows.len()))
}

fn file(columns: &[Column], rows: usize) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    let mut chunks = Vec::new();
    for column in columns {
        let (offset, page) = (bytes.len() as i64, column.page());
        chunks.push(column.chunk(offset, page.len() as i64));
        bytes.extend(page);
    }
    let size = (bytes.len() - MAGIC.len()) as i64;
    let root = Struct::default().text(4, "measurements").i32(5, columns.len() as i32);
    let schema = std::iter::once(root).chain(columns.iter().map(Column::schema)).collect();
    let group = Struct::default().structs(1, chunks).i64(2, size).i64(3, rows as i64);
    let made_by = concat!("genbench version ", env!("CARGO_PKG_VERSION"));
    let footer = Struct::default()
        .i32(1, 1)
        .structs(2, schema)
        .i64(3, rows as i64)
        .structs(4, vec![group])
        .text(6, made_by)
        .end();
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
