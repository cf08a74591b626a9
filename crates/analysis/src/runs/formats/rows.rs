//! Rows of tables, in words and digits for people.

use protocol::text::count;
use serde::Serialize;

use super::super::{FigurePair, InputChange, PairVerdict, RunPair, SeedPair};
use crate::gate::digits;
use crate::report::{grouped, unit_text};

/// Largest number of labels in a line.
const LABELS: usize = 6;

/// Row of a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct FigureRow {
    pub(super) variant: String,
    /// Name of the figure.
    pub(super) figure: String,
    /// Unit with an arrow in the better direction.
    pub(super) unit: String,
    pub(super) first: String,
    pub(super) other: String,
    pub(super) difference: String,
    pub(super) verdict: &'static str,
    /// `true` if bits are equal.
    pub(super) is_identical: bool,
    pub(super) reason: String,
}

impl FigureRow {
    pub(super) fn of(pair: &FigurePair) -> Self {
        let side =
            |side: &Option<super::super::FigureSide>| side.as_ref().map_or("—".to_owned(), |side| side.text.clone());
        let arrow = match pair.better {
            protocol::Direction::Lower => "↓",
            protocol::Direction::Higher => "↑",
            protocol::Direction::Neither => "",
        };
        let unit = [unit_text(pair.unit).as_str(), arrow]
            .iter()
            .filter(|text| !text.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" ");
        Self {
            variant: pair.variant.clone(),
            figure: pair.figure.clone(),
            unit,
            first: side(&pair.first),
            other: side(&pair.other),
            difference: difference(pair),
            verdict: pair.verdict.word(),
            is_identical: pair.verdict == PairVerdict::Identical,
            reason: pair.reason.clone(),
        }
    }
}

/// Difference with its interval, such as `+0.57 [0.41, 0.73]`.
fn difference(pair: &FigurePair) -> String {
    let Some(difference) = pair.difference else { return "—".to_owned() };
    if pair.verdict == PairVerdict::Identical {
        return "0".to_owned();
    }
    let signed = |text: String| if difference > 0.0 && text != "0" { format!("+{text}") } else { text };
    match pair.interval {
        Some([low, high]) => {
            let width = ((high - low) / 2.0).max(difference.abs() * 1e-3);
            let [middle, low, high] = [difference, low, high].map(|value| grouped(&digits(value, width)));
            format!("{} [{low}, {high}]", signed(middle))
        }
        None => signed(grouped(&digits(difference, difference))),
    }
}

/// A changed input with its variants, such as `train.epochs: 20 -> 40 (nade, vae)`.
pub(super) fn input(change: &InputChange) -> String {
    match &change.variants {
        None => change.change.clone(),
        Some(variants) => format!("{} ({})", change.change, labels(variants)),
    }
}

/// Labels in a line; the number of those beyond the first ones.
pub(super) fn labels(all: &[String]) -> String {
    let more = all.len().saturating_sub(LABELS);
    let shown = all[..all.len() - more].join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

/// Variants that the two runs do not share or label differently.
pub(super) fn variants(pair: &RunPair) -> Vec<String> {
    let only = |run: &str, all: &[String]| (!all.is_empty()).then(|| format!("only in {run}: {}", labels(all)));
    let gone = only(&pair.first, &pair.gone);
    let new = only(&pair.other, &pair.new);
    let renamed = pair.renamed.iter().map(|one| format!("renamed: {} -> {}", one.first, one.other));
    gone.into_iter().chain(new).chain(renamed).collect()
}

/// Seeds with other outcomes in the two runs, then the number of those with the same one.
pub(super) fn seeds(pair: &RunPair) -> Vec<String> {
    let (equal, other): (Vec<&SeedPair>, Vec<&SeedPair>) = pair.seeds.iter().partition(|seed| seed.is_equal());
    let line = |seed: &SeedPair| format!("{} seed {}: {}", seed.variant, seed.seed, seed.words());
    let mut lines: Vec<String> = other.into_iter().map(line).collect();
    let mut groups: Vec<(&str, String, usize)> = Vec::new();
    for seed in equal {
        let state = seed.first.as_ref().map(|side| side.state);
        let words = match state {
            Some(crate::gate::SeedState::Collapsed) => "collapsed in both",
            Some(crate::gate::SeedState::NotRun) => "not run in both",
            _ => "failed in both",
        };
        match groups.iter_mut().find(|(variant, known, _)| *variant == seed.variant && known == words) {
            Some((.., number)) => *number += 1,
            None => groups.push((&seed.variant, words.to_owned(), 1)),
        }
    }
    lines.extend(
        groups.into_iter().map(|(variant, words, number)| format!("{variant}: {} {words}", count(number, "seed"))),
    );
    lines
}
