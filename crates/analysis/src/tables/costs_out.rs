//! `costs.csv`: what each trial's time went into.

use std::io;

use super::csv_out::Sheet;
use super::schema::{Field, TableSchema};
use crate::costs::Costs;
use crate::store::Record;

pub(super) fn schema() -> TableSchema {
    let fields = vec![
        Field::text("trial", "The trial's id."),
        Field::text("variant", "The variant's label."),
        Field::integer("seed", "The seed."),
        Field::text("part", "`data`, `train`, `evaluate`, `extractor`, `measure`, `timing` or `other`."),
        Field::text("measure", "The measure's name, for `measure` and `timing`."),
        Field::number("seconds", "How long it took, without other parts inside it.").unit("s").volatile(true),
        Field::number("share", "Of all seconds of the trial.").volatile(true),
    ];
    TableSchema { file: "costs.csv", about: "A row for each trial and what its time went into.", fields }
}

/// The table in the making.
pub(super) struct Rows(Sheet);

impl Rows {
    pub(super) fn new() -> io::Result<Self> {
        Sheet::new(&schema().fields).map(Self)
    }

    pub(super) fn add(&mut self, record: &Record, costs: &Costs) -> io::Result<()> {
        for (part, seconds) in &costs.0 {
            let sheet = self.0.text(&record.id.0).text(&record.trial.variant).shown(Some(record.trial.seed));
            sheet.text(part.word()).maybe(part.measure()).number(Some(*seconds));
            sheet.number(Some(costs.share(*seconds))).end()?;
        }
        Ok(())
    }

    pub(super) fn finish(self) -> io::Result<Vec<u8>> {
        self.0.finish()
    }
}
