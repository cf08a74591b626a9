//! Made-up variants, and tests of their comparisons.

mod families;
mod rates;
mod units;
mod verdicts;

use protocol::{Compare, Direction, Kind, Measurement, Status, Support, TrialId, Unit};

use super::{Comparison, Comparisons, ImageTerms};
use crate::summary::{Figure, FigureSummary, Spread, Summary, TrialState, VariantSummary};
use S::{Lost, NotRun, V};

/// A seed of a made-up variant.
#[derive(Clone, Copy)]
pub(super) enum S {
    V(f64),
    Lost,
    NotRun,
}

pub(super) fn summed(name: &str, direction: Direction, seeds: &[S], variant: &str) -> FigureSummary {
    let there = seeds.iter().enumerate().filter_map(|(seed, one)| match one {
        V(value) => Some((TrialId(format!("{variant}{seed}")), *value)),
        Lost | NotRun => None,
    });
    let (trials, values): (Vec<_>, Vec<_>) = there.unzip();
    let figure = Measurement::new(name, Kind::Exact, Unit::Nats, direction, 0.0).on(Support::Binary);
    let spread = Spread::of(&values);
    FigureSummary {
        figure: Figure::of(&figure),
        trials,
        values,
        spread,
        se_test: spread.map(|_| 0.3),
        images: Some(400),
        reasons: vec![],
        likelihood: None,
    }
}

pub(super) fn variant(name: &str, seeds: &[S]) -> VariantSummary {
    let state = |(seed, one): (usize, &S)| TrialState {
        id: TrialId(format!("{name}{seed}")),
        seed: seed as u64,
        status: match one {
            V(_) => Status::Done.word(),
            Lost => "diverged",
            NotRun => "not_run",
        },
        reason: None,
        collapse: None,
    };
    VariantSummary {
        variant: name.into(),
        section: None,
        model: name.into(),
        data: "digits".into(),
        closed_form: false,
        trials: seeds.iter().enumerate().map(state).collect(),
        figures: vec![summed("nll", Direction::Lower, seeds, name)],
    }
}

pub(super) fn values(first: f64, count: usize) -> Vec<S> {
    (0..count).map(|seed| V(first + seed as f64 / 100.0)).collect()
}

pub(super) fn compared(variants: Vec<VariantSummary>, compare: &Compare) -> Comparisons {
    Comparisons::of(&Summary { grid: "g".into(), about: String::new(), variants }, compare, &ImageTerms::none())
}

fn one(seeds: &[S], baseline: &[S], compare: &Compare) -> Comparison {
    let mut rows = compared(vec![variant("base", baseline), variant("v", seeds)], compare).rows;
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

fn margin(margin: f64) -> Compare {
    Compare { margin: [("nll".to_owned(), margin)].into(), ..Compare::default() }
}
