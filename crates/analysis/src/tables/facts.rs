//! `facts.csv`: exact counts and identities, which need no training.

use std::io;

use super::csv_out::Sheet;
use super::schema::{Field, TableSchema};
use protocol::Fact;

pub(super) fn schema() -> TableSchema {
    let fields = vec![
        Field::text("section", "Where it stands in the report."),
        Field::text("fact", "The fact's name."),
        Field::text("quantity", "What the number is."),
        Field::text("value", "The number, exact: it may be longer than any machine word."),
        Field::text("note", "The formula or the argument behind it."),
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
