//! Claims of a grid, judged by its results: supported, refuted or undecided.
//!
//! A claim is one hypothesis that was stated before the run. Each is tested on its own, at 5%: the probability that a
//! false claim ends as supported is at most 5%, and so is the probability that a true one ends as refuted. Claims do not
//! share a correction, so that of twenty false claims one may be supported by chance. Inside a claim, `or` divides the 5%
//! of support between its parts and `and` those of refutation; the others need no correction, because they ask for all
//! parts at once. `docs/claims.md` states the rules.

mod bounds;
mod difference;
mod estimate;
mod expression;
mod needs;
mod outcome;
mod part;
mod rate;
mod sample;
mod samples;
#[cfg(test)]
mod tests;

use protocol::{GridDir, Plan, Statement, exit};
use stats::ALPHA;

use crate::store::Record;
use crate::summary::Summary;

pub use outcome::ClaimOutcome;
pub use part::{ClaimNumbers, ClaimPart};

use bounds::Levels;
use samples::Samples;

/// A claim with its outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimResult {
    /// Name of the claim.
    pub name: String,
    /// Section of the block that has the claim.
    pub section: Option<String>,
    /// Text of the statement.
    pub statement: String,
    /// Outcome of the claim.
    pub outcome: ClaimOutcome,
    /// Its comparisons, from left to right; at least one.
    pub parts: Vec<ClaimPart>,
}

impl ClaimResult {
    /// Seeds or test images that an undecided claim needs; empty for a decided one.
    #[must_use]
    pub fn needs(&self) -> String {
        let open =
            self.parts.iter().filter(|_| self.outcome == ClaimOutcome::Undecided).map(|part| part.needs.as_str());
        let mut needs: Vec<&str> = Vec::new();
        for text in open.filter(|text| !text.is_empty()) {
            if !needs.contains(&text) {
                needs.push(text);
            }
        }
        needs.join("; ")
    }
}

/// Judges every claim of a plan, in its order.
#[must_use]
pub(crate) fn judge(plan: &Plan, grid: &GridDir, summary: &Summary, records: &[Record]) -> Vec<ClaimResult> {
    let samples = Samples { grid, summary, records };
    // Seeds that are added at interim analyses share the error between the analyses, as comparisons do.
    let analyses = plan.compare.interim.as_ref().map_or(1, |interim| interim.at.len().max(1));
    let level = ALPHA / analyses as f64;
    let result = |claim: &protocol::Claim| {
        let mut parts = Vec::new();
        let outcome = statement(&samples, &claim.statement, Levels { support: level, refute: level }, &mut parts);
        ClaimResult {
            name: claim.name.clone(),
            section: claim.section.clone(),
            statement: claim.statement.to_string(),
            outcome,
            parts,
        }
    };
    plan.claims.iter().map(result).collect()
}

/// Judges a statement; adds its comparisons to `parts`.
fn statement(samples: &Samples<'_>, whole: &Statement, levels: Levels, parts: &mut Vec<ClaimPart>) -> ClaimOutcome {
    let mut all = |inner: &[Statement], levels: Levels| -> Vec<ClaimOutcome> {
        inner.iter().map(|one| statement(samples, one, levels, parts)).collect()
    };
    match whole {
        Statement::And(inner) => {
            let refute = levels.refute / uncertain(inner) as f64;
            ClaimOutcome::all(&all(inner, Levels { refute, ..levels }))
        }
        Statement::Or(inner) => {
            let support = levels.support / uncertain(inner) as f64;
            ClaimOutcome::any(&all(inner, Levels { support, ..levels }))
        }
        Statement::Not(inner) => {
            let swapped = Levels { support: levels.refute, refute: levels.support };
            statement(samples, inner, swapped, parts).opposite()
        }
        Statement::Compare { .. } | Statement::Equal { .. } => {
            let part = part::part(samples, whole, levels);
            let outcome = part.outcome;
            parts.push(part);
            outcome
        }
    }
}

/// Number of parts that can err, at least 1. Exact counts cannot.
fn uncertain(parts: &[Statement]) -> usize {
    fn is_uncertain(part: &Statement) -> bool {
        match part {
            Statement::Compare { left, right, .. } | Statement::Equal { left, right, .. } => {
                !(left.is_constant() && right.is_constant())
            }
            Statement::And(inner) | Statement::Or(inner) => inner.iter().any(is_uncertain),
            Statement::Not(inner) => is_uncertain(inner),
        }
    }
    parts.iter().filter(|part| is_uncertain(part)).count().max(1)
}

/// Exit code of claims: 3 if one is refuted, else 5 if one is undecided, else 0; 4 without claims.
#[must_use]
pub fn claims_exit_code(claims: &[ClaimResult]) -> u8 {
    let any = |outcome| claims.iter().any(|claim| claim.outcome == outcome);
    if claims.is_empty() {
        exit::NOTHING
    } else if any(ClaimOutcome::Refuted) {
        exit::REGRESSION
    } else if any(ClaimOutcome::Undecided) {
        exit::INCONCLUSIVE
    } else {
        exit::DONE
    }
}
