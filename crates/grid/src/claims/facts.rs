//! Lookup of the facts that claims name.

use protocol::params::nearest;
use protocol::{Fact, FactName};

use super::Mistake;
use crate::grid::{Grid, LeafSpans};

/// Finds the number of a fact: one count of the entries of `facts` with this name, these settings and these words.
pub(super) fn value(grid: &Grid, facts: &[Vec<Fact>], name: &FactName, spans: &LeafSpans) -> Result<String, Mistake> {
    let calls: Vec<_> = grid.facts.iter().zip(facts).filter(|(call, _)| call.fact.value == name.fact).collect();
    if calls.is_empty() {
        let known = || grid.facts.iter().map(|call| call.fact.value.as_str());
        let help = match nearest(&name.fact, known()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("add it: `facts: [{{fact: {}}}]`", name.fact),
        };
        return Err(Mistake::located(spans.owner, format!("the grid has no fact `{}`", name.fact), help));
    }
    let with_settings: Vec<_> = calls
        .iter()
        .filter(|(call, _)| protocol::claim::has_settings(&call.settings.to_value(), &name.settings))
        .flat_map(|(_, rows)| rows.iter())
        .collect();
    if with_settings.is_empty() {
        let help = "write settings as the entry of `facts` has them, such as `[pixels=12]`";
        return Err(Mistake::located(spans.settings, format!("no fact `{}` has these settings", name.fact), help));
    }
    let words = words(name.quantity.as_deref().unwrap_or_default());
    let mut found: Vec<&Fact> = with_settings.iter().copied().filter(|row| has(row, &words)).collect();
    if found.is_empty() {
        let help = format!("quantities: {}", listed(&with_settings));
        let message = format!("no quantity of `{}` has the words `{}`", name.fact, words.join(" "));
        return Err(Mistake::located(spans.part, message, help));
    }
    if !is_one_number(&found) {
        let own = self::words(&name.fact);
        let named: Vec<&Fact> = found.iter().copied().filter(|row| has(row, &own)).collect();
        if is_one_number(&named) {
            found = named;
        }
    }
    match found.first() {
        Some(row) if is_one_number(&found) => Ok(row.value.clone()),
        _ => {
            let help = format!("add words or settings that select one of them: {}", listed(&found));
            Err(Mistake::located(spans.part, format!("`{}` has several such quantities", name.fact), help))
        }
    }
}

fn is_one_number(rows: &[&Fact]) -> bool {
    rows.split_first().is_some_and(|(first, others)| others.iter().all(|other| other.value == first.value))
}

/// Words in lower case.
fn words(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(str::to_lowercase).collect()
}

fn has(row: &Fact, wanted: &[String]) -> bool {
    let known = words(&row.quantity);
    wanted.iter().all(|word| known.contains(word))
}

fn listed(rows: &[&Fact]) -> String {
    rows.iter().map(|row| format!("\"{}\"", row.quantity)).collect::<Vec<_>>().join(", ")
}
