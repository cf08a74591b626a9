//! Writer of the compact protocol of Thrift, in which a Parquet file describes itself.
//!
//! Apache Thrift, specification of the compact protocol: a struct is a list of fields, each with the difference of its id from the
//! previous one and its type; integers are zigzag-encoded in groups of seven bits.

use crate::export::varint::varint;

const I32: u8 = 5;
const I64: u8 = 6;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// A struct, written field by field in the order of the ids.
#[derive(Debug, Default)]
pub(super) struct Struct {
    bytes: Vec<u8>,
    last: u8,
}

impl Struct {
    pub(super) fn i32(self, id: u8, value: i32) -> Self {
        self.field(id, I32, &zigzag(i64::from(value)))
    }

    pub(super) fn i64(self, id: u8, value: i64) -> Self {
        self.field(id, I64, &zigzag(value))
    }

    pub(super) fn text(self, id: u8, text: &str) -> Self {
        self.field(id, BINARY, &binary(text))
    }

    pub(super) fn inner(self, id: u8, inner: Self) -> Self {
        self.field(id, STRUCT, &inner.end())
    }

    pub(super) fn i32s(self, id: u8, values: &[i32]) -> Self {
        self.list(id, I32, values.iter().map(|value| zigzag(i64::from(*value))).collect())
    }

    pub(super) fn texts(self, id: u8, texts: &[&str]) -> Self {
        self.list(id, BINARY, texts.iter().map(|text| binary(text)).collect())
    }

    pub(super) fn structs(self, id: u8, all: Vec<Self>) -> Self {
        self.list(id, STRUCT, all.into_iter().map(Self::end).collect())
    }

    /// The bytes of the whole struct.
    pub(super) fn end(mut self) -> Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }

    fn list(self, id: u8, of: u8, items: Vec<Vec<u8>>) -> Self {
        let mut bytes = match u8::try_from(items.len()) {
            Ok(length) if length < 15 => vec![length << 4 | of],
            _ => [vec![0xf0 | of], varint(items.len() as u64)].concat(),
        };
        bytes.extend(items.concat());
        self.field(id, LIST, &bytes)
    }

    /// Ids grow by 1 to 15 from field to field.
    fn field(mut self, id: u8, of: u8, value: &[u8]) -> Self {
        debug_assert!(id > self.last && id - self.last < 16);
        self.bytes.push((id - self.last) << 4 | of);
        self.bytes.extend_from_slice(value);
        self.last = id;
        self
    }
}

fn zigzag(value: i64) -> Vec<u8> {
    varint((value << 1 ^ value >> 63) as u64)
}

fn binary(text: &str) -> Vec<u8> {
    [varint(text.len() as u64), text.as_bytes().to_vec()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of the protocol's specification, and a struct by hand.
    #[test]
    fn integers_are_zigzag_varints() {
        let cases: [(i64, &[u8]); 5] = [(0, &[0]), (-1, &[1]), (1, &[2]), (-2, &[3]), (50_399, &[0xbe, 0x93, 0x06])];
        for (value, bytes) in cases {
            assert_eq!(zigzag(value), bytes, "{value}");
        }
        assert_eq!(varint(50_399), [0xdf, 0x89, 0x03]);
        assert_eq!(zigzag(i64::MIN).len(), 10);
        let inner = Struct::default().i64(1, -1);
        let bytes = Struct::default().i32(1, 1).text(4, "ab").inner(5, inner).i32s(6, &[2]).end();
        assert_eq!(bytes, [0x15, 2, 0x38, 2, b'a', b'b', 0x1c, 0x16, 1, 0, 0x19, 0x15, 4, 0]);
    }
}
