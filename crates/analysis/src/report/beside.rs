//! A group with a column for each variant: what it is, how it did, what it draws.

use serde::Serialize;

use super::leaderboard::{LeaderCell, LeaderRow, Leaderboard};
use super::samples::{Picture, Sheet};
use protocol::Fact;

/// The variants of a group, side by side.
#[derive(Debug, Serialize)]
pub(super) struct Beside {
    pub(super) variants: Vec<String>,
    /// Exact counts: the first of every variant, then the second; empty if they are not of as many kinds as there
    /// are variants.
    pub(super) facts: Vec<Vec<Option<Fact>>>,
    pub(super) figures: Vec<FigureRow>,
    pub(super) pictures: Vec<PictureRow>,
}

/// One figure of every variant.
#[derive(Debug, Serialize)]
pub(super) struct FigureRow {
    /// Its name, unit and kind.
    pub(super) head: [String; 3],
    pub(super) cells: Vec<LeaderCell>,
}

/// The pictures of one name.
#[derive(Debug, Serialize)]
pub(super) struct PictureRow {
    pub(super) caption: String,
    pub(super) cells: Vec<Option<Picture>>,
}

impl Beside {
    /// Of a group's tables and sheets, and of the section's facts.
    pub(super) fn of(tables: &[Leaderboard], sheets: &[Sheet], facts: &[Fact]) -> Self {
        let rows = tables.first().map_or(&[][..], |table| &table.rows);
        let variants: Vec<String> = rows.iter().map(|row| row.variant.clone()).collect();
        let mut figures = vec![
            of_rows("seeds", rows, |row| (row.seeds.clone(), row.note)),
            of_rows("lost", rows, |row| (row.lost.clone(), None)),
        ];
        for table in tables {
            figures.extend(table.heads.iter().enumerate().map(|(index, head)| FigureRow {
                head: head.clone(),
                cells: table.rows.iter().map(|row| row.cells[index].clone()).collect(),
            }));
        }
        Self { facts: columns(facts, variants.len()), figures, pictures: pictures(sheets, &variants), variants }
    }
}

fn of_rows(name: &str, rows: &[LeaderRow], text: impl Fn(&LeaderRow) -> (String, Option<usize>)) -> FigureRow {
    let cell = |row: &LeaderRow| {
        let (text, note) = text(row);
        LeaderCell { text: Some(text), best: false, note, title: String::new() }
    };
    FigureRow { head: [name.to_owned(), String::new(), String::new()], cells: rows.iter().map(cell).collect() }
}

/// Facts of `count` kinds as that many columns, in the order of the grid.
fn columns(facts: &[Fact], count: usize) -> Vec<Vec<Option<Fact>>> {
    let kinds: Vec<&[Fact]> = facts.chunk_by(|one, next| one.fact == next.fact).collect();
    if kinds.len() != count {
        return Vec::new();
    }
    let longest = kinds.iter().map(|kind| kind.len()).max().unwrap_or_default();
    (0..longest).map(|row| kinds.iter().map(|kind| kind.get(row).cloned()).collect()).collect()
}

fn pictures(sheets: &[Sheet], variants: &[String]) -> Vec<PictureRow> {
    let mut captions: Vec<&str> = Vec::new();
    for picture in sheets.iter().flat_map(|sheet| &sheet.pictures) {
        if !captions.contains(&picture.caption.as_str()) {
            captions.push(&picture.caption);
        }
    }
    let of = |variant: &String, caption: &str| {
        let sheet = sheets.iter().find(|sheet| sheet.variant == *variant)?;
        sheet.pictures.iter().find(|picture| picture.caption == caption).cloned()
    };
    let row = |caption: &str| PictureRow {
        caption: caption.to_owned(),
        cells: variants.iter().map(|variant| of(variant, caption)).collect(),
    };
    captions.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(fact: &str, value: &str) -> Fact {
        Fact { section: None, fact: fact.into(), quantity: "of".into(), value: value.into(), note: String::new() }
    }

    #[test]
    fn facts_of_as_many_kinds_as_variants_become_columns() {
        let facts = [fact("vae", "1"), fact("vae", "2"), fact("gan", "3")];
        let values = |rows: Vec<Vec<Option<Fact>>>| -> Vec<Vec<Option<String>>> {
            rows.into_iter().map(|row| row.into_iter().map(|fact| fact.map(|fact| fact.value)).collect()).collect()
        };
        let some = |value: &str| Some(value.to_owned());
        assert_eq!(values(columns(&facts, 2)), [[some("1"), some("3")], [some("2"), None]]);
        assert!(columns(&facts, 3).is_empty(), "two kinds for three variants have no columns");
    }
}
