//! Output of a history: for people, as JSON and as CSV.

use std::io;

use protocol::text::{count, escape};
use serde_json::json;

use super::entry::HistoryEntry;
use super::series::{Series, SeriesValue, Step, series};
use crate::tables::{digits_after_point, exact, readable};

/// Returns whether a series has a value of the last entry.
pub(super) fn is_current(series: &Series, entries: &[HistoryEntry]) -> bool {
    series.values.last().is_some_and(|value| value.entry + 1 == entries.len())
}

/// Direction and size of a step, such as `worse by 0.57`.
pub(super) fn change(series: &Series, step: &Step) -> String {
    let by = (step.after - step.before).abs();
    format!("{} by {}", step.word(series.last.figure.direction), readable(by, digits_after_point(by, 2)))
}

/// The p-value of a step in brackets, such as ` (p = 0.001)`; empty without one.
pub(super) fn p_text(step: &Step) -> String {
    step.p.map_or_else(String::new, |p| format!(" (p = {})", readable(p, digits_after_point(p, 2).min(3))))
}

/// Describes every series with its steps.
#[must_use]
pub fn history_text(entries: &[HistoryEntry]) -> String {
    let (all, earlier): (Vec<Series>, Vec<Series>) =
        series(entries).into_iter().partition(|one| is_current(one, entries));
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return "no entries\n".to_owned() };
    let entries_text = if entries.len() == 1 { "1 entry".to_owned() } else { format!("{} entries", entries.len()) };
    let mut text = format!("{}: {entries_text}, from {} to {}\n", last.grid, first.made_by, last.made_by);
    let name = |one: &Series| format!("{}  {}", one.last.variant, one.last.figure.name);
    let width = all.iter().map(|one| name(one).chars().count()).max().unwrap_or_default();
    for one in &all {
        let short = |value: f64| readable(value, digits_after_point(value, 4));
        text += &format!("{:width$}  {} in {}", name(one), short(one.last.mean), count(one.values.len(), "run"));
        for step in &one.steps {
            let doubt = if step.is_confirmed() { "" } else { "unconfirmed: " };
            text += &format!("; {doubt}{} since {}{}", change(one, step), entries[step.entry].made_by, p_text(step));
        }
        text.push('\n');
    }
    if !earlier.is_empty() {
        let series =
            if earlier.len() == 1 { "1 series ends".to_owned() } else { format!("{} series end", earlier.len()) };
        text += &format!("{series} before the last run: other inputs, seeds or variants\n");
    }
    text
}

/// One JSON object with every series.
#[must_use]
pub fn history_json(entries: &[HistoryEntry]) -> serde_json::Value {
    let one = |one: &Series| {
        let values =
            one.values.iter().map(|value| json!({"entry": value.entry, "mean": value.mean, "half": value.half}));
        let steps = one.steps.iter().map(|step| {
            json!({
                "entry": step.entry, "made_by": entries[step.entry].made_by, "before": step.before,
                "after": step.after, "worse": step.is_worse(one.last.figure.direction), "p": step.p,
                "confirmed": step.is_confirmed(),
            })
        });
        json!({
            "variant": one.last.variant, "inputs": one.last.inputs, "seeds": one.last.seeds, "figure": one.last.figure,
            "values": values.collect::<Vec<_>>(), "steps": steps.collect::<Vec<_>>(),
        })
    };
    let builds = entries.iter().map(|entry| json!({"made_by": entry.made_by, "ended_unix_ms": entry.ended_unix_ms}));
    json!({
        "schema": 1, "entries": builds.collect::<Vec<_>>(),
        "series": series(entries).iter().map(one).collect::<Vec<_>>(),
    })
}

/// One row per value.
///
/// # Errors
/// The rows cannot be written to memory, which would be a bug.
pub fn history_csv(entries: &[HistoryEntry]) -> io::Result<String> {
    let mut rows = csv::Writer::from_writer(Vec::new());
    rows.write_record([
        "entry",
        "made_by",
        "ended_unix_ms",
        "variant",
        "inputs",
        "figure",
        "settings",
        "version",
        "unit",
        "mean",
        "is_step",
        "p",
    ])?;
    for one in series(entries) {
        for SeriesValue { entry, mean, .. } in one.values.iter().copied() {
            let step = one.steps.iter().find(|step| step.entry == entry);
            let (build, figure) = (&entries[entry], &one.last.figure);
            let row = [
                entry.to_string(),
                build.made_by.clone(),
                build.ended_unix_ms.to_string(),
                one.last.variant.clone(),
                one.last.inputs.clone(),
                figure.name.clone(),
                figure.settings.clone(),
                figure.version.to_string(),
                figure.unit.to_string(),
                exact(mean),
                step.is_some().to_string(),
                step.and_then(|step| step.p).map(exact).unwrap_or_default(),
            ];
            rows.write_record(row.map(|cell| escape::csv(&cell).into_owned()))?;
        }
    }
    let bytes = rows.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    String::from_utf8(bytes).map_err(io::Error::other)
}
