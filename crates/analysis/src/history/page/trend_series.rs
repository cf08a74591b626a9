//! One series of the trend page: its plot, its steps and its values in words.

use serde::Serialize;

use super::super::entry::HistoryEntry;
use super::super::series::{Series, SeriesValue, Step};
use super::super::text::{change, p_text};
use crate::report::{TrendPlot, TrendValue, grouped, step_key, trend_plot};
use crate::tables::{digits_after_point, heads, readable};

/// One series.
#[derive(Clone, Debug, Serialize)]
pub(super) struct TrendSeries {
    /// Name with the better direction, unit, kind with support.
    pub(super) head: [String; 3],
    /// Last value and number of runs; the machine of a speed.
    pub(super) note: String,
    pub(super) plot: TrendPlot,
    /// Description of the plot for screen readers.
    pub(super) alt: String,
    pub(super) steps: Vec<StepView>,
    pub(super) runs: usize,
    pub(super) first: String,
    pub(super) last: String,
    /// Number of the run and value in words.
    #[serde(skip)]
    values: Vec<(usize, String)>,
}

/// One step in words.
#[derive(Clone, Debug, Serialize)]
pub(super) struct StepView {
    /// Key in the plot.
    pub(super) key: String,
    /// Class of its colour: `better`, `worse`, or none of them.
    pub(super) class: &'static str,
    /// Direction and size, such as `worse by 0.57`.
    pub(super) words: String,
    /// Commit, number of the run, means and p-value.
    pub(super) place: String,
    /// Variant and figure.
    pub(super) series: String,
    /// Number of the first run after the step.
    pub(super) run: usize,
    is_confirmed: bool,
}

impl StepView {
    fn of(one: &Series, step: &Step, number: usize, label: &str, entries: &[HistoryEntry]) -> Self {
        let width = (step.after - step.before).abs();
        let text = |value: f64| grouped(&readable(value, digits_after_point(width, 2)));
        let doubt = if step.is_confirmed() { "" } else { "unconfirmed: " };
        let class = match one.last.figure.direction {
            _ if !step.is_confirmed() => "undecided",
            direction => step.word(direction),
        };
        Self {
            key: step_key(number),
            class,
            words: format!("{doubt}{}", change(one, step)),
            place: format!(
                "since {}, run {}: {} → {}{}",
                entries[step.entry].made_by,
                step.entry + 1,
                text(step.before),
                text(step.after),
                p_text(step)
            ),
            series: format!("{} {label}", one.last.variant),
            run: step.entry + 1,
            is_confirmed: step.is_confirmed(),
        }
    }

    /// Title of the list that has the step.
    pub(super) fn title(&self) -> &'static str {
        match self.class {
            _ if !self.is_confirmed => "Unconfirmed",
            "worse" => "Worse",
            "better" => "Better",
            _ => "Changed",
        }
    }
}

impl TrendSeries {
    /// The view of a series; `None` without a finite value.
    pub(super) fn of(one: &Series, label: &str, entries: &[HistoryEntry]) -> Option<Self> {
        let text = |value: &SeriesValue| {
            let half = value.half.filter(|half| *half > 0.0);
            let decimals = digits_after_point(half.unwrap_or(value.mean), if half.is_some() { 2 } else { 4 });
            let half = half.map(|half| format!(" ± {}", readable(half, decimals))).unwrap_or_default();
            grouped(&format!("{}{half}", readable(value.mean, decimals)))
        };
        let values: Vec<TrendValue> = one
            .values
            .iter()
            .map(|value| TrendValue {
                run: value.entry + 1,
                mean: value.mean,
                half: value.half,
                text: format!("run {}, {}: {}", value.entry + 1, entries[value.entry].made_by, text(value)),
            })
            .collect();
        let plot = trend_plot(&values, &one.bounds(), entries.len())?;
        let steps = one.steps.iter().enumerate();
        let steps: Vec<StepView> =
            steps.map(|(number, step)| StepView::of(one, step, number, label, entries)).collect();
        let (first, last) = (text(one.values.first()?), text(one.values.last()?));
        let machine = entries.get(one.values.last()?.entry).filter(|_| one.last.figure.volatile);
        let machine = machine.map(|entry| format!("; {}", entry.machine)).unwrap_or_default();
        let in_words: Vec<String> = steps.iter().map(|step| format!("{} {}", step.words, step.place)).collect();
        let in_words = if in_words.is_empty() { "no step".to_owned() } else { in_words.join("; ") };
        Some(Self {
            head: heads(label, &one.last.figure, true),
            note: format!("last {last}{machine}"),
            alt: format!("{} {label} over {} runs, last {last}: {in_words}.", one.last.variant, one.values.len()),
            plot,
            steps,
            runs: one.values.len(),
            first,
            values: one.values.iter().map(|value| (value.entry + 1, text(value))).collect(),
            last,
        })
    }

    /// The series with its variant before the name of the figure.
    pub(super) fn with_variant(mut self, variant: &str) -> Self {
        self.head[0] = format!("{variant} {}", self.head[0]);
        self
    }

    /// The value of a run in words.
    pub(super) fn text_of(&self, run: usize) -> Option<&str> {
        self.values.iter().find(|(number, _)| *number == run).map(|(_, text)| text.as_str())
    }
}
