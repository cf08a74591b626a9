//! Comparisons, for the page: one table per figure and data set.

use protocol::Pairs;
use serde::Serialize;
use stats::Verdict;

use super::effect::{EffectFormat, probability};
use super::group_data::grouped;
use crate::compare::{Comparison, Comparisons};
use crate::summary::{Figure, figure_labels};
use crate::tables::heads;

/// Comparisons by one figure on one data set.
#[derive(Debug, Serialize)]
pub(super) struct ComparisonGroup {
    pub(super) data: String,
    /// `true` for the first figure of the data set.
    pub(super) is_first: bool,
    /// Name, unit, and kind with support of the figure; `None` for pairs without a common figure.
    pub(super) figure: Option<[String; 3]>,
    /// Numbers of the verdicts, in words.
    pub(super) counts: String,
    pub(super) rows: Vec<ComparisonRow>,
}

/// One comparison.
#[derive(Debug, Serialize)]
pub(super) struct ComparisonRow {
    pub(super) variant: String,
    pub(super) baseline: String,
    /// Seeds with a value of all; `None` if no seed is lost or missing.
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

/// Comparisons by data set and figure.
pub(super) fn comparison_groups(comparisons: &Comparisons) -> Vec<ComparisonGroup> {
    let rows = || comparisons.rows.iter().chain(&comparisons.controls);
    let mut figures: Vec<Figure> = Vec::new();
    for figure in rows().filter_map(|row| row.figure.as_ref()) {
        if !figures.contains(figure) {
            figures.push(figure.clone());
        }
    }
    let labels = figure_labels(&figures);
    let mut groups: Vec<(&str, Option<&Figure>, Vec<&Comparison>)> = Vec::new();
    for row in rows() {
        let key = (row.data.as_str(), row.figure.as_ref());
        match groups.iter_mut().find(|(data, figure, _)| (*data, *figure) == key) {
            Some((.., members)) => members.push(row),
            None => groups.push((key.0, key.1, vec![row])),
        }
    }
    let head = |figure: &Figure| {
        let at = figures.iter().position(|known| known == figure)?;
        Some(heads(&labels[at], figure, true))
    };
    let group = |(data, figure, rows): (&str, Option<&Figure>, Vec<&Comparison>)| ComparisonGroup {
        data: data.to_owned(),
        is_first: false,
        figure: figure.and_then(head),
        counts: counts_with_controls(&rows),
        rows: rows.into_iter().map(comparison_row).collect(),
    };
    let mut groups: Vec<ComparisonGroup> = groups.into_iter().map(group).collect();
    // Figures of one data set are adjacent, in the order of its first comparison.
    let mut order: Vec<String> = Vec::new();
    for group in &groups {
        if !order.contains(&group.data) {
            order.push(group.data.clone());
        }
    }
    groups.sort_by_key(|group| order.iter().position(|data| *data == group.data));
    for at in 0..groups.len() {
        groups[at].is_first = at == 0 || groups[at - 1].data != groups[at].data;
    }
    groups
}

/// Description of the compared pairs.
pub(super) fn pairs_in_words(pairs: Pairs) -> &'static str {
    match pairs {
        Pairs::All => "Every variant is compared with every other one on the same data, and with its controls.",
        Pairs::Baseline => "Every variant is compared with the baseline of its data, and with its controls.",
    }
}

/// Verdicts between variants, then those against controls.
fn counts_with_controls(rows: &[&Comparison]) -> String {
    let (controls, pairs): (Vec<&Comparison>, Vec<&Comparison>) = rows.iter().partition(|row| row.control.is_some());
    match (counts(&pairs), counts(&controls)) {
        (pairs, controls) if controls.is_empty() => pairs,
        (pairs, controls) if pairs.is_empty() => format!("against controls {controls}"),
        (pairs, controls) => format!("{pairs}; against controls {controls}"),
    }
}

fn counts(rows: &[&Comparison]) -> String {
    let all = [Verdict::Better, Verdict::Worse, Verdict::Equivalent, Verdict::Undecided];
    let number = |verdict: Verdict| rows.iter().filter(|row| row.verdict == verdict).count();
    let counts = all.map(|verdict| (number(verdict), verdict));
    let counts = counts.iter().filter(|(number, _)| *number > 0).map(|(number, verdict)| format!("{number} {verdict}"));
    counts.collect::<Vec<_>>().join(", ")
}

fn comparison_row(row: &Comparison) -> ComparisonRow {
    let format = EffectFormat::of(row);
    let number = |value: f64| format.text(value);
    let (ours, theirs) = (row.seeds.0 + row.lost.0, row.seeds.1 + row.lost.1);
    ComparisonRow {
        variant: row.variant.clone(),
        baseline: match &row.control {
            Some(control) => format!("its control {}", control.label),
            None => row.baseline.clone(),
        },
        seeds: (row.figure.is_some() && (row.lost != (0, 0) || row.not_run > 0))
            .then(|| format!("{}/{ours}, {}/{theirs}", row.seeds.0, row.seeds.1)),
        effect: row.effect.map(number),
        interval: row.interval.map(|interval| format!("{} to {}", number(interval.low), number(interval.high))),
        se_seeds: row.se_seeds().map(number),
        se_test: row.se_test().map(number),
        p: row.p.map(probability),
        p_holm: row.p_holm.map(probability),
        verdict: row.verdict.to_string(),
        decided: row.verdict != Verdict::Undecided,
        reason: grouped(&row.reason),
    }
}
