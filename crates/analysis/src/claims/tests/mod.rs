//! Claims on made-up results.

mod laws;
mod outcomes;

use std::collections::BTreeMap;

use protocol::fixtures::{outcome, trial};
use protocol::{
    Claim, Direction, FactName, FigureName, GridDir, Host, Kind, Measurement, Plan, Quantity, Relation, Statement,
    Status, Unit,
};

use super::{ClaimOutcome, ClaimResult};
use crate::results::Results;
use crate::store::Record;

/// Results of a grid, written to memory.
#[derive(Clone, Debug)]
pub(super) struct Made {
    plan: Plan,
    records: Vec<Record>,
    grid: GridDir,
}

impl Made {
    pub(super) fn new() -> Self {
        Self::in_folder(GridDir::new(std::path::Path::new("/nonexistent"), "g"))
    }

    pub(super) fn in_folder(grid: GridDir) -> Self {
        Self { plan: Plan::new("g", Vec::new()), records: Vec::new(), grid }
    }

    /// Adds a variant with one trial for each list of figures; `None` is a failed trial.
    pub(super) fn variant(mut self, label: &str, seeds: Vec<Option<Vec<Measurement>>>) -> Self {
        for (seed, measurements) in seeds.into_iter().enumerate() {
            let trial = trial(label, seed as u64);
            let status = match &measurements {
                Some(_) => Status::Done,
                None => Status::Diverged { step: 1, what: "loss".into() },
            };
            let host = Host { cpu: "A".into(), ..Host::default() };
            let ended = protocol::Outcome { train_s: 10.0 + seed as f64, host, ..outcome(trial.id(), status) };
            self.records.push(Record {
                id: trial.id(),
                dir: self.grid.trial(&trial.id()),
                outcome: Some(ended),
                measurements: measurements.unwrap_or_default(),
                unreadable: None,
                trial: trial.clone(),
            });
            self.plan.trials.push(trial);
        }
        self
    }

    /// Adds a variant with the figure `nll`, without an error over images.
    pub(super) fn nll(self, label: &str, values: &[f64]) -> Self {
        self.variant(label, values.iter().map(|value| Some(vec![nll(*value)])).collect())
    }

    /// Adds a trial of a variant that has not run.
    pub(super) fn not_run(mut self, label: &str) -> Self {
        let seed = self.plan.trials.iter().filter(|trial| trial.variant == label).count();
        self.plan.trials.push(trial(label, seed as u64));
        self
    }

    /// The result of one claim.
    pub(super) fn judged(&self, statement: Statement) -> ClaimResult {
        self.judged_all(vec![statement]).remove(0)
    }

    /// The results of several claims.
    pub(super) fn judged_all(&self, statements: Vec<Statement>) -> Vec<ClaimResult> {
        let claim = |statement| Claim { name: "c".into(), section: None, statement };
        let claims = statements.into_iter().map(claim).collect();
        let plan = Plan { claims, ..self.plan.clone() };
        Results::of(self.grid.clone(), plan, self.records.clone()).claims().to_vec()
    }

    /// Outcome and needs of one claim.
    pub(super) fn outcome(&self, statement: Statement) -> (ClaimOutcome, String) {
        let result = self.judged(statement);
        (result.outcome, result.needs())
    }
}

pub(super) fn nll(value: f64) -> Measurement {
    Measurement::new("nll", Kind::Exact, Unit::Nats, Direction::Lower, value)
}

pub(super) fn flag(name: &str, is_set: bool) -> Measurement {
    Measurement::new(name, Kind::Estimate, Unit::One, Direction::Lower, f64::from(u8::from(is_set)))
}

fn name(variant: &str, figure: &str) -> FigureName {
    FigureName { variant: variant.into(), figure: figure.into(), settings: BTreeMap::new() }
}

pub(super) fn figure(variant: &str, figure: &str) -> Quantity {
    Quantity::Figure(name(variant, figure))
}

pub(super) fn rate(variant: &str, figure: &str) -> Quantity {
    Quantity::Rate(name(variant, figure))
}

pub(super) fn control(variant: &str, figure: &str, control: &str) -> Quantity {
    Quantity::Control { of: name(variant, figure), control: control.into() }
}

pub(super) fn wall(variant: &str) -> Quantity {
    Quantity::Wall { variant: variant.into() }
}

pub(super) fn fact(value: &str) -> Quantity {
    let settings = BTreeMap::new();
    Quantity::Fact(FactName { fact: "full_joint".into(), settings, quantity: None, value: Some(value.into()) })
}

pub(super) fn number(value: f64) -> Quantity {
    Quantity::Number(value)
}

pub(super) fn plus(a: Quantity, b: Quantity) -> Quantity {
    Quantity::Sum(Box::new([a, b]))
}

pub(super) fn times(a: Quantity, b: Quantity) -> Quantity {
    Quantity::Product(Box::new([a, b]))
}

pub(super) fn compare(left: Quantity, relation: Relation, right: Quantity) -> Statement {
    Statement::Compare { left, relation, right }
}

pub(super) fn less(left: Quantity, right: Quantity) -> Statement {
    compare(left, Relation::Less, right)
}

pub(super) fn equal(left: Quantity, right: Quantity, tolerance: f64) -> Statement {
    Statement::Equal { left, right, tolerance }
}
