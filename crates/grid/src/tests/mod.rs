mod claims;
mod docs;
mod equivalent_laws;
mod expansion;
mod extends;
mod fake;
mod laws;
mod mistakes;
mod old_names;
mod paths;
mod rule_laws;
mod rules;
mod set;
mod until_decided;
mod unused_parts;

use fake::FakeCatalog;
use protocol::Plan;

use crate::diagnostics::Diagnostics;
use crate::plan::{Overrides, parse_and_plan};

fn planned(text: &str) -> Result<Plan, Diagnostics> {
    parse_and_plan("g.yaml", text, &FakeCatalog::default(), &Overrides::default()).map(|(_, plan)| plan)
}

/// The messages for a grid that is wrong.
fn messages(text: &str) -> String {
    match planned(text) {
        Ok(plan) => format!("no mistake, {} trials", plan.trials.len()),
        Err(diagnostics) => diagnostics.to_string(),
    }
}
