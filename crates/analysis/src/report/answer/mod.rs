//! The answer of one group: which variants are best, by how much, how sure, at what cost, and what is open.
//!
//! Every statement is a verdict of [`Comparisons`](crate::Comparisons) or follows from the marks. Means only order what is
//! shown.

mod best;
mod log_p;
mod open;
mod primary;
#[cfg(test)]
mod tests;
mod text;
#[cfg(test)]
mod text_tests;

use serde::Serialize;

pub use self::text::answer_text;

use self::best::{Best, best};
use self::log_p::LogPVerdict;
use super::costs_of_variants::{VariantCost, variant_costs};
use super::group_data::GroupData;
use super::plots::intervals::{IntervalPlot, interval_plot};
use super::variant_style::VariantStyle;
use crate::summary::VariantSummary;
use crate::tables::{Column, heads};

/// Largest number of variants in the table of costs.
const COST_ROWS: usize = 3;
/// Costs that a short answer states.
const BEST_COSTS: [&str; 2] = ["training time", "parameters"];
/// Largest number of variants with failed seeds that are listed.
const FAILURES: usize = 4;

/// Answer of one group.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Answer {
    /// Name with the better direction, unit and kind of the primary figure; `None` without a figure.
    pub(super) figure: Option<[String; 3]>,
    pub(super) best: Best,
    /// Verdicts on log p that call a best variant worse than one with another kind of figure.
    pub(super) log_p: Vec<String>,
    /// Variants that do not exceed one of their controls.
    pub(super) below_controls: Vec<String>,
    pub(super) costs: Option<CostTable>,
    /// Costs of the best variants as phrases, for short answers.
    pub(super) best_costs: Vec<(VariantStyle, Vec<String>)>,
    /// Undecided comparisons of the primary figure, with what would decide them.
    pub(super) open: Vec<String>,
    /// Number of undecided comparisons that are not listed.
    pub(super) more_open: usize,
    /// Failed, collapsed and missing seeds by variant.
    pub(super) failed: Vec<String>,
    /// Numbers of these seeds by variant, without reasons.
    pub(super) failed_counts: Vec<String>,
    /// Marked variants by the other figures.
    pub(super) others: Vec<OtherFigures>,
    /// Plot of the primary figure.
    pub(super) plot: Option<IntervalPlot>,
}

/// Other figures that mark the same variants.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct OtherFigures {
    pub(super) figures: Vec<String>,
    /// Marked variants; empty if no variant is marked.
    pub(super) best: Vec<VariantStyle>,
}

/// Costs of some variants.
#[derive(Clone, Debug, Serialize)]
pub(super) struct CostTable {
    pub(super) heads: Vec<String>,
    pub(super) rows: Vec<(VariantStyle, Vec<String>)>,
    /// Number of variants that are not listed.
    pub(super) more: usize,
}

impl Answer {
    /// Primary figure of a group; `None` without a figure of quality.
    pub(super) fn primary<'a>(data: &GroupData<'a>, by: &[String]) -> Option<&'a Column> {
        primary::primary(data, by)
    }

    /// The answer of a group. `by` names the figures that the grid decides by; empty for the first compared figure.
    pub(super) fn of(data: &GroupData<'_>, by: &[String]) -> Self {
        let primary = primary::primary(data, by);
        let figure = primary.map(|column| &column.figure);
        let best = best(data, figure);
        let log_p = log_p::better_on_log_p(data, figure);
        let order = order_of_costs(data, figure, &log_p);
        let (open, more_open) = primary.map(|column| open::open(data, &column.figure)).unwrap_or_default();
        Self {
            figure: primary.map(|column| heads(&column.label, &column.figure, data.board.support.is_none())),
            log_p: log_p.into_iter().map(|verdict| verdict.statement).collect(),
            below_controls: open::below_controls(data),
            costs: cost_table(data, &order),
            best_costs: best_costs(data, &order, best.variants.len()),
            best,
            open,
            more_open,
            failed: failed(data, VariantSummary::failures),
            failed_counts: failed(data, VariantSummary::failure_counts),
            others: primary::others(data, primary),
            plot: primary.and_then(|column| interval_plot(data, column)),
        }
    }
}

/// Costs of the first variants of `order`.
fn cost_table(data: &GroupData<'_>, order: &[&VariantSummary]) -> Option<CostTable> {
    let costs = variant_costs(data);
    let has_cost = |variant: &&VariantSummary| costs.iter().any(|cost| cost.of(variant).is_some());
    let order: Vec<_> = order.iter().copied().filter(has_cost).collect();
    let cell = |cost: &VariantCost, variant: &VariantSummary| {
        cost.of(variant).map_or_else(|| "—".to_owned(), |value| cost.text(value))
    };
    let row = |variant: &&VariantSummary| (data.style(variant), costs.iter().map(|cost| cell(cost, variant)).collect());
    let head = |cost: &VariantCost| if cost.name == "training time" { cost.name.clone() } else { cost.head() };
    (!order.is_empty()).then(|| CostTable {
        heads: costs.iter().map(head).collect(),
        rows: order.iter().take(COST_ROWS).map(row).collect(),
        more: order.len().saturating_sub(COST_ROWS),
    })
}

/// Marked variants in the order of their means, those that are better on log p, the others with a value, then the rest.
fn order_of_costs<'a>(
    data: &GroupData<'a>,
    figure: Option<&crate::Figure>,
    log_p: &[LogPVerdict],
) -> Vec<&'a VariantSummary> {
    let with_value = figure.map(|figure| best::by_mean(data, figure)).unwrap_or_default();
    let marked = |variant: &&VariantSummary| figure.is_some_and(|figure| data.marks.contains(&variant.variant, figure));
    let is_ahead = |variant: &&VariantSummary| log_p.iter().any(|verdict| verdict.variant == variant.variant);
    let all = with_value.iter().copied().filter(marked).chain(data.variants.iter().copied().filter(is_ahead));
    let mut order: Vec<&VariantSummary> = Vec::new();
    for variant in all.chain(with_value.iter().copied()).chain(data.variants.iter().copied()) {
        if !order.contains(&variant) {
            order.push(variant);
        }
    }
    order
}

/// Training time and number of parameters of the marked variants; without a mark, of those with the best means.
fn best_costs(data: &GroupData<'_>, order: &[&VariantSummary], marked: usize) -> Vec<(VariantStyle, Vec<String>)> {
    let costs = variant_costs(data);
    let phrase = |variant: &VariantSummary| {
        let known = costs.iter().filter(|cost| BEST_COSTS.contains(&cost.name.as_str()));
        let phrases: Vec<String> = known.filter_map(|cost| Some(cost.phrase(cost.of(variant)?))).collect();
        (!phrases.is_empty()).then(|| (data.style(variant), phrases))
    };
    order.iter().copied().take(if marked == 0 { COST_ROWS } else { marked }).filter_map(phrase).collect()
}

/// Failed, collapsed and missing seeds of the first variants that have some, in the words of `of`.
fn failed(data: &GroupData<'_>, of: fn(&VariantSummary) -> Vec<String>) -> Vec<String> {
    let line = |variant: &&VariantSummary| {
        let failures = of(variant);
        (!failures.is_empty()).then(|| format!("{}: {}", variant.variant, failures.join("; ")))
    };
    let all: Vec<String> = data.variants.iter().filter_map(line).collect();
    let more = all.len().saturating_sub(FAILURES);
    let mut lines: Vec<String> = all.into_iter().take(FAILURES).collect();
    if more > 0 {
        lines.push(format!("and {}", protocol::text::count(more, "more variant")));
    }
    lines
}
