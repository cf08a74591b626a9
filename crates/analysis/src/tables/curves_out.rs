//! `curves.csv`: values of every quantity of the traces at each step.

use std::io;

use super::schema::{Field, TableSchema};
use super::sheet::Sheet;
use crate::curve::Curve;
use crate::store::Record;

pub(super) fn schema() -> TableSchema {
    let fields = vec![
        Field::text("trial", "Id of the trial."),
        Field::text("variant", "Label of the variant."),
        Field::integer("seed", "Seed of the trial."),
        Field::integer("step", "Number of optimisation steps done.").unit("count"),
        Field::text("split", "`train` (a training batch) or `validation`."),
        Field::text("quantity", "Name of the quantity."),
        Field::number("value", "Value of the quantity; `NaN`, `inf` or `-inf` if it was not finite."),
        Field::number("se", "Standard error over images."),
        Field::integer("n", "Number of images behind the value."),
        Field::text("unit", "Unit of `value` and `se`, if the trace records it."),
        Field::integer("attempt", "Attempt that computed the value, counted from 1.").volatile(true),
        Field::number("at_s", "Time since the start of that attempt.").unit("s").volatile(true),
    ];
    TableSchema { file: "curves.csv", about: "One row per quantity, trial and step in the traces.", fields }
}

/// Writer of the table's rows.
pub(super) struct Rows(Sheet);

impl Rows {
    pub(super) fn new() -> io::Result<Self> {
        Sheet::new(&schema().fields).map(Self)
    }

    pub(super) fn add(&mut self, record: &Record, curve: &Curve) -> io::Result<()> {
        let sheet = &mut self.0;
        for ((split, quantity, step), point) in &curve.0 {
            sheet.text(&record.id.0).text(&record.trial.variant).shown(Some(record.trial.seed)).shown(Some(step));
            sheet.text(split.word()).text(quantity).number(Some(point.value)).number(point.se);
            sheet.number(point.n).maybe(point.unit.as_deref()).shown(Some(point.attempt));
            sheet.number(Some(point.at_s)).end()?;
        }
        Ok(())
    }

    pub(super) fn finish(self) -> io::Result<Vec<u8>> {
        self.0.finish()
    }
}
