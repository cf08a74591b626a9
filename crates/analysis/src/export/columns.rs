//! Columns of `measurements.csv` with types, which the Parquet file and the Arrow file encode.

use std::io;
use std::str::FromStr;

use protocol::text::escape;

use crate::results::Results;
use crate::tables::{Field, FieldType, measurements};

/// A column whose values may be missing.
#[derive(Debug, PartialEq)]
pub(super) struct Column {
    pub(super) name: String,
    /// One flag per row: whether it has a value.
    pub(super) present: Vec<bool>,
    pub(super) values: Values,
}

/// Values of a column, one per row. A missing value is zero, `false` or an empty text.
#[derive(Debug, PartialEq)]
pub(super) enum Values {
    Boolean(Vec<bool>),
    Signed(Vec<i64>),
    Unsigned(Vec<u64>),
    Number(Vec<f64>),
    Text(Vec<String>),
}

/// The rows and columns of `measurements.csv`.
pub(super) fn columns(results: &Results) -> io::Result<Vec<Column>> {
    let (schema, csv) = measurements(results)?;
    let mut reader = csv::Reader::from_reader(csv.as_slice());
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>()?;
    let column = |(at, field): (usize, &Field)| {
        let cells: Vec<&str> = rows.iter().map(|row| row.get(at).unwrap_or_default()).collect();
        Column::of(&field.name, field.of, &cells)
    };
    Ok(schema.fields.iter().enumerate().map(column).collect())
}

impl Column {
    /// Parses the cells of a CSV column; an empty cell is missing. Integers beyond 63 bits have no sign. A column with a cell that is
    /// no value of its type is text.
    pub(super) fn of(name: &str, of: FieldType, cells: &[&str]) -> Self {
        let typed = match of {
            FieldType::String => None,
            FieldType::Integer => parsed(cells).map(Values::Signed).or_else(|| parsed(cells).map(Values::Unsigned)),
            FieldType::Number => parsed(cells).map(Values::Number),
            FieldType::Boolean => parsed(cells).map(Values::Boolean),
        };
        let text = || Values::Text(cells.iter().map(|cell| escape::csv_read(cell).to_owned()).collect());
        let present = cells.iter().map(|cell| !cell.is_empty()).collect();
        Self { name: name.to_owned(), present, values: typed.unwrap_or_else(text) }
    }
}

/// Number of rows of a table.
pub(super) fn rows(columns: &[Column]) -> usize {
    columns.first().map_or(0, |column| column.present.len())
}

/// Values of all cells; `None` if one is no value.
fn parsed<T: FromStr + Default>(cells: &[&str]) -> Option<Vec<T>> {
    let value = |cell: &&str| if cell.is_empty() { Some(T::default()) } else { cell.parse().ok() };
    cells.iter().map(value).collect()
}

/// Eight flags per byte, the first in the lowest bit.
pub(super) fn bits(flags: &[bool]) -> Vec<u8> {
    let byte = |eight: &[bool]| eight.iter().enumerate().fold(0, |byte, (at, flag)| byte | u8::from(*flag) << at);
    flags.chunks(8).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_has_the_type_of_its_field_unless_a_cell_is_something_else() {
        let values = |of, cells: &[&str]| Column::of("a", of, cells).values;
        let texts = |texts: &[&str]| Values::Text(texts.iter().map(|&text| text.to_owned()).collect());
        assert_eq!(values(FieldType::Integer, &["-1", "", "7"]), Values::Signed(vec![-1, 0, 7]));
        assert_eq!(values(FieldType::Integer, &["18446744073709551615"]), Values::Unsigned(vec![u64::MAX]));
        let mixed = ["-1", "18446744073709551615"];
        assert_eq!(values(FieldType::Integer, &mixed), texts(&mixed));
        assert_eq!(values(FieldType::Number, &["-inf", "1e-9"]), Values::Number(vec![f64::NEG_INFINITY, 1e-9]));
        assert!(matches!(values(FieldType::Number, &["NaN"]), Values::Number(nan) if nan[0].is_nan()));
        assert_eq!(values(FieldType::Number, &["small"]), texts(&["small"]));
        assert_eq!(values(FieldType::Boolean, &["true", "false"]), Values::Boolean(vec![true, false]));
        assert_eq!(values(FieldType::String, &["1", "'=x", ""]), texts(&["1", "=x", ""]));
        assert_eq!(Column::of("a", FieldType::String, &["1", ""]).present, [true, false]);
    }

    #[test]
    fn flags_fill_bytes_from_the_lowest_bit() {
        let nine = [true, false, false, false, false, false, false, true, true];
        assert_eq!(bits(&nine), [0b1000_0001, 1]);
    }
}
