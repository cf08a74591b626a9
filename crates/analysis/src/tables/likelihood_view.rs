//! Log-likelihoods of a section for people: one table and its verdicts in words.

use std::collections::HashMap;

use protocol::text::{count, thousands};
use serde::Serialize;
use stats::Verdict;

use super::number_format::{digits_after_point, fixed, mark};
use crate::compare::{End, LikelihoodComparison, LikelihoodRow, LikelihoodTable, LikelihoodValue, Scope};

/// Largest number of verdicts that are listed.
const MOST: usize = 12;

/// Explanation of the table.
const HOW: &str = "Mean log-likelihood of test images in nats per image ± half of its 95% interval over seeds and images; larger is \
better. A value without a sign is exact. ≥ precedes a lower bound, which decides only if it is above another model's exact \
value or upper bound.";

/// Table of one section, as text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct LikelihoodView {
    pub(crate) title: String,
    /// How to read the table.
    pub(crate) how: String,
    pub(crate) heads: Vec<String>,
    pub(crate) rows: Vec<ViewRow>,
    /// Footnotes; rows refer to them by number, counted from 1.
    pub(crate) notes: Vec<String>,
    /// Verdicts in words.
    pub(crate) verdicts: Vec<String>,
}

/// One variant and estimator.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct ViewRow {
    pub(crate) variant: String,
    /// Figure of the estimator.
    pub(crate) estimator: String,
    /// Relation to the log-likelihood, in words.
    pub(crate) kind: String,
    /// Number of the note on the estimator.
    pub(crate) note: Option<usize>,
    /// Number of images, value, and the further columns of the table.
    pub(crate) cells: Vec<String>,
}

impl LikelihoodView {
    /// The tables of one section and data set that have more than one estimator.
    pub(crate) fn of_group(tables: &[LikelihoodTable], section: Option<&str>, data: &str) -> Vec<Self> {
        let is_here = |table: &&LikelihoodTable| table.section.as_deref() == section && table.data == data;
        tables.iter().filter(is_here).filter(|table| table.has_several_estimators()).map(Self::of).collect()
    }

    fn of(table: &LikelihoodTable) -> Self {
        let has_upper = table.rows.iter().any(|row| row.own.upper.is_some());
        let mut heads: Vec<String> = ["images", "log p"].map(str::to_owned).to_vec();
        let common = table.images.filter(|_| table.has_subset());
        heads.extend(common.map(|images| format!("first {} images", thousands(images))));
        if has_upper {
            heads.push("upper".to_owned());
        }
        let mut notes: Vec<String> = Vec::new();
        let rows = table.rows.iter().map(|row| {
            let note = (!row.remarks.is_empty()).then(|| note_number(&mut notes, &row.remarks.join("; ")));
            let mut cells = vec![row.own.images.map_or("—".to_owned(), thousands), value(row, Some(&row.own))];
            if common.is_some() {
                cells.push(value(row, row.common.as_ref()));
            }
            if has_upper {
                cells.push(upper(row));
            }
            let (variant, estimator) = (row.variant.clone(), row.figure.name.clone());
            ViewRow { variant, estimator, kind: row.kind.to_string().replace('_', " "), note, cells }
        });
        let rows = rows.collect();
        Self { title: title(table), how: how(table, has_upper), heads, rows, notes, verdicts: verdicts(table) }
    }
}

fn title(table: &LikelihoodTable) -> String {
    let section = table.section.as_deref().map(|section| format!("{section} · ")).unwrap_or_default();
    let support = table.support.map(|support| format!(", {}", support.to_string().replace('_', " ")));
    format!("{section}{}{}: log-likelihood on one scale", table.data, support.unwrap_or_default())
}

fn how(table: &LikelihoodTable, has_upper: bool) -> String {
    let mut text = HOW.to_owned();
    if let Some(images) = table.images.filter(|_| table.has_subset()) {
        text += &format!(" Compare rows on the first {} images, which every estimator took.", thousands(images));
    }
    if has_upper {
        text += " upper: the bound plus its gap on images drawn from the model, an upper bound if the gap on test images is no larger.";
    }
    text
}

fn note_number(notes: &mut Vec<String>, text: &str) -> usize {
    notes.iter().position(|note| note == text).unwrap_or_else(|| {
        notes.push(text.to_owned());
        notes.len() - 1
    }) + 1
}

fn value(row: &LikelihoodRow, value: Option<&LikelihoodValue>) -> String {
    let Some(value) = value else { return "—".to_owned() };
    let digits = decimals(value);
    let error = half(value).map(|half| format!(" ± {}", fixed(half, digits))).unwrap_or_default();
    format!("{}{}{error}", mark(row.kind), fixed(value.mean, digits))
}

/// Half of the 95% confidence interval.
fn half(value: &LikelihoodValue) -> Option<f64> {
    let interval = value.error?.interval(0.95)?;
    Some((interval.high - interval.low) / 2.0)
}

/// Upper end of the bracket, on the common images if the value on them is known.
fn upper(row: &LikelihoodRow) -> String {
    let value = row.common.as_ref().unwrap_or(&row.own);
    value.upper.map_or("—".to_owned(), |upper| format!("≤ {}", fixed(upper, decimals(value))))
}

/// Two digits of half the interval, or of the standard error over images; else two decimals.
fn decimals(value: &LikelihoodValue) -> usize {
    let images = || value.part_images.map(|part| part.variance.sqrt());
    half(value).or_else(images).filter(|error| *error > 0.0).map_or(2, |error| digits_after_point(error, 2))
}

/// Decided comparisons, then the undecided ones by reason.
fn verdicts(table: &LikelihoodTable) -> Vec<String> {
    let mut lines = Vec::new();
    let mut open: Vec<(String, Vec<String>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for compared in &table.comparisons {
        let row = &compared.row;
        let pair = format!("{} and {}", row.variant, row.baseline);
        match row.verdict {
            Verdict::Better => lines.push(decided(compared, &row.variant, &row.baseline)),
            Verdict::Worse => lines.push(decided(compared, &row.baseline, &row.variant)),
            Verdict::Equivalent => lines.push(format!("{pair} are equivalent {}.", quantity(compared))),
            Verdict::Undecided => {
                let reason = row.reason.trim_start_matches("undecided: ");
                let reason = format!("Undecided {}: {reason}", quantity(compared));
                let at = *places.entry(reason.clone()).or_insert(open.len());
                if at == open.len() {
                    open.push((reason, Vec::new()));
                }
                open[at].1.push(pair);
            }
        }
    }
    lines.extend(open.into_iter().map(|(reason, pairs)| match pairs.len() {
        1..=3 => format!("{reason} ({}).", pairs.join("; ")),
        many => format!("{reason} ({}).", count(many, "pair")),
    }));
    if lines.len() > MOST {
        let rest = lines.len() - MOST;
        lines.truncate(MOST);
        lines.push(format!("{rest} more in likelihood_comparisons.csv."));
    }
    lines
}

fn quantity(compared: &LikelihoodComparison) -> String {
    match &compared.scope {
        Scope::LogP => "on log p".to_owned(),
        Scope::Bound { estimator, .. } => format!("on the bound {estimator}"),
    }
}

/// A decided comparison: `a is better than b on log p: its iwae_50 (lower bound) is 1.2 nats (95% interval 0.6 to 1.8) above ...`.
pub(crate) fn decided(compared: &LikelihoodComparison, better: &str, worse: &str) -> String {
    let row = &compared.row;
    let is_variant = better == row.variant;
    let effect = row.effect.unwrap_or_default();
    let interval = row.interval.map(|one| if effect < 0.0 { [-one.high, -one.low] } else { [one.low, one.high] });
    let width = interval.map(|[low, high]| high - low).filter(|width| *width > 0.0);
    let digits = width.map_or(2, |width| digits_after_point(width / 2.0, 2));
    let interval = interval.map(|ends| ends.map(|end| fixed(end, digits)));
    let interval = interval.map(|[low, high]| format!(" (95% interval {low} to {high})")).unwrap_or_default();
    let size = format!("{} nats{interval}", fixed(effect.abs(), digits));
    let images = compared.images.map(|images| format!(" on {} images", thousands(images))).unwrap_or_default();
    let mut text = format!("{better} is better than {worse} {}: ", quantity(compared));
    let names =
        [&row.figure, &compared.baseline_figure].map(|figure| figure.as_ref().map_or("", |figure| &figure.name));
    text += &match (&compared.scope, compared.ends) {
        (Scope::LogP, Some((first, second))) => {
            let ends = [format!("{} ({})", names[0], end(first)), format!("{} ({})", names[1], end(second))];
            let (above, below) = if is_variant { (&ends[0], &ends[1]) } else { (&ends[1], &ends[0]) };
            format!("its {above} is {size} above {below}{images}")
        }
        _ => format!("by {size}{images}"),
    };
    if let Some(assumption) = &compared.assumption {
        text += &format!("; {assumption}");
    }
    text + "."
}

fn end(end: End) -> &'static str {
    match end {
        End::Exact => "exact",
        End::LowerBound => "lower bound",
        End::UpperBound => "upper bound",
        End::Bracket => "with its gap, an upper bound",
    }
}
