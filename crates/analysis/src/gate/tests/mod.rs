//! Tests of the gate on small baselines.

mod chance;
mod counters;
mod failures;
mod figures;
mod inputs;
mod stored;

use protocol::fixtures::trial;
use protocol::{Direction, Kind, Measurement, Support, Unit};

use super::baseline::{BASELINE_SCHEMA, Baseline, BaselineFigure, BaselineSeed, BaselineVariant, SeedState, SeedValue};
use super::check::{GateSettings, check};
use super::machine_class::MachineClass;
use super::outcome::Gate;
use super::{FigureFinding, GateVerdict, read_baseline};
use crate::summary::Figure;

/// Exact NLL of binary images.
pub(crate) fn nll() -> Figure {
    let nll = Measurement::new("nll", Kind::Exact, Unit::Nats, Direction::Lower, 1.0);
    Figure::of(&Measurement { support: Some(Support::Binary), ..nll })
}

/// Lower bound of the log-likelihood.
pub(crate) fn elbo() -> Figure {
    Figure { name: "elbo".into(), kind: Kind::LowerBound, direction: Direction::Higher, ..nll() }
}

/// Score of samples.
pub(crate) fn fid() -> Figure {
    Figure { name: "fid_proxy".into(), kind: Kind::Estimate, unit: Unit::One, ..nll() }
}

/// A figure with a value for each seed from 0.
pub(crate) fn values(figure: Figure, values: &[f64]) -> BaselineFigure {
    let of_seed = |(seed, value): (usize, &f64)| SeedValue { seed: seed as u64, value: *value };
    BaselineFigure {
        figure,
        n: Some(360),
        se: None,
        values: values.iter().enumerate().map(of_seed).collect(),
        terms: None,
    }
}

/// A variant that is done for all seeds of its first figure.
pub(crate) fn variant(label: &str, figures: Vec<BaselineFigure>) -> BaselineVariant {
    let seeds = figures.first().map_or(Vec::new(), |figure| figure.values.iter().map(|one| one.seed).collect());
    let seed = |seed: u64| BaselineSeed { seed, trial: trial(label, seed).id(), state: SeedState::Done, reason: None };
    BaselineVariant {
        trial: trial(label, seeds.first().copied().unwrap_or_default()),
        closed_form: false,
        seeds: seeds.into_iter().map(seed).collect(),
        figures,
    }
}

pub(crate) fn baseline(variants: Vec<BaselineVariant>) -> Baseline {
    Baseline {
        schema: BASELINE_SCHEMA,
        grid: "small".into(),
        ended_unix_ms: 0,
        genbench: "0.1.0".into(),
        build: None,
        machine: MachineClass { cpu: "AMD EPYC".into(), ..MachineClass::default() },
        variants,
    }
}

/// Checks one figure of one variant.
pub(super) fn of_figure(before: BaselineFigure, after: BaselineFigure) -> Gate {
    let side = |figure| baseline(vec![variant("vae", vec![figure])]);
    check(&side(before), &side(after), &GateSettings::default())
}

pub(super) fn first(gate: &Gate) -> &FigureFinding {
    &gate.variants[0].figures[0]
}

pub(super) fn verdict(before: BaselineFigure, after: BaselineFigure) -> GateVerdict {
    first(&of_figure(before, after)).verdict().expect("judged")
}
