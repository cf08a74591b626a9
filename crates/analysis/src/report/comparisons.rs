//! Comparisons, for the page.

use serde::Serialize;
use stats::Verdict;

use crate::compare::{Comparison, Comparisons};
use crate::summary::{Figure, figure_labels};
use crate::tables::{digits_after_point, fixed, heads, is_plain, scientific};

/// Comparisons on one data set.
#[derive(Debug, Serialize)]
pub(super) struct ComparisonGroup {
    pub(super) data: String,
    pub(super) rows: Vec<ComparisonRow>,
}

/// One comparison.
#[derive(Debug, Serialize)]
pub(super) struct ComparisonRow {
    pub(super) variant: String,
    pub(super) baseline: String,
    /// Name, unit, and kind with support of the figure.
    pub(super) figure: Option<[String; 3]>,
    pub(super) seeds: Option<String>,
    pub(super) effect: Option<String>,
    pub(super) interval: Option<String>,
    pub(super) se_seeds: Option<String>,
    pub(super) se_test: Option<String>,
    pub(super) p: Option<String>,
    pub(super) p_holm: Option<String>,
    pub(super) verdict: String,
    pub(super) decided: bool,
    pub(super) reason: String,
}

/// Comparisons by data set.
pub(super) fn comparison_groups(comparisons: &Comparisons) -> Vec<ComparisonGroup> {
    let mut figures: Vec<Figure> = Vec::new();
    let rows = || comparisons.rows.iter().chain(&comparisons.controls);
    for figure in rows().filter_map(|row| row.figure.as_ref()) {
        if !figures.contains(figure) {
            figures.push(figure.clone());
        }
    }
    let labels = figure_labels(&figures);
    let label =
        |figure: &Figure| figures.iter().zip(&labels).find(|(known, _)| *known == figure).map(|(_, label)| label);
    let mut groups: Vec<ComparisonGroup> = Vec::new();
    for row in rows() {
        let head = row.figure.as_ref().and_then(|figure| Some(heads(label(figure)?, figure, true)));
        let comparison_row = comparison_row(row, head);
        match groups.iter_mut().find(|group| group.data == row.data) {
            Some(group) => group.rows.push(comparison_row),
            None => groups.push(ComparisonGroup { data: row.data.clone(), rows: vec![comparison_row] }),
        }
    }
    groups
}

fn comparison_row(row: &Comparison, figure: Option<[String; 3]>) -> ComparisonRow {
    // Two digits of the uncertainty, or four of the effect.
    let errors = [row.se_seeds(), row.se_test()].into_iter().flatten().filter(|se| *se > 0.0);
    let smallest = errors.fold(f64::INFINITY, f64::min);
    let decimals = match (smallest.is_finite(), row.effect) {
        (true, _) => digits_after_point(smallest, 2),
        (false, Some(effect)) => digits_after_point(effect, 4),
        (false, None) => 0,
    };
    let bounds = row.interval.map_or([0.0; 2], |interval| [interval.low, interval.high]);
    let largest = bounds.into_iter().chain(row.effect).fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let number = |value: f64| if is_plain(largest) { fixed(value, decimals) } else { scientific(value, value, 3) };
    let (ours, theirs) = (row.seeds.0 + row.lost.0, row.seeds.1 + row.lost.1);
    ComparisonRow {
        variant: row.variant.clone(),
        baseline: match &row.control {
            Some(control) => format!("its control {}", control.label),
            None => row.baseline.clone(),
        },
        figure,
        seeds: row.figure.is_some().then(|| format!("{}/{ours}, {}/{theirs}", row.seeds.0, row.seeds.1)),
        effect: row.effect.map(number),
        interval: row.interval.map(|interval| format!("{} to {}", number(interval.low), number(interval.high))),
        se_seeds: row.se_seeds().map(number),
        se_test: row.se_test().map(number),
        p: row.p.map(probability),
        p_holm: row.p_holm.map(probability),
        verdict: row.verdict.to_string(),
        decided: row.verdict != Verdict::Undecided,
        reason: row.reason.clone(),
    }
}

/// A p-value with two significant digits.
fn probability(p: f64) -> String {
    if is_plain(p) { fixed(p, digits_after_point(p, 2)) } else { scientific(p, p, 2) }
}
