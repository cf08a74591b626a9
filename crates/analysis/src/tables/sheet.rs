//! Writer of one CSV file: a header from the schema, then rows with the same number of cells.

use std::fmt::Write;
use std::io;

use csv::{StringRecord, Writer};
use protocol::text::escape;

use super::number_format::exact;
use super::schema::Field;

/// A CSV table, written row by row. Quoting follows RFC 4180; lines end in a line feed.
pub(crate) struct Sheet {
    writer: Writer<Vec<u8>>,
    row: StringRecord,
    scratch: String,
}

impl Sheet {
    /// Starts a table with these columns.
    pub(crate) fn new(fields: &[Field]) -> io::Result<Self> {
        let mut writer = Writer::from_writer(Vec::new());
        writer.write_record(fields.iter().map(|field| escape::csv(&field.name).into_owned()))?;
        Ok(Self { writer, row: StringRecord::new(), scratch: String::new() })
    }

    /// Adds a cell of text. A text that a spreadsheet would run as a formula has a leading `'`.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.row.push_field(&escape::csv(text));
        self
    }

    /// Adds a cell of text that may be empty.
    pub(crate) fn maybe(&mut self, text: Option<&str>) -> &mut Self {
        self.text(text.unwrap_or_default())
    }

    /// Adds a number, or an empty cell for a missing one.
    pub(crate) fn number(&mut self, number: Option<f64>) -> &mut Self {
        match number {
            Some(number) => self.row.push_field(&exact(number)),
            None => self.row.push_field(""),
        }
        self
    }

    /// Adds a value that implements `Display`; an empty cell for `None`.
    pub(crate) fn shown(&mut self, value: Option<impl std::fmt::Display>) -> &mut Self {
        self.scratch.clear();
        if let Some(value) = value {
            // Writing to a string cannot fail.
            let _ = write!(self.scratch, "{value}");
        }
        self.row.push_field(&escape::csv(&self.scratch));
        self
    }

    /// Ends the row.
    ///
    /// # Errors
    /// The row has more or fewer cells than the header.
    pub(crate) fn end(&mut self) -> io::Result<()> {
        self.writer.write_record(&self.row)?;
        self.row.clear();
        Ok(())
    }

    /// Returns the file's content.
    pub(crate) fn finish(self) -> io::Result<Vec<u8>> {
        self.writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::schema::Field;

    #[test]
    fn commas_quotes_and_line_breaks_are_quoted_and_none_is_an_empty_cell() {
        let fields = [Field::text("a", "A."), Field::number("b", "B."), Field::integer("c", "C.")];
        let mut sheet = Sheet::new(&fields).unwrap();
        sheet.text("x, \"y\"\nz").number(None).shown(None::<u64>).end().unwrap();
        sheet.text("1.5").number(Some(1e-9)).shown(Some(3)).end().unwrap();
        let text = String::from_utf8(sheet.finish().unwrap()).unwrap();
        assert_eq!(text, "a,b,c\n\"x, \"\"y\"\"\nz\",,\n1.5,1e-9,3\n");
    }

    #[test]
    fn a_text_that_a_spreadsheet_would_run_is_escaped_and_numbers_are_not() {
        let fields = [Field::text("a", "A."), Field::number("b", "B."), Field::text("c", "C.")];
        let mut sheet = Sheet::new(&fields).unwrap();
        sheet.text("=HYPERLINK(\"x\")").number(Some(-1.5)).text("-2").end().unwrap();
        sheet.text("'quoted'").number(Some(f64::NEG_INFINITY)).shown(Some("@x")).end().unwrap();
        let text = String::from_utf8(sheet.finish().unwrap()).unwrap();
        assert_eq!(text, "a,b,c\n\"'=HYPERLINK(\"\"x\"\")\",-1.5,-2\n''quoted',-inf,'@x\n");
    }

    #[test]
    fn a_row_of_the_wrong_length_is_an_error() {
        let mut sheet = Sheet::new(&[Field::text("a", "A.")]).unwrap();
        assert!(sheet.text("1").text("2").end().is_err());
    }
}
