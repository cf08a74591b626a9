//! Arrow files, read back by a small reader. Readers of the format check the rest: `tests/python`.

use super::*;
use crate::tables::fixture::Fixture;
use crate::tables::{FieldType, measurements};

/// A table of a FlatBuffer.
#[derive(Clone, Copy)]
struct Read<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Read<'a> {
    fn root(bytes: &'a [u8]) -> Self {
        Self { bytes, at: number::<4>(bytes, 0) as usize }
    }

    /// Place of a field, if the table has it.
    fn place(self, slot: usize) -> Option<usize> {
        let vtable = self.at - number::<4>(self.bytes, self.at) as usize;
        let entry = 4 + 2 * slot;
        let place =
            if entry < number::<2>(self.bytes, vtable) as usize { number::<2>(self.bytes, vtable + entry) } else { 0 };
        (place > 0).then_some(self.at + place as usize)
    }

    fn int<const N: usize>(self, slot: usize) -> i64 {
        let place = self.place(slot).unwrap();
        assert_eq!(place % N, 0, "alignment of slot {slot}");
        number::<N>(self.bytes, place)
    }

    fn target(self, place: usize) -> usize {
        place + number::<4>(self.bytes, place) as usize
    }

    fn table(self, slot: usize) -> Self {
        Self { at: self.target(self.place(slot).unwrap()), ..self }
    }

    fn tables(self, slot: usize) -> Vec<Self> {
        let at = self.target(self.place(slot).unwrap());
        let item = |index| Self { at: self.target(at + 4 + 4 * index), ..self };
        (0..number::<4>(self.bytes, at) as usize).map(item).collect()
    }

    fn text(self, slot: usize) -> &'a str {
        let at = self.target(self.place(slot).unwrap());
        let end = at + 4 + number::<4>(self.bytes, at) as usize;
        assert_eq!(self.bytes[end], 0);
        std::str::from_utf8(&self.bytes[at + 4..end]).unwrap()
    }

    /// Structs of `N` integers of 64 bits.
    fn structs<const N: usize>(self, slot: usize) -> Vec<[i64; N]> {
        let at = self.target(self.place(slot).unwrap());
        let one = |index: usize| std::array::from_fn(|of| number::<8>(self.bytes, at + 4 + 8 * (N * index + of)));
        assert_eq!((at + 4) % 8, 0);
        (0..number::<4>(self.bytes, at) as usize).map(one).collect()
    }
}

/// A number of `N` bytes; those of less than 8 have no sign.
fn number<const N: usize>(bytes: &[u8], at: usize) -> i64 {
    let mut eight = [0; 8];
    eight[..N].copy_from_slice(&bytes[at..at + N]);
    i64::from_le_bytes(eight)
}

/// Description and body of a message, which is at a multiple of 8 in the file.
fn message_at(file: &[u8], at: usize) -> (Read<'_>, usize) {
    assert_eq!((&file[at..at + 4], at % 8), (&[0xff; 4][..], 0));
    let end = at + 8 + number::<4>(file, at + 4) as usize;
    assert_eq!(end % ALIGNMENT, 0);
    (Read::root(&file[at + 8..end]), end)
}

/// A column of a file: its name, its type with width and sign, and its cells; `None` is null.
type Decoded = (String, (u8, i64), Vec<Option<String>>);

/// Reads a file by its footer, as readers do.
fn decoded(file: &[u8]) -> Vec<Decoded> {
    assert!(file.starts_with(b"ARROW1\0\0") && file.ends_with(b"ARROW1"));
    let end = file.len() - MAGIC.len() - 4;
    let start = end - number::<4>(file, end) as usize;
    let footer = Read::root(&file[start..end]);
    assert_eq!((footer.int::<2>(0), start % 8), (4, 0), "version 5 of the metadata");
    let (first, schema_end) = message_at(file, 8);
    assert_eq!((first.int::<1>(1), first.table(2).tables(1).len()), (1, footer.table(1).tables(1).len()));
    let [[offset, metadata, body]] = footer.structs::<3>(3)[..] else { panic!("one record batch") };
    assert_eq!(offset as usize, schema_end);
    let (message, body_start) = message_at(file, offset as usize);
    assert_eq!((message.int::<1>(1), message.int::<8>(3)), (3, body));
    assert_eq!(body_start, (offset + metadata) as usize);
    assert_eq!(file[body_start + body as usize..start], [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

    let batch = message.table(2);
    let mut buffers = batch.structs::<2>(2).into_iter().map(|[at, size]| {
        assert_eq!(at as usize % ALIGNMENT, 0);
        &file[body_start + at as usize..body_start + (at + size) as usize]
    });
    let nodes = batch.structs::<2>(1);
    let columns: Vec<Decoded> = footer
        .table(1)
        .tables(1)
        .into_iter()
        .zip(&nodes)
        .map(|(field, node)| {
            assert_eq!((field.int::<1>(1), node[0]), (1, batch.int::<8>(0)), "nullable, of as many rows as the batch");
            let (kind, of) = (field.int::<1>(2) as u8, field.table(3));
            let (validity, values) = (buffers.next().unwrap(), buffers.next().unwrap());
            let text = if kind == 5 { buffers.next().unwrap() } else { &[] };
            let detail = match kind {
                2 => of.int::<4>(0) + of.int::<1>(1),
                3 => of.int::<2>(0),
                _ => 0,
            };
            let bit = |bytes: &[u8], row: usize| bytes[row / 8] >> (row % 8) & 1 == 1;
            let cell = |row: usize| match (kind, detail) {
                (2, 65) => number::<8>(values, 8 * row).to_string(),
                (2, 64) => (number::<8>(values, 8 * row) as u64).to_string(),
                (3, 2) => f64::from_bits(number::<8>(values, 8 * row) as u64).to_string(),
                (6, _) => bit(values, row).to_string(),
                (5, _) => {
                    let [start, end] = [row, row + 1].map(|at| number::<4>(values, 4 * at) as usize);
                    std::str::from_utf8(&text[start..end]).unwrap().to_owned()
                }
                other => panic!("{other:?}"),
            };
            let cells: Vec<_> = (0..node[0] as usize).map(|row| bit(validity, row).then(|| cell(row))).collect();
            assert_eq!(cells.iter().filter(|cell| cell.is_none()).count() as i64, node[1]);
            (field.text(0).to_owned(), (kind, detail), cells)
        })
        .collect();
    assert!(buffers.next().is_none());
    columns
}

#[test]
fn a_file_has_the_cells_of_the_csv_file() {
    let results = Fixture::new().results();
    let (schema, csv) = measurements(&results).unwrap();
    let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(&*csv).records().map(Result::unwrap).collect();
    let columns = decoded(&arrow(&results).unwrap());
    assert_eq!(columns.len(), schema.fields.len());
    for (at, ((name, _, cells), field)) in columns.iter().zip(&schema.fields).enumerate() {
        assert_eq!((name.as_str(), cells.len()), (&*field.name, rows.len()));
        for (cell, row) in cells.iter().zip(&rows) {
            let (cell, expected) = (cell.as_deref().unwrap_or_default(), &row[at]);
            let same = cell == expected || cell.parse::<f64>().is_ok_and(|number| expected.parse() == Ok(number));
            assert!(same, "{name}: {cell} instead of {expected}");
        }
    }
}

/// One column per type, with nulls in more than one byte of flags.
#[test]
fn nulls_and_texts_of_any_script_are_read_back() {
    let cells = |cells: [&'static str; 9]| cells.to_vec();
    let columns = [
        ("깃발", FieldType::Boolean, cells(["true", "", "false", "", "", "", "", "", "true"]), (6, 0)),
        ("signed", FieldType::Integer, cells(["-1", "", "9223372036854775807", "", "", "", "", "", "0"]), (2, 65)),
        ("unsigned", FieldType::Integer, cells(["1", "", "18446744073709551615", "", "", "", "", "", "0"]), (2, 64)),
        ("number", FieldType::Number, cells(["-0.5", "", "inf", "NaN", "", "", "", "", "0.1"]), (3, 2)),
        ("text", FieldType::String, cells(["밀도", "", "≥ ü", "𝑝(x)", "", "", "", "a", ""]), (5, 0)),
        ("none", FieldType::Integer, cells([""; 9]), (2, 65)),
    ];
    let made: Vec<Column> = columns.iter().map(|(name, of, cells, _)| Column::of(name, *of, cells)).collect();
    for ((name, kind, found), (expected_name, _, cells, expected_kind)) in decoded(&file(&made)).iter().zip(&columns) {
        assert_eq!((name.as_str(), kind), (*expected_name, expected_kind));
        let expected: Vec<_> = cells.iter().map(|&cell| (!cell.is_empty()).then(|| cell.to_owned())).collect();
        assert_eq!(found, &expected, "{name}");
    }
}

#[test]
fn an_empty_table_has_its_columns() {
    let types = [FieldType::Boolean, FieldType::Integer, FieldType::Number, FieldType::String];
    let columns = types.map(|of| Column::of(of.word(), of, &[]));
    let found = decoded(&file(&columns));
    let expected = [("boolean", (6, 0)), ("integer", (2, 65)), ("number", (3, 2)), ("string", (5, 0))];
    assert_eq!(found, expected.map(|(name, of)| (name.to_owned(), of, Vec::new())));
}
