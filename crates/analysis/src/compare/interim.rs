//! Group-sequential comparisons: interim analyses fixed in advance, with the error shared between them.
//!
//! At each analysis the open comparisons of a family are tested on the first seeds of both sides, and Holm's corrected
//! p-values are multiplied by the number of analyses. A decided comparison keeps its verdict and is not tested again. Its
//! rejected hypothesis passes its share of the error to the others; its other hypothesis keeps its share. So a comparison that
//! is decided as equivalent counts as an open one in tests for differences, because its difference may be 0. For any set of
//! true hypotheses, each analysis then rejects one with probability at most alpha divided by the number of analyses, whatever
//! the reason to continue. All analyses together keep alpha for the family (Maurer and Bretz, 2013, Multiple Testing in Group
//! Sequential Trials Using Graphical Approaches, with equal weights).
//!
//! Tests that are valid at any time (`any_time.rs`) need no share of the error per analysis. They keep the whole family: a
//! decided comparison counts with the p-values of its verdict.
//!
//! All results are computed from the outcomes, so that repeated computation gives the same tables.

use std::collections::{BTreeMap, HashMap, HashSet};

use protocol::{Compare, InterimAnalyses};
use stats::Verdict;

use super::comparison::Comparison;
use super::family::{correct, decided, uncorrected};
use super::images::ImageTerms;
use super::two_units::repeats;
use crate::summary::{Figure, FigureSummary, Spread, Summary, VariantSummary};

/// The interim analysis that a comparison is based on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Analysis {
    /// Its number, counted from 1.
    pub number: usize,
    /// The number of analyses planned.
    pub of: usize,
    /// Seeds of each side.
    pub seeds: usize,
}

type Key = (String, String, Option<Figure>);

fn key(row: &Comparison) -> Key {
    (row.variant.clone(), row.baseline.clone(), row.figure.clone())
}

/// Every comparison after the analyses reached so far.
pub(super) fn replay(
    summary: &Summary,
    compare: &Compare,
    interim: &InterimAnalyses,
    images: &ImageTerms,
) -> Vec<Comparison> {
    let mut known: HashMap<Key, Comparison> = HashMap::new();
    let most = summary.variants.iter().map(|variant| variant.trials.len()).max().unwrap_or_default();
    // An analysis without a new seed repeats the previous one.
    let repeats = |at: usize, seeds: usize| interim.any_time && at > 0 && seeds > most;
    for (at, seeds) in interim.at.iter().enumerate().take_while(|(at, seeds)| !repeats(*at, **seeds)) {
        let analysis = Analysis { number: at + 1, of: interim.at.len(), seeds: *seeds };
        let short = |label: &str| {
            summary.variants.iter().any(|variant| variant.variant == label && variant.trials.len() < *seeds)
        };
        let mut rows = uncorrected(&first(summary, *seeds), compare, images);
        let decided = |row: &Comparison| known.get(&key(row)).filter(|known| known.verdict != Verdict::Undecided);
        let mut reached = Vec::with_capacity(rows.len());
        for row in &mut rows {
            if let Some(known) = decided(row) {
                *row = if interim.any_time { known.clone() } else { share(known) };
                reached.push(false);
                continue;
            }
            row.analysis = Some(analysis);
            // A comparison that was not continued remains open and keeps its share of the correction.
            let stopped = short(&row.variant) || short(&row.baseline);
            if stopped {
                (row.p, row.p_margin) = (None, None);
            }
            reached.push(!stopped && row.not_run == 0);
        }
        correct(&mut rows, interim.correction());
        for (row, reached) in rows.into_iter().zip(reached) {
            let key = key(&row);
            if reached || !known.contains_key(&key) {
                known.insert(key, row);
            }
        }
    }
    in_order(uncorrected(summary, compare, images), known)
}

/// A decided comparison as a member of its family: its rejected hypothesis needs no share of the error, the other keeps its own.
fn share(decided: &Comparison) -> Comparison {
    let is_equivalent = decided.verdict == Verdict::Equivalent;
    let p = |is_rejected: bool| Some(if is_rejected { 0.0 } else { 1.0 });
    Comparison { p: p(!is_equivalent), p_margin: p(is_equivalent), ..decided.clone() }
}

/// Sorts comparisons as in a table without interim analyses. A pair that had no figure at an earlier analysis is
/// reported once.
fn in_order(rows: Vec<Comparison>, mut known: HashMap<Key, Comparison>) -> Vec<Comparison> {
    rows.iter().filter_map(|row| known.remove(&key(row))).collect()
}

/// The first seeds of each variant.
fn first(summary: &Summary, seeds: usize) -> Summary {
    let variants = summary.variants.iter().map(|variant| {
        let trials: Vec<_> = variant.trials.iter().take(seeds).cloned().collect();
        let ids: HashSet<_> = trials.iter().map(|trial| &trial.id).collect();
        let figures = variant.figures.iter().map(|figure| {
            let pairs = figure.trials.iter().zip(&figure.values);
            let (trials, values): (Vec<_>, Vec<f64>) =
                pairs.filter(|(id, _)| ids.contains(id)).map(|(id, v)| (id.clone(), *v)).unzip();
            FigureSummary { spread: Spread::of(&values), trials, values, ..figure.clone() }
        });
        VariantSummary { figures: figures.collect(), trials, ..variant.clone() }
    });
    Summary { variants: variants.collect(), ..summary.clone() }
}

/// The number of seeds that each variant with an open comparison needs at its next analysis; empty while a trial of the
/// plan has not ended. A quantity in two units counts once.
#[must_use]
pub fn seeds_needed(summary: &Summary, compare: &Compare, images: &ImageTerms) -> BTreeMap<String, usize> {
    let mut seeds_of = BTreeMap::new();
    let Some(interim) = &compare.interim else { return seeds_of };
    if summary.variants.iter().any(|variant| variant.trials.iter().any(|trial| trial.not_run())) {
        return seeds_of;
    }
    let decides = |row: &&Comparison| {
        row.figure.as_ref().is_some_and(|figure| interim.by.is_empty() || interim.by.contains(&figure.name))
    };
    let rows = decided(summary, compare, images);
    let repeated = |row: &&Comparison| interim.by.is_empty() && repeats(row, &rows);
    let open = rows.iter().filter(|row| row.verdict == Verdict::Undecided).filter(decides);
    for row in open.filter(|row| !repeated(row)) {
        let Some(next) = row.analysis.and_then(|analysis| interim.at.get(analysis.number)) else { continue };
        for label in [&row.variant, &row.baseline] {
            let seeds = seeds_of.entry(label.clone()).or_insert(0);
            *seeds = (*seeds).max(*next);
        }
    }
    seeds_of
}
