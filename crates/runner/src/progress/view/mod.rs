//! Progress display: bars on a terminal, lines otherwise.

mod bars;
mod lines;

use std::io::Write;
use std::time::Duration;

use analysis::duration;
use bars::Bars;
use lines::Lines;

use super::snapshot::Snapshot;
use crate::options::Show;

/// Progress of a run at one time.
#[derive(Clone, Debug)]
pub(crate) struct RunProgress<'a> {
    /// Unit of the counts: `trials` or `windows`.
    pub(crate) unit: &'static str,
    /// Number of ended units.
    pub(crate) over: usize,
    /// Number of all units.
    pub(crate) total: usize,
    /// Estimate of the seconds left, if known.
    pub(crate) eta_s: Option<f64>,
    /// Running trials.
    pub(crate) rows: Vec<Row<'a>>,
}

/// A running trial.
#[derive(Clone, Debug)]
pub(crate) struct Row<'a> {
    /// Constant key of the trial.
    pub(crate) key: usize,
    /// Variant and seed.
    pub(crate) label: String,
    /// Progress snapshot of the trial.
    pub(crate) snapshot: &'a Snapshot,
    /// Additional note.
    pub(crate) note: Option<String>,
}

impl RunProgress<'_> {
    /// Ended and all units, such as `2/6 trials`.
    fn counts(&self) -> String {
        let unit = if self.total == 1 { self.unit.strip_suffix('s').unwrap_or(self.unit) } else { self.unit };
        format!("{}/{} {unit}", self.over, self.total)
    }

    fn eta(&self) -> String {
        self.eta_s.map_or("ETA unknown".to_owned(), |seconds| format!("ETA {}", duration(seconds)))
    }
}

impl Row<'_> {
    /// Progress in words.
    pub(crate) fn text(&self) -> String {
        let Snapshot { phase, done, total, figure, .. } = self.snapshot;
        let position = if phase.is_empty() { "starting".to_owned() } else { format!("{phase} {done}/{total}") };
        let figure = figure.as_ref().map(|(name, value)| format!("{name} {}", short(*value)));
        let left = self.snapshot.left_s().map(|seconds| format!("{} left", duration(seconds)));
        let parts: Vec<_> = [Some(position), figure, left, self.note.clone()].into_iter().flatten().collect();
        parts.join(", ")
    }
}

/// Formats a figure with four significant digits.
fn short(value: f64) -> String {
    let magnitude = value.abs().max(f64::MIN_POSITIVE).log10().floor();
    match magnitude {
        _ if value == 0.0 => "0".to_owned(),
        -4.0..6.0 => format!("{value:.*}", (3.0 - magnitude).max(0.0) as usize),
        _ => format!("{value:.3e}"),
    }
}

/// Display of progress.
pub(crate) enum View<'a> {
    Bars(Bars),
    Lines(Lines<'a>),
    Quiet,
}

impl<'a> View<'a> {
    /// Chooses the display.
    pub(crate) fn new(show: Show, out: &'a mut dyn Write) -> Self {
        match show {
            Show::Quiet => Self::Quiet,
            Show::Bars { width } => Self::Bars(Bars::new(width)),
            Show::Lines => Self::Lines(Lines::new(out, Duration::from_secs(5))),
        }
    }

    /// Prints a message. Bars omit `routine` messages, whose content they show.
    pub(crate) fn message(&mut self, text: &str, routine: bool) {
        match self {
            Self::Bars(_) if routine => {}
            Self::Bars(bars) => bars.message(text),
            Self::Lines(lines) => lines.message(text),
            Self::Quiet => {}
        }
    }

    /// Shows the progress, at every tick.
    pub(crate) fn show(&mut self, progress: &RunProgress<'_>) {
        match self {
            Self::Bars(bars) => bars.show(progress),
            Self::Lines(lines) => lines.show(progress),
            Self::Quiet => {}
        }
    }

    /// Removes the bars.
    pub(crate) fn close(&mut self) {
        if let Self::Bars(bars) = self {
            bars.close();
        }
    }
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
