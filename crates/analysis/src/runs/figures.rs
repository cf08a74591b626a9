//! Figures of two runs: mean and interval of each, difference, verdict.

use protocol::{Direction, Unit};
use serde::Serialize;

use super::identity::identity_changes;
use super::inputs::ContentChange;
use super::pair::Common;
use crate::gate::{Baseline, BaselineFigure, FigureFinding, FigureResult, GateVerdict, Judgement};
use crate::report::grouped;
use crate::summary::Spread;
use crate::tables::{mark, rounded};

/// Result for one figure of two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PairVerdict {
    /// The other run is better by more than the margin.
    Better,
    /// The other run is worse by more than the margin.
    Worse,
    /// Within the margin.
    Equivalent,
    /// Equal bits for every common seed.
    Identical,
    /// The evidence does not suffice.
    Undecided,
    /// The two are different figures, or one is missing.
    NotCompared,
}

impl PairVerdict {
    /// Verdicts of compared figures, in the order of sentences.
    pub const COMPARED: [Self; 5] = [Self::Better, Self::Worse, Self::Equivalent, Self::Identical, Self::Undecided];

    /// The word for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Equivalent => "equivalent",
            Self::Identical => "identical",
            Self::Undecided => "undecided",
            Self::NotCompared => "not compared",
        }
    }
}

impl From<GateVerdict> for PairVerdict {
    fn from(verdict: GateVerdict) -> Self {
        match verdict {
            GateVerdict::Better => Self::Better,
            GateVerdict::Worse => Self::Worse,
            GateVerdict::Equivalent => Self::Equivalent,
            GateVerdict::Identical => Self::Identical,
            GateVerdict::Undecided => Self::Undecided,
        }
    }
}

/// One figure of one variant in two runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FigurePair {
    /// Label of the variant in the other run.
    pub variant: String,
    /// Name of the figure, with the settings that distinguish it from others of the same name.
    pub figure: String,
    /// Unit of the values.
    pub unit: Unit,
    /// Better direction.
    pub better: Direction,
    /// The figure in the first run; `None` without a value.
    pub first: Option<FigureSide>,
    /// The figure in the other run; `None` without a value.
    pub other: Option<FigureSide>,
    /// Other run minus first run; `None` if the figure was not compared.
    pub difference: Option<f64>,
    /// Confidence interval of the difference.
    pub interval: Option<[f64; 2]>,
    /// Largest loss that does not matter.
    pub margin: Option<f64>,
    /// The verdict.
    pub verdict: PairVerdict,
    /// Reason of the verdict, and what would decide it; empty if there is none.
    pub reason: String,
}

/// A figure over the seeds that are done in both runs; over all seeds if there is no such seed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FigureSide {
    /// Number of seeds with a value.
    pub seeds: usize,
    /// Mean over seeds.
    pub mean: f64,
    /// Half of the mean's 95% interval over seeds; `None` for one seed.
    pub half_interval: Option<f64>,
    /// Number of test images, draws or windows behind each value.
    pub images: Option<u64>,
    /// The mean with half its interval, for people.
    #[serde(skip)]
    pub(super) text: String,
}

impl FigureSide {
    fn of(figure: &BaselineFigure) -> Option<Self> {
        let values: Vec<f64> = figure.values.iter().map(|one| one.value).collect();
        let spread = Spread::of(&values)?;
        Some(Self {
            seeds: spread.n,
            mean: spread.mean,
            half_interval: spread.half,
            images: figure.n,
            text: format!("{}{}", mark(figure.figure.kind), grouped(&rounded(&spread, figure.se))),
        })
    }
}

/// A finding with its figure in both runs.
struct Found<'a> {
    finding: &'a FigureFinding,
    sides: [Option<&'a BaselineFigure>; 2],
}

/// Figures of all common variants.
pub(super) fn figures(
    runs: &[Baseline; 2],
    common: &[Common<'_>],
    content: &[ContentChange],
    letters: [&str; 2],
) -> Vec<FigurePair> {
    let mut pairs = Vec::new();
    for one in common {
        let labels = [one.first, one.finding.variant.as_str()];
        let variants = [0, 1].map(|at| runs[at].variants.iter().find(|known| known.trial.variant == labels[at]));
        let mut found: Vec<Found<'_>> = Vec::new();
        for finding in &one.finding.figures {
            let side = |at: usize| variants[at]?.figures.iter().find(|known| known.figure == finding.figure);
            found.push(Found { finding, sides: [side(0), side(1)] });
        }
        let other_content = content.iter().find(|change| change.variant == one.finding.variant);
        merge_changed_identities(&mut found);
        pairs.extend(
            found.iter().map(|found| FigurePair {
                variant: one.finding.variant.clone(),
                ..pair(found, other_content, letters)
            }),
        );
    }
    pairs
}

/// Joins a figure that only the first run has with one of the same name that only the other run has.
fn merge_changed_identities(found: &mut Vec<Found<'_>>) {
    let mut at = 0;
    while at < found.len() {
        let is_of_first = found[at].sides[1].is_none();
        let name = &found[at].finding.figure.name;
        let of_other = found.iter().position(|one| one.sides[0].is_none() && one.finding.figure.name == *name);
        match of_other.filter(|_| is_of_first) {
            Some(other) => {
                let first = found[at].sides[0];
                found[other].sides[0] = first;
                found.remove(at);
            }
            None => at += 1,
        }
    }
}

fn pair(found: &Found<'_>, content: Option<&ContentChange>, letters: [&str; 2]) -> FigurePair {
    let Found { finding, sides } = found;
    let apart = |reason: String| FigurePair {
        variant: String::new(),
        figure: finding.label.clone(),
        unit: finding.figure.unit,
        better: finding.figure.direction,
        first: sides[0].and_then(FigureSide::of),
        other: sides[1].and_then(FigureSide::of),
        difference: None,
        interval: None,
        margin: finding.margin.map(|margin| margin.value),
        verdict: PairVerdict::NotCompared,
        reason,
    };
    if let [Some(first), Some(other)] = sides {
        let changes = identity_changes(first, other);
        if !changes.is_empty() {
            return FigurePair { margin: None, ..apart(format!("other figure: {}", changes.join("; "))) };
        }
        if let Some(content) = content {
            return apart(format!("other data: {}", content.text()));
        }
    }
    let [first, other] = letters;
    match &finding.result {
        FigureResult::Judged(judgement) => judged(judgement, apart(judgement.remark())),
        FigureResult::Changed(changes) => apart(format!("inputs changed: {}", changes.join("; "))),
        FigureResult::Missing(lost) => apart(format!("no value in {other} for {}", seeds(lost))),
        FigureResult::NotRun => apart(format!("no seed of {first} is done in {other}")),
        FigureResult::New => apart(format!("{first} does not have it")),
    }
}

fn judged(judgement: &Judgement, empty: FigurePair) -> FigurePair {
    let sign = if empty.better == Direction::Higher { -1.0 } else { 1.0 };
    // Adding 0 turns a negative zero into zero.
    let difference = |loss: f64| sign * loss + 0.0;
    let interval = judgement.interval.map(|interval| {
        let ends = [difference(interval.low), difference(interval.high)];
        [ends[0].min(ends[1]), ends[0].max(ends[1])]
    });
    FigurePair { difference: Some(difference(judgement.loss)), interval, verdict: judgement.verdict.into(), ..empty }
}

fn seeds(seeds: &[u64]) -> String {
    let list: Vec<String> = seeds.iter().map(u64::to_string).collect();
    format!("{} {}", if seeds.len() == 1 { "seed" } else { "seeds" }, list.join(", "))
}
