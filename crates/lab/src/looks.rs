//! A plan whose seeds grow until its comparisons are decided.
//!
//! Planning gives every variant the seeds of the first look. What the trials come to says which variants get
//! those of the next: [`due`] reads it off the folder, so that stopping and running again changes nothing.

use std::collections::HashMap;
use std::io;

use protocol::{GridDir, Trial};

use crate::compare::wanted;
use crate::stats::{ALPHA, reach_paired, reach_unpaired};
use crate::{Pairs, Plan, Summary, store};

/// The plan with the seeds that are due by what lies in the grid's folder. Without looks, the plan as it is.
///
/// # Errors
/// A record that is there and cannot be read; the error names the file.
pub fn due(grid: &GridDir, plan: &Plan) -> io::Result<Plan> {
    let mut plan = plan.clone();
    while plan.compare.looks.is_some() {
        let records = store::records(grid, &plan)?;
        let wanted = wanted(&Summary::of(&plan, &records), &plan.compare);
        let grown = grown(&plan, |variant| wanted.get(variant).copied().unwrap_or_default());
        if grown.trials.len() == plan.trials.len() {
            break;
        }
        plan = grown;
    }
    Ok(plan)
}

/// The plan with all seeds up to the cap.
#[must_use]
pub fn at_most(plan: &Plan) -> Plan {
    let cap = plan.compare.looks.as_ref().and_then(|looks| looks.at.last().copied()).unwrap_or_default();
    grown(plan, |_| cap)
}

/// The plan with at least so many seeds of each variant, counted from 0.
fn grown(plan: &Plan, seeds: impl Fn(&str) -> usize) -> Plan {
    let mut trials: Vec<Trial> = Vec::with_capacity(plan.trials.len());
    for variant in plan.trials.chunk_by(|a, b| a.variant == b.variant) {
        trials.extend(variant.iter().cloned());
        let more = variant.len()..seeds(&variant[0].variant).max(variant.len());
        trials.extend(more.map(|seed| Trial { seed: seed as u64, ..variant[0].clone() }));
    }
    Plan { trials, ..plan.clone() }
}

/// For each look, how many seeds it has and the smallest corrected p-value that it can reach, in the data set with
/// the fewest comparisons; nothing without looks or without a comparison.
#[must_use]
pub fn reach(plan: &Plan) -> Vec<(usize, f64)> {
    let Some(looks) = &plan.compare.looks else { return Vec::new() };
    let mut variants: HashMap<String, usize> = HashMap::new();
    for variant in plan.trials.chunk_by(|a, b| a.variant == b.variant) {
        *variants.entry(serde_json::json!(*variant[0].data).to_string()).or_default() += 1;
    }
    let comparisons = variants.into_values().filter(|count| *count > 1).map(|count| match plan.compare.pairs {
        Pairs::Baseline => count - 1,
        Pairs::All => count * (count - 1) / 2,
    });
    let Some(fewest) = comparisons.min() else { return Vec::new() };
    let alone = |seeds| if plan.compare.paired { reach_paired(seeds) } else { reach_unpaired(seeds, seeds) };
    let corrected = |p: f64| (p * (fewest * looks.at.len()) as f64).min(1.0);
    looks.at.iter().map(|seeds| (*seeds, alone(*seeds).map_or(1.0, corrected))).collect()
}

/// What is to be known of the looks before anything runs, a sentence each.
#[must_use]
pub fn told(plan: &Plan) -> Vec<String> {
    let Some(looks) = &plan.compare.looks else { return Vec::new() };
    let at: Vec<_> = looks.at.iter().map(usize::to_string).collect();
    let by = if looks.by.is_empty() { String::new() } else { format!(" by {}", looks.by.join(", ")) };
    let mut told = vec![format!(
        "seeds until decided{by}: looks at {} seeds, {} trials for now, at most {}",
        at.join(", "),
        plan.trials.len(),
        at_most(plan).trials.len()
    )];
    let reach = reach(plan);
    if reach.is_empty() {
        told.push("no two variants are compared: no seeds will be added".to_owned());
    }
    let idle: Vec<_> = reach.iter().filter(|(_, p)| *p > ALPHA).collect();
    let short = |p: f64| (p * 1000.0).round() / 1000.0;
    told.extend(idle.into_iter().map(|(seeds, p)| {
        format!("the look at {seeds} seeds decides nothing: corrected p = {} at best, and {ALPHA} is asked", short(*p))
    }));
    told
}
