//! Costs of each variant: training time, parameters, speed of sampling and training, memory.

use protocol::{Direction, Unit};

use super::group_data::{GroupData, figure_of, grouped, unit_text};
use crate::costs::short_duration;
use crate::store::Record;
use crate::summary::{Spread, VariantSummary};
use crate::tables::{Class, digits_after_point, readable};

/// Costs of the first screen and of plots besides the training time, by the name of the figure.
const SHOWN: [&str; 3] = ["parameters", "sample_images_per_s", "peak_memory"];

/// Form of the numbers of a cost.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Time,
    Count,
    /// Three significant digits.
    Measured,
}

/// One cost of the variants of a group.
#[derive(Clone, Debug)]
pub(super) struct VariantCost {
    /// Name in words.
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) direction: Direction,
    form: Form,
    values: Vec<(String, f64)>,
}

impl VariantCost {
    /// Mean over the seeds of a variant; `None` without a value.
    pub(super) fn of(&self, variant: &VariantSummary) -> Option<f64> {
        self.values.iter().find(|(label, _)| *label == variant.variant).map(|(_, value)| *value)
    }

    /// Name and unit.
    pub(super) fn head(&self) -> String {
        if self.unit.is_empty() { self.name.clone() } else { format!("{} ({})", self.name, self.unit) }
    }

    /// A value with the name: "training time 1.5 s", "64 parameters".
    pub(super) fn phrase(&self, value: f64) -> String {
        let text = self.text(value);
        match self.form {
            Form::Time => format!("{} {text}", self.name),
            Form::Count => format!("{text} {}", self.name),
            Form::Measured => format!("{} {text} {}", self.name, self.unit),
        }
    }

    /// A value in its form. A time has its unit.
    pub(super) fn text(&self, value: f64) -> String {
        match self.form {
            Form::Time => short_duration(value),
            Form::Count => grouped(&readable(value, if value.fract() == 0.0 { 0 } else { 1 })),
            Form::Measured => {
                let rounded = format!("{value:.2e}").parse().unwrap_or(value);
                grouped(&readable(rounded, digits_after_point(rounded, 3)))
            }
        }
    }
}

/// Costs that a variant of the group has: training time first, then those of [`SHOWN`] on the first machine of each.
pub(super) fn variant_costs(data: &GroupData<'_>) -> Vec<VariantCost> {
    let times = data.variants.iter().filter_map(|variant| {
        let seconds: Vec<f64> = data.records.iter().filter_map(|record| train_seconds(record, variant)).collect();
        Some((variant.variant.clone(), Spread::of(&seconds)?.mean))
    });
    let time = VariantCost {
        name: "training time".to_owned(),
        unit: "s".to_owned(),
        direction: Direction::Lower,
        form: Form::Time,
        values: times.collect(),
    };
    let measured = SHOWN.iter().filter_map(|name| {
        let (_, column) = data.columns(Class::Cost).find(|(_, column)| column.figure.name == *name)?;
        let value = |variant: &&VariantSummary| {
            Some((variant.variant.clone(), figure_of(variant, &column.figure)?.spread?.mean))
        };
        // Fewer parameters are a lower cost, although no direction of theirs is better.
        let direction = match column.figure.direction {
            Direction::Neither => Direction::Lower,
            direction => direction,
        };
        Some(VariantCost {
            name: words(name),
            unit: unit_text(column.figure.unit),
            direction,
            form: match column.figure.unit {
                Unit::Seconds => Form::Time,
                Unit::Count => Form::Count,
                _ => Form::Measured,
            },
            values: data.variants.iter().filter_map(value).collect(),
        })
    });
    [time].into_iter().chain(measured).filter(|cost| !cost.values.is_empty()).collect()
}

fn train_seconds(record: &Record, variant: &VariantSummary) -> Option<f64> {
    let outcome = record.outcome.as_ref().filter(|_| record.is_done())?;
    (record.trial.variant == variant.variant && outcome.train_s.is_finite()).then_some(outcome.train_s)
}

/// Name of a cost in words, without its unit.
fn words(name: &str) -> String {
    match name.strip_suffix("_images_per_s") {
        Some("sample") => "sampling".to_owned(),
        Some(what) => what.replace('_', " "),
        None => name.replace('_', " "),
    }
}
