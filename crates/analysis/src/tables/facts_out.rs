//! `facts.csv`: exact counts and identities.

use std::io;

use protocol::Fact;

use super::schema::{Field, TableSchema};
use super::sheet::Sheet;

pub(super) fn schema() -> TableSchema {
    let fields = vec![
        Field::text("section", "Section of the report."),
        Field::text("fact", "Name of the fact."),
        Field::text("quantity", "Description of the number."),
        Field::text("value", "The exact number; it may exceed any machine word."),
        Field::text("note", "Formula or argument behind the number."),
    ];
    TableSchema { file: "facts.csv", about: "Exact counts and identities.", fields }
}

pub(super) fn csv(facts: &[Fact]) -> io::Result<Vec<u8>> {
    let mut sheet = Sheet::new(&schema().fields)?;
    for fact in facts {
        sheet.maybe(fact.section.as_deref()).text(&fact.fact).text(&fact.quantity);
        sheet.text(&fact.value).text(&fact.note).end()?;
    }
    sheet.finish()
}
