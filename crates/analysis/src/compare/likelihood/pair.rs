//! Comparisons of two variants: on log p, by brackets that do not overlap, and on each bound that both have.

use std::fmt;

use protocol::{Compare, Kind};
use stats::{ALPHA, Verdict, holm};

use super::super::comparison::Comparison;
use super::super::reason::{reason, short, undecided, with_remarks};
use super::bracket::{End, Side};
use super::estimator::Estimator;
use super::reading::Reading;
use crate::summary::{Figure, VariantSummary};

type Members<'a, 'e> = (&'e VariantSummary, &'e [Estimator<'a>]);

/// Quantity on which two variants are compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The log-likelihood itself.
    LogP,
    /// A bound by one estimator at one budget. It need not order the log-likelihoods.
    Bound {
        /// Estimator.
        estimator: String,
        /// Settings of its measure, as compact JSON.
        settings: String,
    },
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::LogP => "log_p",
            Self::Bound { .. } => "bound",
        })
    }
}

/// Comparison of the log-likelihoods of two variants.
#[derive(Clone, Debug, PartialEq)]
pub struct LikelihoodComparison {
    /// Quantity that is compared.
    pub scope: Scope,
    /// Ends of the brackets of variant and baseline that are compared; `None` if no two ends can decide anything.
    pub ends: Option<(End, End)>,
    /// Figure of the baseline; that of the variant is in `row`.
    pub baseline_figure: Option<Figure>,
    /// Number of test images, the first ones of the split.
    pub images: Option<u64>,
    /// Number of pairs of ends from which the compared one was chosen. The p-value is corrected for it.
    pub readings: usize,
    /// Assumption of the verdict, in words.
    pub assumption: Option<String>,
    /// Effect, error, p-values and verdict. Larger is better.
    pub row: Comparison,
}

/// Compares log p of two variants. Every lower end of one variant is tested against every upper end of the other,
/// one-sided; the smallest p-value counts, multiplied by their number.
pub(super) fn on_the_scale(
    ((variant, ours), (baseline, theirs)): (Members<'_, '_>, Members<'_, '_>),
    compare: &Compare,
) -> LikelihoodComparison {
    let mut readings: Vec<(bool, Reading<'_, '_>)> = Vec::new();
    for is_higher in [true, false] {
        let ends = |estimators, is_lower| if is_lower { Side::lower(estimators) } else { Side::upper(estimators) };
        for first in ends(ours, is_higher) {
            for second in ends(theirs, !is_higher) {
                readings.push((is_higher, Reading::of((variant, first), (baseline, second), compare)));
            }
        }
    }
    let count = readings.len();
    let is_one_way = readings.iter().all(|(is_higher, _)| *is_higher == readings[0].0);
    let chosen = readings.into_iter().min_by(|(a_is_higher, a), (b_is_higher, b)| {
        let (a, b) = (a.order(*a_is_higher), b.order(*b_is_higher));
        a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    let Some((is_higher, reading)) = chosen else {
        let mut row = Comparison::empty(variant, baseline, compare.paired);
        row.obstacle = Some("neither variant has an exact value or an upper bound".to_owned());
        return LikelihoodComparison::new(Scope::LogP, row);
    };
    let p = reading.one_sided(is_higher).map(|p| (p * count as f64).min(1.0));
    let both_exact = (reading.first.end, reading.second.end) == (End::Exact, End::Exact);
    let mut compared = LikelihoodComparison { readings: count, ..LikelihoodComparison::of(Scope::LogP, reading) };
    compared.row.p = p;
    compared.row.reason = if both_exact { String::new() } else { open(&compared, is_higher, is_one_way) };
    compared
}

/// Reason why brackets do not decide.
fn open(compared: &LikelihoodComparison, is_higher: bool, is_one_way: bool) -> String {
    let Some((first, second)) = compared.ends else { return String::new() };
    let upper = match if is_higher { second } else { first } {
        End::Exact => "an exact value",
        _ => "an upper bound",
    };
    let lower = match if is_higher { first } else { second } {
        End::Exact => "an exact value",
        _ => "a lower bound",
    };
    let effect = compared.row.effect.unwrap_or_default();
    match (is_one_way, (effect > 0.0) == is_higher && effect != 0.0) {
        (true, false) => format!("undecided: {lower} below {upper} of the other variant decides nothing"),
        (false, false) => "undecided: the brackets overlap".to_owned(),
        (_, true) => String::new(),
    }
}

/// Compares every bound that both variants have by one estimator at one budget.
pub(super) fn on_the_bounds(
    ((variant, ours), (baseline, theirs)): (Members<'_, '_>, Members<'_, '_>),
    compare: &Compare,
) -> Vec<LikelihoodComparison> {
    let mut rows = Vec::new();
    for first in ours {
        let end = match first.kind() {
            Kind::LowerBound => End::LowerBound,
            Kind::UpperBound => End::UpperBound,
            Kind::Exact | Kind::Estimate => continue,
        };
        for second in theirs.iter().filter(|second| first.is_same(second)) {
            let side = |estimator| Side { estimator, end };
            let reading = Reading::of((variant, side(first)), (baseline, side(second)), compare);
            let (estimator, settings) = (first.name.to_owned(), first.measured.figure.settings.clone());
            rows.push(LikelihoodComparison::of(Scope::Bound { estimator, settings }, reading));
        }
    }
    rows
}

impl LikelihoodComparison {
    fn new(scope: Scope, row: Comparison) -> Self {
        Self { scope, ends: None, baseline_figure: None, images: None, readings: 0, assumption: None, row }
    }

    fn of(scope: Scope, reading: Reading<'_, '_>) -> Self {
        Self {
            ends: Some((reading.first.end, reading.second.end)),
            baseline_figure: Some(reading.second.estimator.summed.figure.clone()),
            images: reading.images,
            readings: 1,
            assumption: reading.assumption(),
            ..Self::new(scope, reading.row)
        }
    }
}

/// Corrects the comparisons of each scope of a table for their number and for the number of `analyses`, and decides their
/// verdicts. A comparison on log p in which no two ends can decide anything is no test and has no part in it.
pub(super) fn correct(rows: &mut [LikelihoodComparison], analyses: usize) {
    let mut scopes: Vec<Scope> = rows.iter().map(|row| row.scope.clone()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    for scope in scopes {
        let is_tested = |row: &LikelihoodComparison| row.scope == scope && row.ends.is_some();
        let family: Vec<usize> = (0..rows.len()).filter(|at| is_tested(&rows[*at])).collect();
        let corrected = |of: fn(&Comparison) -> Option<f64>| {
            let p: Vec<f64> = family.iter().map(|at| of(&rows[*at].row).unwrap_or(1.0)).collect();
            holm(&p).into_iter().map(|p| (p * analyses as f64).min(1.0)).collect::<Vec<_>>()
        };
        let (p, margin) = (corrected(|row| row.p), corrected(|row| row.p_margin));
        for (place, at) in family.iter().enumerate() {
            let row = &mut rows[*at].row;
            row.family = family.len();
            row.p_holm = row.p.map(|_| p[place]);
            row.p_equivalent = row.p_margin.map(|_| margin[place]);
            row.verdict = Verdict::of(&row.evidence());
        }
    }
    rows.iter_mut().for_each(explain);
}

/// Sets the reason of the verdict, with remarks.
fn explain(compared: &mut LikelihoodComparison) {
    let row = &compared.row;
    let alike = compared.ends.is_none_or(|(first, second)| first == second);
    let is_open = row.verdict == Verdict::Undecided && row.p_holm.is_some_and(|p| p > ALPHA);
    let text = match (is_open && !alike, row.p_holm) {
        (true, Some(_)) if !row.reason.is_empty() => with_remarks(row, Some(row.reason.clone())),
        (true, Some(p)) => with_remarks(row, Some(format!("undecided: corrected p = {}", short(p)))),
        // Without a tested pair of ends the numbers of seeds say nothing.
        _ if compared.ends.is_none() => undecided(row),
        _ => reason(row),
    };
    compared.row.reason = text;
}
