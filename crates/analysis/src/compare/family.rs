//! Comparisons of a grid, corrected for their number.

use std::collections::HashMap;

use protocol::{Compare, Direction, Pairs};
use stats::{Verdict, holm};

use super::comparison::Comparison;
use super::controls::with_controls;
use super::images::ImageTerms;
use super::interim::replay;
use super::likelihood::LikelihoodTable;
use super::reason::reason;
use super::two_units;
use crate::summary::{FigureSummary, Summary, VariantSummary};

/// All comparisons of a grid.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparisons {
    /// Comparisons of two variants by data set, variant and figure, in the order of the plan.
    pub rows: Vec<Comparison>,
    /// Comparisons of a variant's figures with their controls, in the order of the plan.
    pub controls: Vec<Comparison>,
    /// Log-likelihoods of each section on one scale, with their comparisons.
    pub likelihoods: Vec<LikelihoodTable>,
    /// Settings of `compare` that had no effect.
    pub notes: Vec<String>,
    /// Pairs that were compared.
    pub pairs: Pairs,
}

impl Comparisons {
    /// Compares the variants of `summary` by the settings of `compare`. Only figures of equal name, unit, kind, support,
    /// measure version and settings on one data set are compared. Descriptions (without a better direction) and volatile
    /// figures, such as times, are not. Every score is also compared with its controls.
    #[must_use]
    pub fn of(summary: &Summary, compare: &Compare, images: &ImageTerms) -> Self {
        let mut rows = decided(summary, compare, images);
        let mut controls = with_controls(summary, compare, images);
        for row in rows.iter_mut().chain(&mut controls) {
            (row.tails, row.reach) = (row.permutation.tails(), row.permutation.reach());
            // A row without a figure states which variant has no finished seed.
            if row.figure.is_some() {
                row.reason = reason(row);
            }
        }
        let likelihoods = LikelihoodTable::all(summary, compare, images);
        Self { notes: notes(summary, compare, &rows), rows, controls, likelihoods, pairs: compare.pairs }
    }
}

/// All comparisons of two variants with their verdicts, without the permutation tests.
pub(super) fn decided(summary: &Summary, compare: &Compare, images: &ImageTerms) -> Vec<Comparison> {
    match &compare.interim {
        Some(interim) => replay(summary, compare, interim, images),
        None => {
            let mut rows = uncorrected(summary, compare, images);
            correct(&mut rows, 1);
            rows
        }
    }
}

/// All comparisons without correction.
pub(super) fn uncorrected(summary: &Summary, compare: &Compare, images: &ImageTerms) -> Vec<Comparison> {
    let mut rows = Vec::new();
    for (variant, baseline) in compared_pairs(summary, compare) {
        compare_pair(variant, baseline, compare, images, &mut rows);
    }
    rows
}

/// Compared variants, each with its baseline.
fn compared_pairs<'a>(summary: &'a Summary, compare: &Compare) -> Vec<(&'a VariantSummary, &'a VariantSummary)> {
    let mut data: Vec<&str> = Vec::new();
    for variant in &summary.variants {
        if !data.contains(&variant.data.as_str()) {
            data.push(&variant.data);
        }
    }
    let mut pairs = Vec::new();
    for data in data {
        let members: Vec<_> = summary.variants.iter().filter(|variant| variant.data == data).collect();
        pairs.extend(pairs_among(&members, compare));
    }
    pairs
}

/// Compared variants among `members`, each with its baseline. Without a named baseline it is the first member.
pub(super) fn pairs_among<'a>(
    members: &[&'a VariantSummary],
    compare: &Compare,
) -> Vec<(&'a VariantSummary, &'a VariantSummary)> {
    match compare.pairs {
        Pairs::All => {
            let pairs_with = |(at, second): (usize, &&'a VariantSummary)| {
                let second = *second;
                members[at + 1..].iter().map(move |first| (*first, second)).collect::<Vec<_>>()
            };
            members.iter().enumerate().flat_map(pairs_with).collect()
        }
        Pairs::Baseline => {
            let named = members.iter().find(|variant| compare.baseline.contains(&variant.variant));
            let first = members.first().filter(|_| compare.baseline.is_empty());
            let Some(baseline) = named.or(first) else { return Vec::new() };
            let others = members.iter().filter(|variant| variant.variant != baseline.variant);
            others.map(|variant| (*variant, *baseline)).collect()
        }
    }
}

fn compare_pair(
    variant: &VariantSummary,
    baseline: &VariantSummary,
    compare: &Compare,
    images: &ImageTerms,
    rows: &mut Vec<Comparison>,
) {
    if let Some(unfinished) = [variant, baseline].into_iter().find(|variant| variant.done() == 0) {
        let reason = format!("no seed of {} is done: {}", unfinished.variant, unfinished.failures().join("; "));
        rows.push(Comparison { reason, ..Comparison::empty(variant, baseline, compare.paired) });
        return;
    }
    let compared = |summed: &&FigureSummary| {
        summed.spread.is_some() && !summed.figure.volatile && summed.figure.direction != Direction::Neither
    };
    for summed in variant.figures.iter().filter(compared) {
        let same = |other: &&FigureSummary| other.figure == summed.figure;
        if let Some(other) = baseline.figures.iter().filter(compared).find(same) {
            let margin = two_units::margin(variant, &summed.figure, compare);
            rows.push(Comparison::of((variant, summed), (baseline, other), compare, margin, images));
        }
    }
}

/// Corrects each figure's comparisons on a data set for their number and for the number of `analyses`, then decides
/// their verdicts. A comparison without a p-value counts as p = 1.
pub(super) fn correct(rows: &mut [Comparison], analyses: usize) {
    let mut families: HashMap<_, Vec<usize>> = HashMap::new();
    for (index, row) in rows.iter().enumerate() {
        if let Some(figure) = &row.figure {
            families.entry((row.data.clone(), figure.clone())).or_default().push(index);
        }
    }
    let mut order: Vec<Vec<usize>> = families.into_values().collect();
    order.sort_unstable();
    for members in order {
        let corrected = |of: fn(&Comparison) -> Option<f64>| {
            let corrected = holm(&members.iter().map(|&index| of(&rows[index]).unwrap_or(1.0)).collect::<Vec<_>>());
            corrected.into_iter().map(|p| (p * analyses as f64).min(1.0)).collect::<Vec<_>>()
        };
        let p = corrected(|row| row.p);
        let margin = corrected(|row| row.p_margin);
        for (at, &index) in members.iter().enumerate() {
            let row = &mut rows[index];
            row.family = members.len();
            row.p_holm = row.p.map(|_| p[at]);
            row.p_equivalent = row.p_margin.map(|_| margin[at]);
            row.verdict = Verdict::of(&row.evidence());
        }
    }
}

fn notes(summary: &Summary, compare: &Compare, rows: &[Comparison]) -> Vec<String> {
    let absent = compare.baseline.iter().filter(|label| summary.variants.iter().all(|v| v.variant != **label));
    let absent = absent.map(|label| format!("the baseline `{label}` is not in the plan"));
    let compared = |name: &String| rows.iter().any(|row| row.figure.as_ref().is_some_and(|f| f.name == *name));
    let unused = compare.margin.keys().filter(|name| !compared(name));
    let unused = unused.map(|name| format!("the margin of `{name}` was not used: no such figure was compared"));
    let without_effect = compare.interim.iter().flat_map(|interim| &interim.by).filter(|name| !compared(name));
    let without_effect = without_effect.map(|name| format!("`{name}` adds no seeds: no such figure was compared"));
    absent.chain(unused).chain(without_effect).collect()
}
