//! Check of a run against a baseline.

use std::collections::BTreeMap;

use protocol::{Plan, VariantPlace};

use super::baseline::{Baseline, BaselineFigure, BaselineVariant, SeedState};
use super::counter::{counters, is_counter};
use super::finding::{FigureFinding, FigureResult, VariantFinding, VariantState};
use super::judge::{Pairing, judge};
use super::margin::Margin;
use super::outcome::Gate;
use super::primary::gating;
use super::seeds::SeedChanges;
use super::speed::{is_speed, judge_speed};
use super::variant_match::{VariantMatch, data_changes, match_of, measure_changes};
use crate::summary::{Figure, figure_labels};

/// Accepted probability of a false alarm in one run, over all figures that gate.
pub const RUN_ALPHA: f64 = 0.01;

/// Settings of the gate from the grid of the run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GateSettings {
    /// Names of the figures that gate; by default one figure per variant.
    pub gate: Vec<String>,
    /// Margins by name of the figure.
    pub margin: BTreeMap<String, f64>,
    /// Locations of the variants in the grid.
    pub places: BTreeMap<String, VariantPlace>,
    /// Judge variants with other inputs as well, unless their data differ. The gate does not.
    pub judge_changed: bool,
    /// Arguments of commands in advice: the grid, and its folder of results if it is not the default; by default the grid.
    pub arguments: Option<String>,
}

impl GateSettings {
    /// The settings of a plan.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let place = |(label, place): (&str, &VariantPlace)| (label.to_owned(), place.clone());
        Self {
            gate: plan.gate.clone(),
            margin: plan.compare.margin.clone(),
            places: plan.place_of().into_iter().map(place).collect(),
            judge_changed: false,
            arguments: None,
        }
    }
}

/// A figure of the run or of the baseline, with its counterpart.
struct Pair<'a> {
    before: Option<&'a BaselineFigure>,
    after: Option<&'a BaselineFigure>,
}

impl<'a> Pair<'a> {
    fn figure(&self) -> &'a Figure {
        let either = self.after.or(self.before);
        &either.expect("a pair has a figure").figure
    }

    /// Both figures, if they were taken on equally many images.
    fn comparable(&self) -> Option<(&'a BaselineFigure, &'a BaselineFigure)> {
        self.before.zip(self.after).filter(|(before, after)| before.n == after.n)
    }
}

/// Checks a run against a baseline of the same grid.
#[must_use]
pub fn check(baseline: &Baseline, run: &Baseline, settings: &GateSettings) -> Gate {
    let matches: Vec<VariantMatch<'_>> = run.variants.iter().map(|variant| match_of(variant, baseline, run)).collect();
    let family =
        run.variants.iter().zip(&matches).map(|(variant, found)| tests(variant, found, settings)).sum::<usize>();
    let level = 1.0 - RUN_ALPHA / family.max(1) as f64;
    let variants = run.variants.iter().zip(&matches);
    let variants: Vec<VariantFinding> =
        variants.map(|(variant, found)| finding(variant, found, settings, level)).collect();
    let is_known = |known: &&BaselineVariant| {
        let label = &known.trial.variant;
        variants.iter().any(|one| one.variant == *label || one.renamed_from.as_ref() == Some(label))
    };
    let removed = baseline.variants.iter().filter(|known| !is_known(known));
    Gate {
        grid: run.grid.clone(),
        arguments: settings.arguments.clone().unwrap_or_else(|| run.grid.clone()),
        baseline: (baseline.made_by(), baseline.machine.clone()),
        run: (run.made_by(), run.machine.clone()),
        removed: removed.map(|known| known.trial.variant.clone()).collect(),
        level,
        variants,
    }
}

/// Number of tests that share the probability of a false alarm.
fn tests(variant: &BaselineVariant, found: &VariantMatch<'_>, settings: &GateSettings) -> usize {
    let known = match found {
        VariantMatch::Same(known) | VariantMatch::Renamed(known) => known,
        VariantMatch::Changed(known, _)
            if settings.judge_changed && data_changes(&known.trial, &variant.trial).is_empty() =>
        {
            known
        }
        VariantMatch::Changed(..) | VariantMatch::New => return 0,
    };
    let pairs = pairs(known, variant);
    pairs.iter().zip(gates_of(&pairs, settings)).filter(|(pair, gates)| *gates && pair.comparable().is_some()).count()
}

/// Returns whether a figure is neither a speed nor a count, which are judged in another way.
pub(super) fn is_score(figure: &Figure) -> bool {
    !is_speed(figure) && !is_counter(figure)
}

/// Scores of both sides by identity, in the order of the run.
fn pairs<'a>(known: &'a BaselineVariant, variant: &'a BaselineVariant) -> Vec<Pair<'a>> {
    let scores = |variant: &'a BaselineVariant| variant.figures.iter().filter(|one| is_score(&one.figure));
    let before = |figure: &Figure| scores(known).find(|one| one.figure == *figure);
    let mut pairs: Vec<Pair<'a>> =
        scores(variant).map(|after| Pair { before: before(&after.figure), after: Some(after) }).collect();
    let is_lost = |one: &&BaselineFigure| !scores(variant).any(|after| after.figure == one.figure);
    pairs.extend(scores(known).filter(is_lost).map(|before| Pair { before: Some(before), after: None }));
    pairs
}

/// Returns for each pair whether it gates. If a figure that gates has no counterpart, those of its name gate as well: they are
/// the same figure with other settings.
fn gates_of(pairs: &[Pair<'_>], settings: &GateSettings) -> Vec<bool> {
    let chosen = gating(&pairs.iter().map(Pair::figure).collect::<Vec<_>>(), &settings.gate);
    let is_alone = |pair: &Pair<'_>| pair.before.is_none() || pair.after.is_none();
    let alone: Vec<&str> = pairs
        .iter()
        .zip(&chosen)
        .filter(|(pair, gates)| **gates && is_alone(pair))
        .map(|(pair, _)| pair.figure().name.as_str())
        .collect();
    pairs.iter().zip(&chosen).map(|(pair, gates)| *gates || alone.contains(&pair.figure().name.as_str())).collect()
}

fn finding(variant: &BaselineVariant, found: &VariantMatch<'_>, settings: &GateSettings, level: f64) -> VariantFinding {
    let label = variant.trial.variant.clone();
    let empty = VariantFinding {
        place: settings.places.get(&label).cloned(),
        variant: label,
        renamed_from: None,
        state: VariantState::Compared,
        failures: Vec::new(),
        collapses: Vec::new(),
        collapse_is_worse: false,
        not_run: Vec::new(),
        notes: Vec::new(),
        figures: Vec::new(),
        speed: None,
        counters: Vec::new(),
    };
    let (known, renamed_from, state) = match found {
        VariantMatch::New => return VariantFinding { state: VariantState::New, ..empty },
        VariantMatch::Changed(_, changes) if !settings.judge_changed => {
            return VariantFinding { state: VariantState::Changed(changes.clone()), ..empty };
        }
        VariantMatch::Changed(known, changes) => (known, None, VariantState::Changed(changes.clone())),
        VariantMatch::Same(known) => (known, None, VariantState::Compared),
        VariantMatch::Renamed(known) => (known, Some(known.trial.variant.clone()), VariantState::Compared),
    };
    let seeds = SeedChanges::of(known, variant);
    VariantFinding {
        renamed_from,
        state,
        failures: seeds.failures,
        collapse_is_worse: seeds.collapse_is_worse,
        collapses: seeds.collapses,
        not_run: seeds.not_run,
        notes: seeds.notes,
        figures: figures(known, variant, settings, level),
        speed: speed(known, variant),
        counters: counters(known, variant, &settings.margin),
        ..empty
    }
}

fn figures(
    known: &BaselineVariant,
    variant: &BaselineVariant,
    settings: &GateSettings,
    level: f64,
) -> Vec<FigureFinding> {
    let pairs = pairs(known, variant);
    let identities: Vec<&Figure> = pairs.iter().map(Pair::figure).collect();
    let gates = gates_of(&pairs, settings);
    let labels = figure_labels(&identities.iter().map(|figure| (*figure).clone()).collect::<Vec<_>>());
    let changed = measure_changes(&known.trial, &variant.trial);
    let other_data = data_changes(&known.trial, &variant.trial);
    let is_done = |seed: u64| variant.seeds.iter().any(|one| one.seed == seed && one.state == SeedState::Done);
    // Seeds with a value in the baseline that are done in the run and have none.
    let lost = |before: &BaselineFigure, after: Option<&BaselineFigure>| -> Vec<u64> {
        let seeds = before.values.iter().map(|one| one.seed);
        seeds.filter(|seed| is_done(*seed) && after.is_none_or(|after| after.of_seed(*seed).is_none())).collect()
    };
    let result = |pair: &Pair<'_>, margin: Option<Margin>| match (pair.before, pair.after) {
        (Some(_), Some(_)) if !other_data.is_empty() => FigureResult::Changed(other_data.clone()),
        (Some(before), Some(after)) if before.n != after.n => {
            let n = |figure: &BaselineFigure| figure.n.map_or_else(|| "unknown".to_owned(), |n| n.to_string());
            FigureResult::Changed(vec![format!("n: {} -> {}", n(before), n(after))])
        }
        (Some(before), Some(after)) if !lost(before, Some(after)).is_empty() => {
            FigureResult::Missing(lost(before, Some(after)))
        }
        (Some(before), Some(after)) => {
            let margin = margin.unwrap_or_else(|| Margin::of(before, &settings.margin));
            FigureResult::Judged(judge(before, after, known.closed_form && variant.closed_form, margin, level))
        }
        (Some(before), None) => match lost(before, None) {
            lost if lost.is_empty() => FigureResult::NotRun,
            lost if changed.is_empty() => FigureResult::Missing(lost),
            _ => FigureResult::Changed(changed.clone()),
        },
        (None, _) => FigureResult::New,
    };
    let finding = |((pair, gates), label): ((&Pair<'_>, bool), String)| {
        let margin = pair.before.map(|before| Margin::of(before, &settings.margin));
        let result = result(pair, margin);
        // The loss of pairs is that of their seeds, else it is that of the means.
        let is_of_means = matches!(&result, FigureResult::Judged(one) if matches!(one.pairing, Pairing::OneSeed(_)));
        let mean = |of: Option<&BaselineFigure>, other| match is_of_means {
            true => of?.mean(),
            false => of?.mean_beside(other),
        };
        FigureFinding {
            figure: pair.figure().clone(),
            label,
            gates,
            baseline: mean(pair.before, pair.after),
            run: mean(pair.after, pair.before),
            margin,
            result,
        }
    };
    pairs.iter().zip(gates).zip(labels).map(finding).collect()
}

/// Judges the speed of the same machine, if both sides were timed there; else states why it cannot.
fn speed(known: &BaselineVariant, variant: &BaselineVariant) -> Option<super::speed::SpeedJudgement> {
    let speeds = |variant: &'_ BaselineVariant| -> Vec<BaselineFigure> {
        variant.figures.iter().filter(|one| is_speed(&one.figure)).cloned().collect()
    };
    let (before, after) = (speeds(known), speeds(variant));
    let first = after.first()?;
    let same = after.iter().find_map(|after| {
        let is_same = |known: &&BaselineFigure| {
            (&known.figure.machine, &known.figure.name) == (&after.figure.machine, &after.figure.name)
        };
        let known = before.iter().find(is_same)?;
        Some(judge_speed(known, after))
    });
    same.or_else(|| Some(judge_speed(before.first()?, first)))
}
