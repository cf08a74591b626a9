//! Time of trials by part: training, each measure, feature extractors, the timing pass.

mod part;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use protocol::{Event, EventKind, Measurement};

use crate::duration::duration;

pub(crate) use part::Part;

/// The figure in which the timing pass records its own duration, in seconds.
pub const TIMING: &str = "timing";

/// Seconds by part, over all attempts of one or several trials. `Display` writes one line about the cost of measures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Costs(pub(crate) BTreeMap<Part, f64>);

/// An open span.
struct Open {
    part: Part,
    at_s: f64,
    inside_s: f64,
    parent: Option<u64>,
}

impl Costs {
    /// Computes the costs of a trial from its trace and its figures.
    pub(crate) fn of(events: &[Event], figures: &[Measurement]) -> Self {
        let mut costs = Self::default();
        let (mut open, mut last) = (HashMap::new(), (0, 0.0));
        for event in events {
            if event.attempt != last.0 {
                costs.cut_off(&mut open, last.1);
            }
            last = (event.attempt, event.at_s);
            let Some(span) = event.span else { continue };
            match event.kind {
                EventKind::Open => {
                    let part = Part::of(&event.name, event.text("measure"));
                    open.insert(span, Open { part, at_s: event.at_s, inside_s: 0.0, parent: event.parent });
                }
                EventKind::Close => costs.close(&mut open, span, event.seconds.unwrap_or_default()),
                EventKind::Event => {}
            }
        }
        costs.cut_off(&mut open, last.1);
        for figure in figures.iter().filter(|figure| figure.name == TIMING) {
            if let Some(seconds) = figure.value {
                costs.spend(Part::Timing(figure.measure.clone()), seconds);
            }
        }
        costs
    }

    fn spend(&mut self, part: Part, seconds: f64) {
        *self.0.entry(part).or_default() += seconds;
    }

    fn close(&mut self, open: &mut HashMap<u64, Open>, span: u64, seconds: f64) {
        let Some(closed) = open.remove(&span) else { return };
        if let Some(parent) = closed.parent.and_then(|parent| open.get_mut(&parent)) {
            parent.inside_s += seconds;
        }
        self.spend(closed.part, (seconds - closed.inside_s).max(0.0));
    }

    /// Closes the spans of a killed worker at the time of its last event.
    fn cut_off(&mut self, open: &mut HashMap<u64, Open>, at_s: f64) {
        while let Some(inner) = innermost(open) {
            let seconds = (at_s - open[&inner].at_s).max(0.0);
            self.close(open, inner, seconds);
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        other.0.iter().for_each(|(part, seconds)| self.spend(part.clone(), *seconds));
    }

    /// Total of all parts, in seconds.
    pub(crate) fn total(&self) -> f64 {
        // An empty `sum` would be a negative zero.
        self.0.values().fold(0.0, |sum, seconds| sum + seconds)
    }

    /// Share of `seconds` in the total; 0 if the total is 0.
    pub(crate) fn share(&self, seconds: f64) -> f64 {
        if self.total() > 0.0 { seconds / self.total() } else { 0.0 }
    }

    /// Measures without extractors and timing, the most expensive first.
    fn measures(&self) -> Vec<(&str, f64)> {
        let measures = self.0.iter().filter(|(part, _)| matches!(part, Part::Measure(_)));
        let mut measures: Vec<_> = measures.filter_map(|(part, seconds)| Some((part.measure()?, *seconds))).collect();
        measures.sort_by(|a, b| b.1.total_cmp(&a.1));
        measures
    }
}

/// The open span without an open child; the latest one if there are several.
fn innermost(open: &HashMap<u64, Open>) -> Option<u64> {
    let leaf = |span: &&u64| !open.values().any(|other| other.parent == Some(**span));
    open.keys().filter(leaf).max().copied()
}

impl fmt::Display for Costs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let measures = self.measures();
        let with_share = |seconds: f64| format!("{} ({:.1}%)", short_duration(seconds), 100.0 * self.share(seconds));
        let sum = measures.iter().fold(0.0, |sum, (_, seconds)| sum + seconds);
        let total = short_duration(self.total());
        write!(f, "Measures took {} of {total} of work", with_share(sum))?;
        let longest: Vec<_> =
            measures.iter().take(3).map(|(name, seconds)| format!("{name} {}", short_duration(*seconds))).collect();
        if !longest.is_empty() {
            write!(f, ": {}", longest.join(", "))?;
        }
        if measures.len() > longest.len() {
            write!(f, ", ...")?;
        }
        let others = self.0.iter().filter_map(|(part, seconds)| match part {
            Part::Extractor => Some(format!("feature extractors {}", with_share(*seconds))),
            Part::Timing(_) => Some(format!("timing pass {}", with_share(*seconds))),
            _ => None,
        });
        let others: Vec<_> = others.collect();
        if !others.is_empty() {
            write!(f, "; {}", others.join(", "))?;
        }
        write!(f, ".")
    }
}

/// Formats a time: milliseconds below 0.1 s, decimals below one minute.
pub(crate) fn short_duration(seconds: f64) -> String {
    match seconds {
        0.0 => "0 s".to_owned(),
        ..0.000_05 => "< 0.1 ms".to_owned(),
        ..0.009_95 => format!("{:.1} ms", seconds * 1e3),
        ..0.099_5 => format!("{:.0} ms", seconds * 1e3),
        ..1.0 => format!("{seconds:.2} s"),
        1.0..60.0 => format!("{seconds:.1} s"),
        _ => duration(seconds),
    }
}
