//! A group with a column for each variant: description, figures, pictures.

use std::ops::Range;

use protocol::Fact;
use serde::Serialize;

use super::leaderboard::{LeaderCell, LeaderRow, Leaderboard};
use super::samples::{Picture, Sheet};
use super::variant_style::VariantStyle;

/// Largest number of variants in one table, so that it fits on a page of paper.
const VARIANTS: usize = 4;

/// Variants of a group, side by side.
#[derive(Debug, Serialize)]
pub(super) struct SideBySide {
    pub(super) variants: Vec<VariantStyle>,
    /// Facts by row: the first fact of every variant, then the second. Empty unless there is one kind of fact per variant.
    pub(super) facts: Vec<Vec<Option<Fact>>>,
    pub(super) figures: Vec<FigureRow>,
    pub(super) pictures: Vec<PictureRow>,
}

/// One figure of every variant.
#[derive(Debug, Serialize)]
pub(super) struct FigureRow {
    /// Name, unit and kind of the figure, then the controls that all variants share.
    pub(super) head: Vec<String>,
    pub(super) cells: Vec<LeaderCell>,
}

/// Pictures of one name.
#[derive(Debug, Serialize)]
pub(super) struct PictureRow {
    pub(super) caption: String,
    pub(super) cells: Vec<Option<Picture>>,
}

impl SideBySide {
    /// Arranges a group's tables and sheets, and the section's facts.
    pub(super) fn of(tables: &[Leaderboard], sheets: &[Sheet], facts: &[Fact]) -> Vec<Self> {
        let rows = tables.first().map_or(&[][..], |table| &table.rows);
        let facts = columns(facts, rows.len());
        let starts = (0..rows.len()).step_by(VARIANTS);
        starts.map(|start| Self::part(tables, sheets, &facts, start..(start + VARIANTS).min(rows.len()))).collect()
    }

    /// Columns of the variants in `range`.
    fn part(tables: &[Leaderboard], sheets: &[Sheet], facts: &[Vec<Option<Fact>>], range: Range<usize>) -> Self {
        let rows = &tables[0].rows[range.clone()];
        let variants: Vec<VariantStyle> = rows.iter().map(|row| row.style.clone()).collect();
        let mut figures = vec![
            of_rows("seeds", rows, |row| (row.seeds.clone(), row.note)),
            of_rows("lost", rows, |row| (row.lost.clone(), None)),
        ];
        for table in tables {
            figures.extend(table.heads.iter().enumerate().map(|(index, head)| FigureRow {
                head: head.clone(),
                cells: table.rows[range.clone()].iter().map(|row| row.cells[index].clone()).collect(),
            }));
        }
        let facts = facts.iter().map(|row| row[range.clone()].to_vec()).collect();
        Self { facts, figures, pictures: pictures(sheets, &variants), variants }
    }
}

fn of_rows(name: &str, rows: &[LeaderRow], text: impl Fn(&LeaderRow) -> (String, Option<usize>)) -> FigureRow {
    let cell = |row: &LeaderRow| {
        let (text, note) = text(row);
        LeaderCell { text: Some(text), note, ..LeaderCell::default() }
    };
    FigureRow { head: vec![name.to_owned(), String::new(), String::new()], cells: rows.iter().map(cell).collect() }
}

/// Facts of `count` kinds as `count` columns, in the order of the grid.
fn columns(facts: &[Fact], count: usize) -> Vec<Vec<Option<Fact>>> {
    let kinds: Vec<&[Fact]> = facts.chunk_by(|one, next| one.fact == next.fact).collect();
    if kinds.len() != count {
        return Vec::new();
    }
    let longest = kinds.iter().map(|kind| kind.len()).max().unwrap_or_default();
    (0..longest).map(|row| kinds.iter().map(|kind| kind.get(row).cloned()).collect()).collect()
}

fn pictures(sheets: &[Sheet], variants: &[VariantStyle]) -> Vec<PictureRow> {
    let mut names: Vec<&str> = Vec::new();
    let shown = sheets.iter().filter(|sheet| variants.contains(&sheet.style));
    for picture in shown.flat_map(|sheet| &sheet.pictures) {
        if !names.contains(&picture.name.as_str()) {
            names.push(&picture.name);
        }
    }
    let of = |variant: &VariantStyle, name: &str| {
        let sheet = sheets.iter().find(|sheet| sheet.style == *variant)?;
        sheet.pictures.iter().find(|picture| picture.name == name).cloned()
    };
    let row = |name: &str| {
        let cells: Vec<Option<Picture>> = variants.iter().map(|variant| of(variant, name)).collect();
        let caption = cells.iter().flatten().map(|picture| picture.caption.clone()).next().unwrap_or_default();
        PictureRow { caption, cells }
    };
    names.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(fact: &str, value: &str) -> Fact {
        Fact { section: None, fact: fact.into(), quantity: "of".into(), value: value.into(), note: String::new() }
    }

    #[test]
    fn one_kind_of_fact_per_variant_becomes_columns() {
        let facts = [fact("vae", "1"), fact("vae", "2"), fact("gan", "3")];
        let values = |rows: Vec<Vec<Option<Fact>>>| -> Vec<Vec<Option<String>>> {
            rows.into_iter().map(|row| row.into_iter().map(|fact| fact.map(|fact| fact.value)).collect()).collect()
        };
        let some = |value: &str| Some(value.to_owned());
        assert_eq!(values(columns(&facts, 2)), [[some("1"), some("3")], [some("2"), None]]);
        assert!(columns(&facts, 3).is_empty(), "two kinds for three variants have no columns");
    }
}
