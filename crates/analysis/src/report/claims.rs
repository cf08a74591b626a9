//! Claims of the grid, for the page and the Markdown summary.

use protocol::text::escape::markdown as escape;
use serde::Serialize;

use crate::claims::{ClaimOutcome, ClaimResult};
use crate::tables::claim_numbers;

/// A claim as the page shows it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ClaimRow {
    pub(super) name: String,
    pub(super) section: Option<String>,
    pub(super) statement: String,
    pub(super) outcome: String,
    pub(super) numbers: String,
    /// Seeds or test images that decide it.
    pub(super) needs: String,
}

/// The claims, in the order of the plan.
pub(super) fn claim_rows(claims: &[ClaimResult]) -> Vec<ClaimRow> {
    let row = |claim: &ClaimResult| ClaimRow {
        name: claim.name.clone(),
        section: claim.section.clone(),
        statement: claim.statement.clone(),
        outcome: claim.outcome.to_string(),
        numbers: claim_numbers(claim),
        needs: claim.needs(),
    };
    claims.iter().map(row).collect()
}

/// Numbers of outcomes, such as `3 supported, 1 undecided`; empty without claims.
pub(super) fn claim_counts(claims: &[ClaimResult]) -> String {
    let all = [ClaimOutcome::Supported, ClaimOutcome::Refuted, ClaimOutcome::Undecided];
    let number = |outcome: ClaimOutcome| claims.iter().filter(|claim| claim.outcome == outcome).count();
    let counts = all.map(|outcome| (number(outcome), outcome));
    let counts = counts.iter().filter(|(number, _)| *number > 0).map(|(number, outcome)| format!("{number} {outcome}"));
    counts.collect::<Vec<_>>().join(", ")
}

/// The claims as lines of Markdown; none without claims.
pub(super) fn claim_lines(claims: &[ClaimResult]) -> Vec<String> {
    if claims.is_empty() {
        return Vec::new();
    }
    let head = [
        "",
        "### Claims",
        "",
        "| claim | statement | outcome | numbers | what would decide it |",
        "|---|---|---|---|---|",
    ];
    let line = |row: ClaimRow| {
        let [name, statement, numbers, needs] =
            [&row.name, &row.statement, &row.numbers, &row.needs].map(|text| escape(text).into_owned());
        format!("| {name} | {statement} | {} | {numbers} | {needs} |", row.outcome)
    };
    head.map(str::to_owned).into_iter().chain(claim_rows(claims).into_iter().map(line)).collect()
}
