//! Schedule of interim analyses, and the smallest p-value that each can reach.

use std::collections::HashMap;

use protocol::text::count;
use protocol::{Pairs, Plan};
use stats::{ALPHA, reach_paired, reach_unpaired};

/// Returns the number of seeds of each interim analysis and the smallest corrected p-value that it can reach, for the
/// data set with the fewest comparisons. Empty without interim analyses or without a comparison.
#[must_use]
pub fn reach(plan: &Plan) -> Vec<(usize, f64)> {
    let Some(interim) = &plan.compare.interim else { return Vec::new() };
    let mut variants: HashMap<String, usize> = HashMap::new();
    for variant in plan.variants() {
        *variants.entry(serde_json::json!(*variant[0].data).to_string()).or_default() += 1;
    }
    let comparisons = variants.into_values().filter(|count| *count > 1).map(|count| match plan.compare.pairs {
        Pairs::Baseline => count - 1,
        Pairs::All => count * (count - 1) / 2,
    });
    let Some(fewest) = comparisons.min() else { return Vec::new() };
    let alone = |seeds| if plan.compare.paired { reach_paired(seeds) } else { reach_unpaired(seeds, seeds) };
    let corrected = |p: f64| (p * (fewest * interim.at.len()) as f64).min(1.0);
    interim.at.iter().map(|seeds| (*seeds, alone(*seeds).map_or(1.0, corrected))).collect()
}

/// Describes the schedule of interim analyses, one line each, with a warning for each that cannot decide anything.
#[must_use]
pub fn schedule(plan: &Plan) -> Vec<String> {
    let Some(interim) = &plan.compare.interim else { return Vec::new() };
    let at: Vec<_> = interim.at.iter().map(usize::to_string).collect();
    let by = if interim.by.is_empty() { String::new() } else { format!(" by {}", interim.by.join(", ")) };
    let mut lines = vec![format!(
        "seeds until decided{by}: interim analyses at {} seeds, {} at first, at most {}",
        at.join(", "),
        count(plan.trials.len(), "trial"),
        plan.with_all_seeds().trials.len()
    )];
    let reach = reach(plan);
    if reach.is_empty() {
        lines.push("no variants are compared, so no seeds will be added".to_owned());
    }
    let idle: Vec<_> = reach.iter().filter(|(_, p)| *p > ALPHA).collect();
    let short = |p: f64| (p * 1000.0).round() / 1000.0;
    lines.extend(idle.into_iter().map(|(seeds, p)| {
        format!("the interim analysis at {seeds} seeds cannot decide anything: its smallest corrected p is {}, above {ALPHA}", short(*p))
    }));
    lines
}
