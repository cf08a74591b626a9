//! Schedule of interim analyses.

use protocol::text::count;
use protocol::{Pairs, Plan};

/// Describes the schedule of interim analyses, one line each, with a warning for each that cannot decide anything: one seed
/// shows no spread.
#[must_use]
pub fn schedule(plan: &Plan) -> Vec<String> {
    let Some(interim) = &plan.compare.interim else { return Vec::new() };
    let at: Vec<_> = interim.at.iter().map(usize::to_string).collect();
    let by = if interim.by.is_empty() { String::new() } else { format!(" by {}", interim.by.join(", ")) };
    let analyses = match (interim.any_time, at.as_slice()) {
        (true, [first, .., last]) => format!("an analysis after every seed from {first} to {last}"),
        _ => format!("interim analyses at {} seeds", at.join(", ")),
    };
    let mut lines = vec![format!(
        "seeds until decided{by}: {analyses}, {} at first, at most {}",
        count(plan.trials.len(), "trial"),
        plan.with_all_seeds().trials.len()
    )];
    if !has_comparisons(plan) {
        lines.push("no variants are compared, so no seeds will be added".to_owned());
    }
    let idle = interim.at.iter().filter(|seeds| **seeds < 2 && plan.closed_form.is_empty());
    lines.extend(idle.map(|seeds| {
        format!("the interim analysis at {} cannot decide anything: one seed shows no spread", count(*seeds, "seed"))
    }));
    lines
}

/// Returns whether two variants share a data set, and a baseline that is in the plan, if one is named.
fn has_comparisons(plan: &Plan) -> bool {
    let variants: Vec<_> = plan.variants().map(|trials| &trials[0]).collect();
    let is_compared = |variant: &str| match plan.compare.pairs {
        Pairs::All => true,
        Pairs::Baseline => plan.compare.baseline.is_empty() || plan.compare.baseline.iter().any(|one| one == variant),
    };
    variants.iter().enumerate().any(|(at, first)| {
        let others = variants[at + 1..].iter().filter(|second| second.data.is_same(&first.data));
        others.into_iter().any(|second| is_compared(&first.variant) || is_compared(&second.variant))
    })
}
