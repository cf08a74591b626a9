//! Writer of FlatBuffers, in which an Arrow file describes itself.
//!
//! FlatBuffers, binary format: a table begins with the distance back to its vtable, which has the place of each field in the table. A
//! nested value follows its table, which has the distance to it. All tables and all items of vectors are aligned to 8 bytes here.

const ALIGNMENT: usize = 8;

/// A table: the slots of its fields in the schema, in order, and their values.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    fields: Vec<(usize, Value)>,
}

#[derive(Clone, Debug)]
enum Value {
    /// A number, inside the table.
    Number(Vec<u8>),
    Text(String),
    Table(Table),
    Tables(Vec<Table>),
    /// The number of structs, and their bytes.
    Structs(usize, Vec<u8>),
}

impl Table {
    pub(super) fn u8(self, slot: usize, value: u8) -> Self {
        self.field(slot, Value::Number(vec![value]))
    }

    pub(super) fn i16(self, slot: usize, value: i16) -> Self {
        self.field(slot, Value::Number(value.to_le_bytes().to_vec()))
    }

    pub(super) fn i32(self, slot: usize, value: i32) -> Self {
        self.field(slot, Value::Number(value.to_le_bytes().to_vec()))
    }

    pub(super) fn i64(self, slot: usize, value: i64) -> Self {
        self.field(slot, Value::Number(value.to_le_bytes().to_vec()))
    }

    pub(super) fn text(self, slot: usize, text: &str) -> Self {
        self.field(slot, Value::Text(text.to_owned()))
    }

    pub(super) fn table(self, slot: usize, table: Self) -> Self {
        self.field(slot, Value::Table(table))
    }

    pub(super) fn tables(self, slot: usize, tables: Vec<Self>) -> Self {
        self.field(slot, Value::Tables(tables))
    }

    /// Structs of `N` integers of 64 bits.
    pub(super) fn structs<const N: usize>(self, slot: usize, structs: &[[i64; N]]) -> Self {
        let bytes = structs.iter().flatten().flat_map(|value| value.to_le_bytes()).collect();
        self.field(slot, Value::Structs(structs.len(), bytes))
    }

    fn field(mut self, slot: usize, value: Value) -> Self {
        debug_assert!(self.fields.last().is_none_or(|(last, _)| *last < slot));
        self.fields.push((slot, value));
        self
    }

    /// Returns the buffer with this table as its root.
    pub(super) fn end(&self) -> Vec<u8> {
        let mut bytes = vec![0; 4];
        let root = self.append(&mut bytes);
        refer(&mut bytes, 0, root);
        bytes
    }

    /// Appends the table and all that it contains; returns its place.
    fn append(&self, bytes: &mut Vec<u8>) -> usize {
        // The table begins with the 4 bytes of the distance to its vtable.
        let mut size = 4usize;
        let slots = self.fields.last().map_or(0, |(slot, _)| slot + 1);
        let mut places = vec![0; slots];
        for (slot, value) in &self.fields {
            let width = value.width();
            places[*slot] = size.next_multiple_of(width);
            size = places[*slot] + width;
        }
        let vtable: Vec<usize> = [2 * (slots + 2), size].into_iter().chain(places.iter().copied()).collect();
        pad_before(bytes, 2 * vtable.len());
        bytes.extend(vtable.iter().flat_map(|entry| (*entry as u16).to_le_bytes()));
        let at = bytes.len();
        bytes.extend((vtable[0] as i32).to_le_bytes());
        bytes.resize(at + size, 0);
        for (slot, value) in &self.fields {
            value.append(bytes, at + places[*slot]);
        }
        at
    }
}

impl Value {
    /// Bytes inside the table.
    fn width(&self) -> usize {
        match self {
            Self::Number(bytes) => bytes.len(),
            _ => 4,
        }
    }

    /// Writes the value to its place in the table, or appends it and writes the distance there.
    fn append(&self, bytes: &mut Vec<u8>, place: usize) {
        let target = match self {
            Self::Number(number) => {
                bytes[place..place + number.len()].copy_from_slice(number);
                return;
            }
            Self::Text(text) => vector(bytes, text.len(), &[text.as_bytes(), &[0]].concat()),
            Self::Structs(count, structs) => vector(bytes, *count, structs),
            Self::Table(table) => table.append(bytes),
            Self::Tables(tables) => {
                let at = vector(bytes, tables.len(), &vec![0; 4 * tables.len()]);
                for (index, table) in tables.iter().enumerate() {
                    let item = table.append(bytes);
                    refer(bytes, at + 4 + 4 * index, item);
                }
                at
            }
        };
        refer(bytes, place, target);
    }
}

/// Appends a vector; returns its place.
fn vector(bytes: &mut Vec<u8>, count: usize, items: &[u8]) -> usize {
    pad_before(bytes, 4);
    let at = bytes.len();
    bytes.extend((count as u32).to_le_bytes());
    bytes.extend(items);
    at
}

/// Pads until what follows the next `size` bytes is aligned.
fn pad_before(bytes: &mut Vec<u8>, size: usize) {
    bytes.resize((bytes.len() + size).next_multiple_of(ALIGNMENT) - size, 0);
}

/// Writes the distance from `place` to a later `target`.
fn refer(bytes: &mut [u8], place: usize, target: usize) {
    bytes[place..place + 4].copy_from_slice(&((target - place) as u32).to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A buffer by hand, after the specification.
    #[test]
    fn a_table_has_a_vtable_and_distances() {
        let inner = Table::default();
        let table = Table::default().i16(0, -2).text(2, "ab").i64(3, 5).tables(4, vec![inner]);
        let expected: [&[u8]; 9] = [
            // Distance to the root, and padding.
            &[24, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            // Vtable: its size, the size of the table, the places of five fields.
            &[14, 0, 28, 0, 4, 0, 0, 0, 8, 0, 16, 0, 24, 0],
            // Table: distance back, a number, distance to the text, a number, distance to the vector.
            &[14, 0, 0, 0, 0xfe, 0xff, 0, 0],
            &[20, 0, 0, 0, 0, 0, 0, 0],
            &[5, 0, 0, 0, 0, 0, 0, 0],
            &[12, 0, 0, 0],
            // Text with its length, and padding.
            &[2, 0, 0, 0, b'a', b'b', 0, 0],
            // Vector with the distance to its only table, which has no fields.
            &[1, 0, 0, 0, 8, 0, 0, 0],
            &[4, 0, 4, 0, 4, 0, 0, 0],
        ];
        assert_eq!(table.end(), expected.concat());
        let structs = Table::default().structs(0, &[[1, -1]]).end();
        assert!(structs.ends_with(&[[1, 0, 0, 0].as_slice(), &[1, 0, 0, 0, 0, 0, 0, 0], &[0xff; 8]].concat()));
        assert_eq!(structs.len() % ALIGNMENT, 0, "64-bit integers are aligned");
    }
}
