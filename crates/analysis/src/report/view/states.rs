//! States of the trials, in words.

use protocol::text::count;
use serde::Serialize;

use crate::summary::{Summary, VariantSummary};

/// A trial that is not done, or whose model collapsed.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Failure {
    pub(in crate::report) variant: String,
    pub(in crate::report) seed: u64,
    pub(in crate::report) trial: String,
    pub(in crate::report) status: String,
    pub(in crate::report) reason: String,
}

/// Numbers of trials by state, in words.
pub(crate) fn counts(summary: &Summary) -> String {
    let sum = |number: fn(&VariantSummary) -> usize| summary.variants.iter().map(number).sum::<usize>();
    let (all, done) = (sum(|variant| variant.trials.len()), sum(VariantSummary::done));
    let (failed, not_run) = (sum(VariantSummary::failed), sum(VariantSummary::not_run));
    let collapsed = sum(|variant| variant.collapsed().unwrap_or_default());
    let collapsed = if collapsed == 0 { String::new() } else { format!(" ({collapsed} collapsed)") };
    let (all, variants) = (count(all, "trial"), count(summary.variants.len(), "variant"));
    format!("{done} of {all} done{collapsed}, {failed} failed, {not_run} not run; {variants}")
}

/// Trials that are not done or whose model collapsed, in the order of the plan.
pub(in crate::report) fn failures(summary: &Summary) -> Vec<Failure> {
    let all = summary.variants.iter().flat_map(|variant| variant.trials.iter().map(move |trial| (variant, trial)));
    let failures = all.filter(|(_, trial)| !trial.done() || trial.collapsed()).map(|(variant, trial)| {
        let (status, reason) = trial.status_and_reason();
        Failure {
            variant: variant.variant.clone(),
            seed: trial.seed,
            trial: trial.id.0.clone(),
            status,
            reason: reason.unwrap_or_default().to_owned(),
        }
    });
    failures.collect()
}
