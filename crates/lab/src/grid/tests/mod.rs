mod docs;
mod expansion;
mod extends;
mod fake;
mod laws;
mod looks;
mod mistakes;
mod rule_laws;
mod rules;
mod set;
mod unused;

use fake::FakeCatalog;

use super::{Diagnostics, Overrides, parse_and_plan};
use crate::Plan;

fn planned(text: &str) -> Result<Plan, Diagnostics> {
    parse_and_plan("g.yaml", text, &FakeCatalog::default(), &Overrides::default()).map(|(_, plan)| plan)
}

/// The messages for a grid that is wrong.
fn told(text: &str) -> String {
    match planned(text) {
        Ok(plan) => format!("no mistake, {} trials", plan.trials.len()),
        Err(diagnostics) => diagnostics.to_string(),
    }
}
