//! `costs.csv`: time of each trial by part.

use std::io;

use super::schema::{Field, TableSchema};
use super::sheet::Sheet;
use crate::costs::Costs;
use crate::store::Record;

pub(super) fn schema() -> TableSchema {
    let fields = vec![
        Field::text("trial", "Id of the trial."),
        Field::text("variant", "Label of the variant."),
        Field::integer("seed", "Seed of the trial."),
        Field::text("part", "`data`, `train`, `evaluate`, `extractor`, `measure`, `timing` or `other`."),
        Field::text("measure", "Name of the measure, for `measure` and `timing`."),
        Field::number("seconds", "Time of this part, without other parts inside it.").unit("s").volatile(true),
        Field::number("share", "Share of all seconds of the trial.").volatile(true),
    ];
    TableSchema { file: "costs.csv", about: "One row per trial and part of its time.", fields }
}

/// Writer of the table's rows.
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
