//! `curves.csv`: every quantity of the traces at each step.

use std::io;

use super::csv_out::Sheet;
use super::schema::{Field, TableSchema};
use super::words::exact;
use crate::curve::Curve;
use crate::store::Record;

pub(super) fn schema() -> TableSchema {
    let fields = vec![
        Field::text("trial", "The trial's id."),
        Field::text("variant", "The variant's label."),
        Field::integer("seed", "The seed."),
        Field::integer("step", "Optimisation steps done.").unit("count"),
        Field::text("split", "`train` (a training batch) or `validation`."),
        Field::text("quantity", "What the value is of."),
        Field::number("value", "The value; `NaN`, `inf` and `-inf` where it was not finite."),
        Field::number("se", "Its standard error over images."),
        Field::integer("n", "How many images it rests on."),
        Field::text("unit", "The unit of `value` and `se`, where the trace tells it."),
        Field::integer("attempt", "The worker that computed it, counted from 1.").volatile(true),
        Field::number("at_s", "Since that worker began.").unit("s").volatile(true),
    ];
    TableSchema { file: "curves.csv", about: "A row for each quantity, trial and step that the traces hold.", fields }
}

/// The table in the making.
pub(super) struct Rows(Sheet);

impl Rows {
    pub(super) fn new() -> io::Result<Self> {
        Sheet::new(&schema().fields).map(Self)
    }

    pub(super) fn add(&mut self, record: &Record, curve: &Curve) -> io::Result<()> {
        let sheet = &mut self.0;
        for ((split, quantity, step), point) in &curve.0 {
            sheet.text(&record.id.0).text(&record.trial.variant).shown(Some(record.trial.seed)).shown(Some(step));
            sheet.text(split.word()).text(quantity).text(&exact(point.value)).number(point.se);
            sheet.number(point.n).maybe(point.unit.as_deref()).shown(Some(point.attempt));
            sheet.number(Some(point.at_s)).end()?;
        }
        Ok(())
    }

    pub(super) fn finish(self) -> io::Result<Vec<u8>> {
        self.0.finish()
    }
}
