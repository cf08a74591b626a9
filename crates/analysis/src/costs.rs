//! Time of trials by part: training, each measure, feature extractors, the timing pass.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use crate::duration::duration;
use protocol::{Event, EventKind, Measurement};

/// The figure in which the timing pass records its own duration, in seconds.
pub const TIMING: &str = "timing";

/// A part of a trial's time. It excludes other parts inside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// Loading or generating data.
    Data,
    /// Optimisation.
    Train,
    /// Validation and checkpoints during training.
    Evaluate,
    /// Training of a feature extractor, in the first trial that needs it.
    Extractor,
    /// A measure, by name.
    Measure(String),
    /// The trial's share of the timing pass, by the measure that requires it.
    Timing(String),
    /// The rest: building the model, sample sheets, gaps between spans.
    Other,
}

impl Part {
    fn of(span: &str, measure: Option<&str>) -> Self {
        match (span, measure) {
            ("data", _) => Self::Data,
            ("train", _) => Self::Train,
            ("evaluate", _) => Self::Evaluate,
            ("extractor", _) => Self::Extractor,
            ("measure", Some(name)) => Self::Measure(name.to_owned()),
            _ => Self::Other,
        }
    }

    /// Name of the part in tables.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Train => "train",
            Self::Evaluate => "evaluate",
            Self::Extractor => "extractor",
            Self::Measure(_) => "measure",
            Self::Timing(_) => "timing",
            Self::Other => "other",
        }
    }

    /// Name of the measure, for a measure and its timing.
    pub(crate) fn measure(&self) -> Option<&str> {
        match self {
            Self::Measure(name) | Self::Timing(name) => Some(name),
            _ => None,
        }
    }
}

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

/// Formats a time, with decimals below one minute.
fn short_duration(seconds: f64) -> String {
    match seconds {
        ..1.0 => format!("{seconds:.2} s"),
        1.0..60.0 => format!("{seconds:.1} s"),
        _ => duration(seconds),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn line(attempt: u32, at_s: f64, kind: &str, span: u64, more: Value) -> Event {
        let mut line = json!({
            "v": 1, "unix_ms": 0, "at_s": at_s, "attempt": attempt, "kind": kind, "level": "INFO", "span": span,
        });
        line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(line).unwrap()
    }

    fn open(attempt: u32, at_s: f64, span: u64, parent: Option<u64>, name: &str) -> Event {
        let (name, measure) = name.split_once(' ').unwrap_or((name, ""));
        line(attempt, at_s, "open", span, json!({"name": name, "parent": parent, "fields": {"measure": measure}}))
    }

    fn close(attempt: u32, at_s: f64, span: u64, seconds: f64) -> Event {
        line(attempt, at_s, "close", span, json!({"name": "", "seconds": seconds}))
    }

    fn shown(costs: &Costs) -> String {
        let line = |(part, seconds): (&Part, &f64)| {
            format!("{} {} {seconds:.2}\n", part.word(), part.measure().unwrap_or("-"))
        };
        costs.0.iter().map(line).collect()
    }

    /// A trace in which numbers of closed spans are used again, as `tracing` does.
    fn trace() -> Vec<Event> {
        vec![
            open(1, 0.0, 1, None, "trial"),
            open(1, 0.5, 2, Some(1), "train"),
            open(1, 1.0, 3, Some(2), "evaluate"),
            close(1, 2.0, 3, 1.0),
            // Killed here.
            open(1, 2.5, 3, Some(2), "evaluate"),
            line(1, 3.0, "event", 3, json!({"name": "validation"})),
            open(2, 0.0, 1, None, "trial"),
            open(2, 0.0, 2, Some(1), "train"),
            close(2, 4.0, 2, 4.0),
            open(2, 4.0, 2, Some(1), "measure fid_proxy"),
            open(2, 4.0, 3, Some(2), "extractor"),
            close(2, 7.0, 3, 3.0),
            close(2, 8.0, 2, 4.0),
            open(2, 8.0, 2, Some(1), "measure ais"),
            close(2, 10.0, 2, 2.0),
            close(2, 10.5, 1, 10.5),
        ]
    }

    #[test]
    fn inner_parts_are_counted_once_and_a_killed_worker_counts_until_its_last_event() {
        let costs = Costs::of(&trace(), &[]);
        insta::assert_snapshot!(shown(&costs), @r"
        train - 5.00
        evaluate - 1.50
        extractor - 3.00
        measure ais 2.00
        measure fid_proxy 1.00
        other - 1.00
        ");
        assert!((costs.total() - 13.5).abs() < 1e-12, "3 s of the first attempt, 10.5 of the second");
    }

    #[test]
    fn the_cost_line_lists_measures_extractors_and_timing() {
        let timing = Measurement::new(
            TIMING,
            protocol::Kind::Estimate,
            protocol::Unit::Seconds,
            protocol::Direction::Neither,
            6.5,
        );
        let mut costs = Costs::of(&trace(), &[timing]);
        insta::assert_snapshot!(costs, @"Measures took 3.0 s (15.0%) of 20.0 s of work: ais 2.0 s, fid_proxy 1.0 s; feature extractors 3.0 s (15.0%), timing pass 6.5 s (32.5%).");
        costs.add(&Costs(BTreeMap::from([(Part::Train, 600.0)])));
        assert!(costs.to_string().starts_with("Measures took 3.0 s (0.5%) of 10 min 20 s of work"), "{costs}");
        insta::assert_snapshot!(Costs::default(), @"Measures took 0.00 s (0.0%) of 0.00 s of work.");
    }
}
