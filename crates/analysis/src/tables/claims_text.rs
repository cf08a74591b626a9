//! Claims for people: the list in a terminal, and numbers in words.

use protocol::text::{count, escape, wrapped};

use super::number_format::{digits_after_point, readable};
use crate::claims::{ClaimOutcome, ClaimPart, ClaimResult};

/// Width of the column of outcomes.
const INDENT: usize = 11;

/// List of claims for a terminal of `width` columns: outcome, name, statement, numbers, what would decide it. The last line
/// counts the outcomes.
#[must_use]
pub fn claims_text(claims: &[ClaimResult], width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for claim in claims {
        let mut add = |start: &str, text: &str| {
            lines.extend(wrapped(&format!("{start:INDENT$}"), &escape::terminal(text), width));
        };
        add(&claim.outcome.to_string(), &claim.name);
        add("", &claim.statement);
        let (numbers, needs) = (claim_numbers(claim), claim.needs());
        if !numbers.is_empty() {
            add("", &numbers);
        }
        if !needs.is_empty() {
            add("", &format!("to decide it: {needs}"));
        }
        lines.push(String::new());
    }
    let of = |outcome: ClaimOutcome| (claims.iter().filter(|claim| claim.outcome == outcome).count(), outcome);
    let counts = [ClaimOutcome::Supported, ClaimOutcome::Refuted, ClaimOutcome::Undecided].map(of);
    let counts: Vec<String> = counts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, outcome)| format!("{number} {outcome}"))
        .collect();
    let counts = if counts.is_empty() { String::new() } else { format!(": {}", counts.join(", ")) };
    lines.extend(wrapped("", &format!("{}{counts}", count(claims.len(), "claim")), width));
    lines.join("\n")
}

/// Numbers of a claim in words, for people: values, difference and bounds of each comparison.
#[must_use]
pub fn claim_numbers(claim: &ClaimResult) -> String {
    let parts = claim.parts.iter().map(part_numbers).filter(|text| !text.is_empty());
    parts.collect::<Vec<_>>().join("; ")
}

fn part_numbers(part: &ClaimPart) -> String {
    let Some(numbers) = part.estimate else { return String::new() };
    let short = |value: f64| readable(value, digits_after_point(value, 4));
    let mut text = format!("{} against {}", short(numbers.left), short(numbers.right));
    if (numbers.low, numbers.high) != (numbers.difference, numbers.difference) {
        let (low, high) = (short(numbers.low), short(numbers.high));
        text += &format!(": difference {}, bounds {low} and {high}", short(numbers.difference));
    }
    part.remarks.iter().for_each(|remark| text += &format!(", {remark}"));
    text
}
