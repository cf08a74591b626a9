//! Seeds until the comparisons are decided: looks fixed in advance, the error shared between them.
//!
//! At each look the comparisons of a family that are still open are tested on the first so many seeds of both
//! sides, and Holm's corrected p-values are multiplied by the number of looks. What is decided stays decided, as
//! it was at its look, and takes no more part; the others share the correction. This is a closed test: of any set
//! of true hypotheses, each look rejects one with a chance of at most alpha over the looks, whatever made the
//! looks go on, so that all looks together keep alpha for the family (Maurer and Bretz, 2013, Multiple Testing in
//! Group Sequential Trials Using Graphical Approaches, with equal weights).
//!
//! Everything is read off the outcomes, so that tables made again say the same.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::family::{correct, raw};
use super::{Compare, Comparison, Comparisons};
use crate::stats::Verdict;
use crate::table::{Figure, FigureSummary, Spread, Summary, VariantSummary};

/// When to look, from `seeds: {until_decided: ...}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Looks {
    /// Seeds of a variant at each look, growing; the last is the cap.
    pub at: Vec<usize>,
    /// Figures whose comparisons call for more seeds; all of them if it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<String>,
}

/// The look that a comparison rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// From 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// Seeds of each side.
    pub seeds: usize,
}

type Key = (String, String, Option<Figure>);

fn key(row: &Comparison) -> Key {
    (row.variant.clone(), row.baseline.clone(), row.figure.clone())
}

/// Every comparison as it stands after the looks that have been reached.
pub(super) fn replay(summary: &Summary, compare: &Compare, looks: &Looks) -> Vec<Comparison> {
    let mut known: HashMap<Key, Comparison> = HashMap::new();
    for (at, seeds) in looks.at.iter().enumerate() {
        let look = Look { number: at + 1, of: looks.at.len(), seeds: *seeds };
        let short = |label: &str| {
            summary.variants.iter().any(|variant| variant.variant == label && variant.trials.len() < *seeds)
        };
        let mut rows = raw(&first(summary, *seeds), compare);
        rows.retain(|row| known.get(&key(row)).is_none_or(|known| known.verdict == Verdict::Undecided));
        let mut reached = Vec::with_capacity(rows.len());
        for row in &mut rows {
            row.look = Some(look);
            // One that did not go on is still open: it keeps its share of the correction.
            let stopped = short(&row.variant) || short(&row.baseline);
            if stopped {
                (row.tails, row.p_margin) = (None, None);
            }
            reached.push(!stopped && row.not_run == 0);
        }
        correct(&mut rows, looks.at.len());
        for (row, reached) in rows.into_iter().zip(reached) {
            let key = key(&row);
            if reached || !known.contains_key(&key) {
                known.insert(key, row);
            }
        }
    }
    in_order(summary, compare, known)
}

/// In the order of a table without looks; two variants of which one had nothing yet and has something now are told
/// once.
fn in_order(summary: &Summary, compare: &Compare, mut known: HashMap<Key, Comparison>) -> Vec<Comparison> {
    raw(summary, compare).iter().filter_map(|row| known.remove(&key(row))).collect()
}

/// The first seeds of each variant.
fn first(summary: &Summary, seeds: usize) -> Summary {
    let variants = summary.variants.iter().map(|variant| {
        let trials: Vec<_> = variant.trials.iter().take(seeds).cloned().collect();
        let figures = variant.figures.iter().map(|figure| {
            let pairs = figure.trials.iter().zip(&figure.values);
            let (trials, values): (Vec<_>, Vec<f64>) = pairs
                .filter(|(id, _)| trials.iter().any(|trial| trial.id == **id))
                .map(|(id, v)| (id.clone(), *v))
                .unzip();
            FigureSummary { spread: Spread::of(&values), trials, values, ..figure.clone() }
        });
        VariantSummary { figures: figures.collect(), trials, ..variant.clone() }
    });
    Summary { variants: variants.collect(), ..summary.clone() }
}

/// How many seeds each variant is to have next, of those whose comparisons are open and whose looks are not over.
/// Nothing while a trial of the plan has not ended.
#[must_use]
pub(crate) fn wanted(summary: &Summary, compare: &Compare) -> BTreeMap<String, usize> {
    let mut wanted = BTreeMap::new();
    let Some(looks) = &compare.looks else { return wanted };
    if summary.variants.iter().any(|variant| variant.trials.iter().any(|trial| trial.not_run())) {
        return wanted;
    }
    let decides = |row: &&Comparison| {
        row.figure.as_ref().is_some_and(|figure| looks.by.is_empty() || looks.by.contains(&figure.name))
    };
    let rows = Comparisons::of(summary, compare).rows;
    for row in rows.iter().filter(|row| row.verdict == Verdict::Undecided).filter(decides) {
        let Some(next) = row.look.and_then(|look| looks.at.get(look.number)) else { continue };
        for label in [&row.variant, &row.baseline] {
            let seeds = wanted.entry(label.clone()).or_insert(0);
            *seeds = (*seeds).max(*next);
        }
    }
    wanted
}
