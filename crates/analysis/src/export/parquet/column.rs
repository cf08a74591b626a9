//! Column of a Parquet file: nullable values in one page, encoded plainly.

use protocol::text::escape;

use super::thrift::Struct;
use crate::export::varint::varint;
use crate::tables::FieldType;

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

/// Values of a column in the encoding of their type.
#[derive(Debug, PartialEq)]
pub(super) struct Column {
    name: String,
    physical: i32,
    annotation: Option<i32>,
    /// One flag per row: whether it has a value.
    present: Vec<bool>,
    /// The values of these rows, one after another.
    values: Vec<u8>,
}

impl Column {
    /// Encodes the cells of a CSV column; an empty cell is null. Integers beyond 63 bits have no sign. A column with a cell that is
    /// no value of its type is text.
    pub(super) fn of(name: &str, of: FieldType, cells: &[&str]) -> Self {
        let present: Vec<bool> = cells.iter().map(|cell| !cell.is_empty()).collect();
        let some = || cells.iter().copied().filter(|cell| !cell.is_empty());
        let typed = match of {
            FieldType::String => None,
            FieldType::Integer => {
                let signed: Option<Vec<u8>> = encoded(some(), |cell| Some(cell.parse::<i64>().ok()?.to_le_bytes()));
                let unsigned = || encoded(some(), |cell| Some(cell.parse::<u64>().ok()?.to_le_bytes()));
                let signed = signed.map(|bytes| (INT64, None, bytes));
                signed.or_else(|| Some((INT64, Some(UINT_64), unsigned()?)))
            }
            FieldType::Number => {
                encoded(some(), |cell| Some(cell.parse::<f64>().ok()?.to_le_bytes())).map(|bytes| (DOUBLE, None, bytes))
            }
            FieldType::Boolean => {
                let flags: Option<Vec<bool>> = some().map(|cell| cell.parse().ok()).collect();
                flags.map(|flags| (BOOLEAN, None, bits(&flags)))
            }
        };
        let text = || {
            let with_length = |cell: &str| {
                let text = escape::csv_read(cell).as_bytes();
                [&(text.len() as u32).to_le_bytes(), text].concat()
            };
            (BYTE_ARRAY, Some(UTF8), some().flat_map(with_length).collect())
        };
        let (physical, annotation, values) = typed.unwrap_or_else(text);
        Self { name: name.to_owned(), physical, annotation, present, values }
    }

    /// Element of the file's schema.
    pub(super) fn schema(&self) -> Struct {
        let element = Struct::default().i32(1, self.physical).i32(3, OPTIONAL).text(4, &self.name);
        match self.annotation {
            Some(annotation) => element.i32(6, annotation),
            None => element,
        }
    }

    /// The only page: its header, which rows have a value, and the values.
    pub(super) fn page(&self) -> Vec<u8> {
        let groups = self.present.len().div_ceil(8) as u64;
        // One run of bit-packed levels.
        let levels = [varint(groups << 1 | 1), bits(&self.present)].concat();
        let body = [&(levels.len() as u32).to_le_bytes(), levels.as_slice(), &self.values].concat();
        let (rows, size) = (self.present.len() as i32, body.len() as i32);
        let data = Struct::default().i32(1, rows).i32(2, PLAIN).i32(3, RLE).i32(4, RLE);
        let header = Struct::default().i32(1, 0).i32(2, size).i32(3, size).inner(5, data);
        [header.end(), body].concat()
    }

    /// Where the page is: `offset` in the file, and its size.
    pub(super) fn chunk(&self, offset: i64, size: i64) -> Struct {
        let meta = Struct::default()
            .i32(1, self.physical)
            .i32s(2, &[PLAIN, RLE])
            .texts(3, &[&self.name])
            .i32(4, 0)
            .i64(5, self.present.len() as i64)
            .i64(6, size)
            .i64(7, size)
            .i64(9, offset);
        Struct::default().i64(2, offset).inner(3, meta)
    }
}

/// Bytes of all cells; `None` if one is no value.
fn encoded<'a>(mut cells: impl Iterator<Item = &'a str>, bytes: impl Fn(&str) -> Option<[u8; 8]>) -> Option<Vec<u8>> {
    cells.try_fold(Vec::new(), |mut all, cell| {
        all.extend(bytes(cell)?);
        Some(all)
    })
}

/// Eight flags per byte, the first in the lowest bit.
fn bits(flags: &[bool]) -> Vec<u8> {
    let byte = |eight: &[bool]| eight.iter().enumerate().fold(0, |byte, (at, flag)| byte | u8::from(*flag) << at);
    flags.chunks(8).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_has_the_type_of_its_field_unless_a_cell_is_something_else() {
        let physical = |of, cells: &[&str]| {
            let column = Column::of("a", of, cells);
            (column.physical, column.annotation)
        };
        assert_eq!(physical(FieldType::Integer, &["-1", "", "7"]), (INT64, None));
        assert_eq!(physical(FieldType::Integer, &["18446744073709551615"]), (INT64, Some(UINT_64)));
        assert_eq!(physical(FieldType::Integer, &["-1", "18446744073709551615"]), (BYTE_ARRAY, Some(UTF8)));
        assert_eq!(physical(FieldType::Number, &["-inf", "1e-9", "NaN"]), (DOUBLE, None));
        assert_eq!(physical(FieldType::Number, &["small"]), (BYTE_ARRAY, Some(UTF8)));
        assert_eq!(physical(FieldType::Boolean, &["true", "false"]), (BOOLEAN, None));
        assert_eq!(physical(FieldType::String, &["1"]), (BYTE_ARRAY, Some(UTF8)));
    }

    #[test]
    fn values_are_packed_without_those_that_are_missing() {
        let numbers = Column::of("a", FieldType::Number, &["1.5", "", "-2"]);
        assert_eq!(numbers.values, [1.5f64.to_le_bytes(), (-2f64).to_le_bytes()].concat());
        assert_eq!(bits(&numbers.present), [0b101]);
        let texts = Column::of("a", FieldType::String, &["'=x", "", "한"]);
        assert_eq!(texts.values, [&[2, 0, 0, 0, b'=', b'x', 3, 0, 0, 0], "한".as_bytes()].concat());
        let nine = [true, false, false, false, false, false, false, true, true];
        assert_eq!(bits(&nine), [0b1000_0001, 1]);
    }
}
