//! HTML page of the comparison, with the templates of the report.

use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::super::{RunPair, RunsComparison};
use super::rows::{FigureRow, input, seeds, variants};

/// One pair, as the template reads it.
#[derive(Serialize)]
struct PairView<'a> {
    first: &'a str,
    other: &'a str,
    answer: String,
    level: String,
    inputs: Vec<String>,
    variants: Vec<String>,
    /// Rows whose bits differ.
    figures: Vec<FigureRow>,
    identical: Vec<FigureRow>,
    seeds: Vec<String>,
    costs: Vec<CostRow<'a>>,
    costs_note: Option<&'a str>,
}

#[derive(Serialize)]
struct CostRow<'a> {
    variant: &'a str,
    cost: String,
    first: String,
    other: String,
    ratio: String,
    verdict: &'a str,
}

pub(super) fn page(comparison: &RunsComparison, genbench: &str) -> Result<String, minijinja::Error> {
    let pairs: Vec<PairView<'_>> = comparison.pairs.iter().map(view).collect();
    let view = context! {
        genbench, runs => Value::from(Serde(&comparison.runs)), pairs => Value::from(Serde(&pairs)),
    };
    crate::report::page("compare.html", view)
}

fn view(pair: &RunPair) -> PairView<'_> {
    let rows = pair.figures.iter().map(FigureRow::of);
    let (identical, figures) = rows.partition(|row| row.is_identical);
    let costs = pair.costs.iter().map(|cost| CostRow {
        variant: &cost.variant,
        cost: cost.head(),
        first: cost.text(cost.first),
        other: cost.text(cost.other),
        ratio: cost.ratio_text(),
        verdict: cost.verdict.as_deref().unwrap_or_default(),
    });
    PairView {
        first: &pair.first,
        other: &pair.other,
        answer: pair.answer(),
        level: format!("{:.4}%", 100.0 * pair.level),
        inputs: pair.inputs.iter().map(input).collect(),
        variants: variants(pair),
        figures,
        identical,
        seeds: seeds(pair),
        costs: costs.collect(),
        costs_note: pair.costs_note.as_deref(),
    }
}
