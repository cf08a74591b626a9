//! Comparison of two runs.

use protocol::text::count;
use serde::Serialize;

use super::costs::{CostPair, costs};
use super::figures::{FigurePair, PairVerdict, figures};
use super::inputs::{InputChange, content_changes, inputs};
use super::seeds::{SeedPair, seeds};
use crate::gate::{Baseline, GateSettings, VariantFinding, VariantState, check};
use crate::results::Results;

/// Differences of one run from another one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunPair {
    /// Name of the run with which the other one is compared.
    pub first: String,
    /// Name of the other run.
    pub other: String,
    /// Coverage of each interval: 99% over all figures that gate.
    pub level: f64,
    /// Inputs that differ.
    pub inputs: Vec<InputChange>,
    /// Variants that only the first run has.
    pub gone: Vec<String>,
    /// Variants that only the other run has.
    pub new: Vec<String>,
    /// Variants with equal inputs and other labels.
    pub renamed: Vec<RenamedVariant>,
    /// Figures of the variants that both have.
    pub figures: Vec<FigurePair>,
    /// Seeds that are not done in both.
    pub seeds: Vec<SeedPair>,
    /// Costs of the variants that both have.
    pub costs: Vec<CostPair>,
    /// Reason why times and memory are not compared.
    pub costs_note: Option<String>,
}

/// A variant with equal inputs and other labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RenamedVariant {
    /// Label in the first run.
    pub first: String,
    /// Label in the other run.
    pub other: String,
}

/// A variant that both runs have.
pub(super) struct Common<'a> {
    /// Label in the first run.
    pub(super) first: &'a str,
    pub(super) finding: &'a VariantFinding,
}

impl RunPair {
    pub(super) fn of([first, other]: [String; 2], [before, after]: [&Results; 2], all: [&Baseline; 2]) -> Self {
        // Seeds that are done in both runs alone, so that a lost or a further seed hides no equal bits.
        let matched = [Baseline::paired(before, all[0], all[1]), Baseline::paired(after, all[1], all[0])];
        let settings = GateSettings { judge_changed: true, ..GateSettings::of(after.plan()) };
        let gate = check(&matched[0], &matched[1], &settings);
        let has_pair = |finding: &&VariantFinding| finding.state != VariantState::New;
        let common: Vec<Common<'_>> = gate
            .variants
            .iter()
            .filter(has_pair)
            .map(|finding| Common { first: finding.renamed_from.as_ref().unwrap_or(&finding.variant), finding })
            .collect();
        let content = content_changes([before, after], &common);
        let (costs, costs_note) = costs([before, after], &matched, &common, [&first, &other]);
        let renamed = |finding: &VariantFinding| {
            Some(RenamedVariant { first: finding.renamed_from.clone()?, other: finding.variant.clone() })
        };
        Self {
            level: gate.level,
            inputs: inputs([before, after], all, &common, &content),
            figures: figures(&matched, &common, &content, [&first, &other]),
            seeds: seeds(all, &common),
            new: gate.variants.iter().filter(|one| !has_pair(one)).map(|one| one.variant.clone()).collect(),
            renamed: gate.variants.iter().filter_map(renamed).collect(),
            gone: gate.removed.clone(),
            costs,
            costs_note,
            first,
            other,
        }
    }

    /// Number of figures with this verdict.
    #[must_use]
    pub fn count(&self, verdict: PairVerdict) -> usize {
        self.figures.iter().filter(|figure| figure.verdict == verdict).count()
    }

    /// Numbers of verdicts in words, such as `12 figures: 3 better, 1 worse, 6 identical, 2 undecided`.
    #[must_use]
    pub fn answer(&self) -> String {
        let apart = self.count(PairVerdict::NotCompared);
        let compared = self.figures.len() - apart;
        let counts: Vec<String> = PairVerdict::COMPARED
            .into_iter()
            .filter(|verdict| self.count(*verdict) > 0)
            .map(|verdict| format!("{} {}", self.count(verdict), verdict.word()))
            .collect();
        let answer = match compared {
            0 => "no figure was compared".to_owned(),
            _ => format!("{}: {}", count(compared, "figure"), counts.join(", ")),
        };
        if apart == 0 { answer } else { format!("{answer}; {apart} not compared") }
    }
}
