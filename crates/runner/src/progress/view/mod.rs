//! Progress on stderr: bars on a terminal, lines elsewhere.

mod bars;
mod lines;

use std::io::{IsTerminal, Write};
use std::time::Duration;

use super::snapshot::Snapshot;
use crate::options::Show;
use analysis::duration;
use bars::Bars;
use lines::Lines;

/// The whole of a run at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Scene<'a> {
    /// What is counted: `trials` or `windows`.
    pub(crate) unit: &'static str,
    /// How many are over.
    pub(crate) over: usize,
    /// How many there are.
    pub(crate) total: usize,
    /// Seconds left, if there is an estimate.
    pub(crate) eta_s: Option<f64>,
    /// What is running.
    pub(crate) rows: Vec<Row<'a>>,
}

/// A running trial.
#[derive(Clone, Debug)]
pub(crate) struct Row<'a> {
    /// Stays the same while the trial runs.
    pub(crate) key: usize,
    /// The variant and the seed.
    pub(crate) label: String,
    /// What its trace shows.
    pub(crate) snapshot: &'a Snapshot,
    /// What else there is to say.
    pub(crate) note: Option<String>,
}

impl Scene<'_> {
    fn eta(&self) -> String {
        self.eta_s.map_or("ETA unknown".to_owned(), |seconds| format!("ETA {}", duration(seconds)))
    }
}

impl Row<'_> {
    pub(crate) fn words(&self) -> String {
        let Snapshot { phase, done, total, figure, .. } = self.snapshot;
        let place = if phase.is_empty() { "starting".to_owned() } else { format!("{phase} {done}/{total}") };
        let figure = figure.as_ref().map(|(name, value)| format!("{name} {}", short(*value)));
        let left = self.snapshot.left_s().map(|seconds| format!("{} left", duration(seconds)));
        let words: Vec<_> = [Some(place), figure, left, self.note.clone()].into_iter().flatten().collect();
        words.join(", ")
    }
}

/// Four significant digits: a figure to watch, not to compare.
fn short(value: f64) -> String {
    let magnitude = value.abs().max(f64::MIN_POSITIVE).log10().floor();
    match magnitude {
        _ if value == 0.0 => "0".to_owned(),
        -4.0..6.0 => format!("{value:.*}", (3.0 - magnitude).max(0.0) as usize),
        _ => format!("{value:.3e}"),
    }
}

/// Where progress is shown.
pub(crate) enum View<'a> {
    Bars(Bars),
    Lines(Lines<'a>),
    Quiet,
}

impl<'a> View<'a> {
    /// Decides how to show progress.
    pub(crate) fn new(show: Show, out: &'a mut dyn Write) -> Self {
        match show {
            Show::Quiet => Self::Quiet,
            Show::Auto if can_draw() => Self::Bars(Bars::new()),
            Show::Auto | Show::Lines => Self::Lines(Lines::new(out, Duration::from_secs(5))),
        }
    }

    /// Something to be said once; routine is what a bar shows anyway.
    pub(crate) fn say(&mut self, text: &str, routine: bool) {
        match self {
            Self::Bars(_) if routine => {}
            Self::Bars(bars) => bars.say(text),
            Self::Lines(lines) => lines.say(text),
            Self::Quiet => {}
        }
    }

    /// The state of things, at every tick.
    pub(crate) fn show(&mut self, scene: &Scene<'_>) {
        match self {
            Self::Bars(bars) => bars.show(scene),
            Self::Lines(lines) => lines.show(scene),
            Self::Quiet => {}
        }
    }

    /// The end: bars are taken away.
    pub(crate) fn close(&mut self) {
        if let Self::Bars(bars) = self {
            bars.close();
        }
    }
}

fn can_draw() -> bool {
    let asked_not_to = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    std::io::stderr().is_terminal() && !asked_not_to && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        let all: Vec<_> = [0.0, 0.012345, -1.23456, 123.456, 98765.4, 1.5e9, f64::NAN].map(short).into();
        assert_eq!(all, ["0", "0.01235", "-1.235", "123.5", "98765", "1.500e9", "NaN"]);
    }
}
