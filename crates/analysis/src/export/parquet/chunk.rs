//! Column chunk of a Parquet file: nullable values in one page, encoded plainly.

use super::thrift::Struct;
use crate::export::columns::{Column, Values, bits};
use crate::export::varint::varint;

/// Physical types of Parquet.
const BOOLEAN: i32 = 0;
const INT64: i32 = 2;
const DOUBLE: i32 = 5;
const BYTE_ARRAY: i32 = 6;

/// Annotations of physical types: text in UTF-8, and integers without a sign.
const UTF8: i32 = 0;
const UINT_64: i32 = 14;

/// Encodings.
const PLAIN: i32 = 0;
const RLE: i32 = 3;

/// Repetition of a field that may be null.
const OPTIONAL: i32 = 1;

/// A column in the encoding of its type.
#[derive(Debug)]
pub(super) struct Chunk<'a> {
    column: &'a Column,
    physical: i32,
    annotation: Option<i32>,
    /// The values of the rows that have one, one after another.
    values: Vec<u8>,
}

impl<'a> Chunk<'a> {
    pub(super) fn of(column: &'a Column) -> Self {
        let present = &column.present;
        let (physical, annotation, values) = match &column.values {
            Values::Boolean(flags) => (BOOLEAN, None, bits(&some(flags, present).copied().collect::<Vec<_>>())),
            Values::Signed(all) => (INT64, None, some(all, present).flat_map(|value| value.to_le_bytes()).collect()),
            Values::Unsigned(all) => {
                (INT64, Some(UINT_64), some(all, present).flat_map(|value| value.to_le_bytes()).collect())
            }
            Values::Number(all) => (DOUBLE, None, some(all, present).flat_map(|value| value.to_le_bytes()).collect()),
            Values::Text(all) => {
                (BYTE_ARRAY, Some(UTF8), some(all, present).flat_map(|text| with_length(text)).collect())
            }
        };
        Self { column, physical, annotation, values }
    }

    /// Element of the file's schema.
    pub(super) fn schema(&self) -> Struct {
        let element = Struct::default().i32(1, self.physical).i32(3, OPTIONAL).text(4, &self.column.name);
        match self.annotation {
            Some(annotation) => element.i32(6, annotation),
            None => element,
        }
    }

    /// The only page: its header, which rows have a value, and the values.
    pub(super) fn page(&self) -> Vec<u8> {
        let present = &self.column.present;
        let groups = present.len().div_ceil(8) as u64;
        // One run of bit-packed levels.
        let levels = [varint(groups << 1 | 1), bits(present)].concat();
        let body = [&(levels.len() as u32).to_le_bytes(), levels.as_slice(), &self.values].concat();
        let (rows, size) = (present.len() as i32, body.len() as i32);
        let data = Struct::default().i32(1, rows).i32(2, PLAIN).i32(3, RLE).i32(4, RLE);
        let header = Struct::default().i32(1, 0).i32(2, size).i32(3, size).inner(5, data);
        [header.end(), body].concat()
    }

    /// Where the page is: `offset` in the file, and its size.
    pub(super) fn metadata(&self, offset: i64, size: i64) -> Struct {
        let meta = Struct::default()
            .i32(1, self.physical)
            .i32s(2, &[PLAIN, RLE])
            .texts(3, &[&self.column.name])
            .i32(4, 0)
            .i64(5, self.column.present.len() as i64)
            .i64(6, size)
            .i64(7, size)
            .i64(9, offset);
        Struct::default().i64(2, offset).inner(3, meta)
    }
}

/// The values that are present.
fn some<'a, T>(values: &'a [T], present: &'a [bool]) -> impl Iterator<Item = &'a T> {
    values.iter().zip(present).filter(|(_, present)| **present).map(|(value, _)| value)
}

fn with_length(text: &str) -> Vec<u8> {
    [&(text.len() as u32).to_le_bytes(), text.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::FieldType;

    #[test]
    fn a_chunk_has_the_physical_type_of_its_column() {
        let physical = |of, cell| {
            let column = Column::of("a", of, &[cell]);
            let chunk = Chunk::of(&column);
            (chunk.physical, chunk.annotation)
        };
        assert_eq!(physical(FieldType::Integer, "-1"), (INT64, None));
        assert_eq!(physical(FieldType::Integer, "18446744073709551615"), (INT64, Some(UINT_64)));
        assert_eq!(physical(FieldType::Number, "1e-9"), (DOUBLE, None));
        assert_eq!(physical(FieldType::Boolean, "true"), (BOOLEAN, None));
        assert_eq!(physical(FieldType::String, "1"), (BYTE_ARRAY, Some(UTF8)));
    }

    #[test]
    fn values_are_packed_without_those_that_are_missing() {
        let values = |of, cells: &[&str]| Chunk::of(&Column::of("a", of, cells)).values;
        let numbers = values(FieldType::Number, &["1.5", "", "-2"]);
        assert_eq!(numbers, [1.5f64.to_le_bytes(), (-2f64).to_le_bytes()].concat());
        let texts = values(FieldType::String, &["'=x", "", "한"]);
        assert_eq!(texts, [&[2, 0, 0, 0, b'=', b'x', 3, 0, 0, 0], "한".as_bytes()].concat());
        assert_eq!(values(FieldType::Boolean, &["false", "", "true"]), [0b10]);
    }
}
