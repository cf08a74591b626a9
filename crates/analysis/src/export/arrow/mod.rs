//! Measurements as an Arrow file (Feather version 2), which programs map into memory and use without copying or parsing.
//!
//! The file has one record batch and no compression, so that it needs no library: `arrow-ipc` with the other crates of Arrow took 160 s of
//! CPU time to compile. The crate `flatbuffers` writes structs through a trait with an unsafe method. Apache Arrow, columnar format, IPC
//! file format.

mod body;
mod flatbuffer;
mod metadata;
#[cfg(test)]
mod tests;

use std::io;

use self::body::Body;
use self::flatbuffer::Table;
use self::metadata::{Block, batch_message, footer, schema, schema_message};
use super::columns::{Column, columns, rows};
use crate::results::Results;

/// First and last bytes of a file.
const MAGIC: &[u8] = b"ARROW1";

/// First bytes of a message.
const CONTINUATION: [u8; 4] = [0xff; 4];

/// Alignment of each buffer, in bytes: the one that the format recommends.
const ALIGNMENT: usize = 64;

/// Writes the rows and columns of `measurements.csv`. An empty cell is null.
///
/// # Errors
/// The table cannot be written; see [`tables`](crate::tables).
pub fn arrow(results: &Results) -> io::Result<Vec<u8>> {
    Ok(file(&columns(results)?))
}

fn file(columns: &[Column]) -> Vec<u8> {
    let (schema, body) = (schema(columns), Body::of(columns));
    let mut bytes = [MAGIC, &[0, 0]].concat();
    message(&mut bytes, &schema_message(schema.clone()));
    let offset = bytes.len();
    message(&mut bytes, &batch_message(rows(columns), &body));
    let batch = Block { offset, metadata: bytes.len() - offset, body: body.bytes.len() };
    bytes.extend(body.bytes);
    // An empty message ends the messages.
    bytes.extend(CONTINUATION);
    bytes.extend(0i32.to_le_bytes());
    let footer = footer(schema, &[batch]).end();
    bytes.extend(&footer);
    bytes.extend((footer.len() as i32).to_le_bytes());
    bytes.extend(MAGIC);
    bytes
}

/// Appends the description of a message with its length, and pads the file so that a body may follow.
fn message(file: &mut Vec<u8>, message: &Table) {
    let (start, description) = (file.len() + 8, message.end());
    let end = (start + description.len()).next_multiple_of(ALIGNMENT);
    file.extend(CONTINUATION);
    file.extend(((end - start) as i32).to_le_bytes());
    file.extend(description);
    file.resize(end, 0);
}
