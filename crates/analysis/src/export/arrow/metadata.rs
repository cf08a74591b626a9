//! Descriptions in an Arrow file: schema, record batch, message and footer.
//!
//! Field slots and numbers are those of `Schema.fbs`, `Message.fbs` and `File.fbs` of the format.

use super::body::Body;
use super::flatbuffer::Table;
use crate::export::columns::{Column, Values};

/// Version of the metadata: the fifth.
const V5: i16 = 4;

/// Types of a column.
const INT: u8 = 2;
const FLOATING_POINT: u8 = 3;
const UTF8: u8 = 5;
const BOOL: u8 = 6;

/// Precision of a double.
const DOUBLE: i16 = 2;

/// Headers of a message.
const SCHEMA: u8 = 1;
const RECORD_BATCH: u8 = 3;

/// Place of a message in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub(super) offset: usize,
    /// Size of the description with its prefix and padding.
    pub(super) metadata: usize,
    pub(super) body: usize,
}

/// Names and types of the columns; the byte order is little-endian.
pub(super) fn schema(columns: &[Column]) -> Table {
    Table::default().i16(0, 0).tables(1, columns.iter().map(field).collect())
}

/// A nullable field without children.
fn field(column: &Column) -> Table {
    let integer = |signed| (INT, Table::default().i32(0, 64).u8(1, signed));
    let (kind, of) = match &column.values {
        Values::Boolean(_) => (BOOL, Table::default()),
        Values::Signed(_) => integer(1),
        Values::Unsigned(_) => integer(0),
        Values::Number(_) => (FLOATING_POINT, Table::default().i16(0, DOUBLE)),
        Values::Text(_) => (UTF8, Table::default()),
    };
    Table::default().text(0, &column.name).u8(1, 1).u8(2, kind).table(3, of).tables(5, Vec::new())
}

pub(super) fn schema_message(schema: Table) -> Table {
    message(SCHEMA, schema, 0)
}

/// Message of a record batch: where the buffers of each column are in its body.
pub(super) fn batch_message(rows: usize, body: &Body) -> Table {
    let batch = Table::default().i64(0, rows as i64).structs(1, &body.nodes).structs(2, &body.buffers);
    message(RECORD_BATCH, batch, body.bytes.len())
}

fn message(kind: u8, header: Table, body: usize) -> Table {
    Table::default().i16(0, V5).u8(1, kind).table(2, header).i64(3, body as i64)
}

/// End of a file: the schema again, no dictionaries, and the record batches.
pub(super) fn footer(schema: Table, batches: &[Block]) -> Table {
    // The size of the description has 32 bits, and the struct 32 more of padding.
    let block = |block: &Block| [block.offset as i64, block.metadata as i64, block.body as i64];
    let batches: Vec<[i64; 3]> = batches.iter().map(block).collect();
    Table::default().i16(0, V5).table(1, schema).structs::<3>(2, &[]).structs(3, &batches)
}
