//! Data of the trend page, in the form of its template.

use protocol::text::count;
use serde::Serialize;

use super::super::entry::HistoryEntry;
use super::super::series::{Series, series};
use super::super::text::is_current;
use super::day::day;
use super::trend_series::{StepView, TrendSeries};
use crate::summary::{Figure, figure_labels};

/// Largest number of steps in a list of answers.
const MOST_STEPS: usize = 8;
/// Largest number of runs in a table of values.
const MOST_ROWS: usize = 100;

/// A trend page.
#[derive(Debug, Serialize)]
pub(super) struct TrendView {
    genbench: String,
    grid: String,
    counts: String,
    answers: Vec<StepList>,
    variants: Vec<TrendVariant>,
    /// Series without a value of the last run.
    earlier: Vec<TrendSeries>,
    /// Newest first.
    runs: Vec<RunRow>,
}

/// Steps of one kind, newest first.
#[derive(Debug, Serialize)]
struct StepList {
    title: &'static str,
    steps: Vec<StepView>,
    /// Number of steps that are left out, in words; empty if there are none.
    more: String,
}

/// Series of one variant.
#[derive(Debug, Serialize)]
struct TrendVariant {
    name: String,
    series: Vec<TrendSeries>,
    /// Values of the runs, newest first.
    rows: Vec<ValueRow>,
    /// Runs that are left out, in words; empty if there are none.
    more: String,
}

#[derive(Debug, Serialize)]
struct ValueRow {
    run: usize,
    cells: Vec<ValueCell>,
}

#[derive(Clone, Debug, Default, Serialize)]
struct ValueCell {
    text: String,
    /// Class of the step at this value; empty without one.
    class: &'static str,
}

#[derive(Debug, Serialize)]
struct RunRow {
    number: usize,
    build: String,
    day: String,
    machine: String,
}

impl TrendView {
    pub(super) fn of(entries: &[HistoryEntry], genbench: &str) -> Self {
        let all = series(entries);
        let labelled = labelled(&all);
        let view = |one: &Series| TrendSeries::of(one, &labelled[&key(one)], entries);
        let (current, earlier): (Vec<&Series>, Vec<&Series>) = all.iter().partition(|one| is_current(one, entries));
        let mut variants: Vec<TrendVariant> = Vec::new();
        for one in current {
            let Some(view) = view(one) else { continue };
            let name = &one.last.variant;
            match variants.iter_mut().find(|known| known.name == *name) {
                Some(known) => known.series.push(view),
                None => variants.push(TrendVariant {
                    name: name.clone(),
                    series: vec![view],
                    rows: Vec::new(),
                    more: String::new(),
                }),
            }
        }
        for variant in &mut variants {
            variant.fill_rows(entries.len());
        }
        let run = |(at, entry): (usize, &HistoryEntry)| RunRow {
            number: at + 1,
            build: entry.made_by.clone(),
            day: day(entry.ended_unix_ms),
            machine: entry.machine.to_string(),
        };
        Self {
            genbench: genbench.to_owned(),
            grid: entries.last().map(|entry| entry.grid.clone()).unwrap_or_default(),
            counts: counts(entries),
            answers: answers(&variants),
            earlier: earlier.into_iter().filter_map(|one| Some(view(one)?.with_variant(&one.last.variant))).collect(),
            variants,
            runs: entries.iter().enumerate().map(run).rev().collect(),
        }
    }
}

/// Identity of a figure of a variant.
type Key = (String, String);

fn key(one: &Series) -> Key {
    (one.last.variant.clone(), serde_json::to_string(&one.last.figure).unwrap_or_default())
}

/// Labels of the figures of each variant, which distinguish those of one name.
fn labelled(all: &[Series]) -> std::collections::BTreeMap<Key, String> {
    let mut variants: Vec<(&str, Vec<Figure>)> = Vec::new();
    for one in all {
        let (name, figure) = (one.last.variant.as_str(), &one.last.figure);
        match variants.iter_mut().find(|(known, _)| *known == name) {
            Some((_, figures)) if figures.contains(figure) => {}
            Some((_, figures)) => figures.push(figure.clone()),
            None => variants.push((name, vec![figure.clone()])),
        }
    }
    let of_variant = |(name, figures): (&str, Vec<Figure>)| {
        let labels = figure_labels(&figures);
        let key = |figure: &Figure| (name.to_owned(), serde_json::to_string(figure).unwrap_or_default());
        figures.iter().map(key).zip(labels).collect::<Vec<_>>()
    };
    variants.into_iter().flat_map(of_variant).collect()
}

/// Number of runs, with the first and the last one.
fn counts(entries: &[HistoryEntry]) -> String {
    let of = |entry: &HistoryEntry| format!("{} ({})", entry.made_by, day(entry.ended_unix_ms));
    match entries {
        [] => "No runs".to_owned(),
        [only] => format!("1 run: {}", of(only)),
        [first, .., last] => format!("{} from {} to {}", count(entries.len(), "run"), of(first), of(last)),
    }
}

/// Steps of the current series: confirmed ones by direction, then the others.
fn answers(variants: &[TrendVariant]) -> Vec<StepList> {
    let all = || variants.iter().flat_map(|variant| &variant.series).flat_map(|one| &one.steps);
    let lists = ["Worse", "Better", "Changed", "Unconfirmed"].map(|title| {
        let mut steps: Vec<StepView> = all().filter(|step| step.title() == title).cloned().collect();
        steps.sort_by_key(|step| std::cmp::Reverse(step.run));
        let hidden = steps.len().saturating_sub(MOST_STEPS);
        steps.truncate(MOST_STEPS);
        let more = if hidden > 0 { format!("{hidden} more in the plots") } else { String::new() };
        StepList { title, steps, more }
    });
    lists.into_iter().filter(|list| !list.steps.is_empty()).collect()
}

impl TrendVariant {
    fn fill_rows(&mut self, runs: usize) {
        let cell = |one: &TrendSeries, run: usize| {
            let class = one.steps.iter().find(|step| step.run == run).map_or("", |step| step.class);
            one.text_of(run).map(|text| ValueCell { text: text.to_owned(), class }).unwrap_or_default()
        };
        let row = |run: usize| ValueRow { run, cells: self.series.iter().map(|one| cell(one, run)).collect() };
        let all = (1..=runs).rev().map(row).filter(|row| row.cells.iter().any(|cell| !cell.text.is_empty()));
        let mut rows: Vec<ValueRow> = all.collect();
        let hidden = rows.len().saturating_sub(MOST_ROWS);
        rows.truncate(MOST_ROWS);
        self.rows = rows;
        if hidden > 0 {
            self.more = format!("{} more; `genbench history show` has all with --format csv.", count(hidden, "run"));
        }
    }
}
