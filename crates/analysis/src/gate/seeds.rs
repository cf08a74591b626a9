//! Seeds that failed, collapsed or did not run, in comparison with the baseline.

use protocol::text::count;

use super::baseline::{BaselineVariant, SeedState};
use super::check::RUN_ALPHA;

/// Changes in the states of a variant's seeds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SeedChanges {
    /// Seeds that failed and were done in the baseline, with their reasons.
    pub(super) failures: Vec<String>,
    /// Seeds that collapsed and did not in the baseline.
    pub(super) collapses: Vec<u64>,
    /// `true` if chance does not explain the collapses.
    pub(super) collapse_is_worse: bool,
    /// Seeds of the baseline that have not run.
    pub(super) not_run: Vec<u64>,
    /// Remarks.
    pub(super) notes: Vec<String>,
}

impl SeedChanges {
    /// Changes of the seeds that both sides have. Failures that the baseline has as well are expected.
    pub(super) fn of(known: &BaselineVariant, variant: &BaselineVariant) -> Self {
        use SeedState::{Collapsed, Done, Failed, NotRun};
        let mut changes = Self::default();
        let (mut expected, mut recovered, mut uncollapsed) = (0, 0, 0);
        for before in &known.seeds {
            let Some(after) = variant.seeds.iter().find(|one| one.seed == before.seed) else { continue };
            match (before.state, after.state) {
                (Done | Collapsed, Failed) => {
                    let reason = after.reason.as_deref().unwrap_or("failed");
                    changes.failures.push(format!("seed {}: {reason}", after.seed));
                }
                (Done, Collapsed) => changes.collapses.push(after.seed),
                (Collapsed, Done) => uncollapsed += 1,
                (Failed, Failed) => expected += 1,
                (Failed, Done | Collapsed) => recovered += 1,
                (Done | Collapsed, NotRun) => changes.not_run.push(after.seed),
                (Done, Done) | (Collapsed, Collapsed) | (NotRun, _) | (Failed, NotRun) => {}
            }
        }
        for (seeds, text) in [(expected, "failed as in the baseline"), (recovered, "failed in the baseline, done now")]
        {
            if seeds > 0 {
                changes.notes.push(format!("{} {text}", count(seeds, "seed")));
            }
        }
        let is_planned = |seed: u64| variant.seeds.iter().any(|one| one.seed == seed);
        let left_out = known.seeds.iter().filter(|before| !is_planned(before.seed)).count();
        if left_out > 0 {
            changes.notes.push(format!("{} of the baseline left out", count(left_out, "seed")));
        }
        // Sign test (McNemar): without a change, a discordant pair is as probable in either direction.
        changes.collapse_is_worse = sign_test(changes.collapses.len(), uncollapsed) <= RUN_ALPHA;
        changes
    }
}

/// Probability of at least `worse` of all discordant pairs in this direction, if both directions are as probable.
fn sign_test(worse: usize, better: usize) -> f64 {
    let n = worse + better;
    let (mut term, mut sum) = (0.5_f64.powi(n as i32), 0.0);
    // From all n pairs down to `worse`: the binomial coefficient of k - 1 is that of k times k / (n - k + 1).
    for k in (worse..=n).rev() {
        sum += term;
        term *= k as f64 / (n - k + 1) as f64;
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_collapses_in_one_direction_are_no_chance() {
        assert_eq!(sign_test(0, 0), 1.0);
        assert!((sign_test(3, 0) - 0.125).abs() < 1e-15);
        assert!((sign_test(7, 0) - 1.0 / 128.0).abs() < 1e-15);
        assert!((sign_test(3, 1) - 5.0 / 16.0).abs() < 1e-15);
        assert!((sign_test(2, 2) - 11.0 / 16.0).abs() < 1e-15);
    }
}
