//! Timeline of the workers: a bar per attempt of a trial, in rows of workers that ran at the same time.

use serde::Serialize;

use super::axis::{Axis, Tick};
use crate::costs::short_duration;
use crate::report::variant_style::{VariantStyle, VariantStyles};
use crate::store::Record;
use crate::summary::TrialState;
use crate::trace_data::TraceData;

/// Plot of all attempts.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Timeline {
    /// Ticks in seconds, minutes or hours since the first start.
    pub(crate) ticks: Vec<Tick>,
    pub(crate) unit: &'static str,
    pub(crate) rows: Vec<TimelineRow>,
    /// Time from the first start to the last end, in words.
    pub(crate) total: String,
}

/// Attempts of one worker on one machine, one after the other.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TimelineRow {
    pub(crate) host: String,
    pub(crate) bars: Vec<TimelineBar>,
}

/// One attempt. Positions are percentages of the plot.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TimelineBar {
    pub(crate) style: VariantStyle,
    pub(crate) left: f64,
    pub(crate) width: f64,
    /// `true` if the trial ended without being done.
    pub(crate) failed: bool,
    pub(crate) text: String,
}

/// The timeline of a grid; `None` if no trace records times.
pub(crate) fn timeline(
    records: &[Record],
    traces: &[std::io::Result<TraceData>],
    styles: &VariantStyles,
) -> Option<Timeline> {
    let mut attempts: Vec<(u64, u64, &Record)> = Vec::new();
    for (record, trace) in records.iter().zip(traces) {
        let spans = trace.as_ref().map(|trace| trace.attempts.as_slice()).unwrap_or_default();
        attempts.extend(
            spans.iter().filter(|(start, end)| *start > 0 && end >= start).map(|(start, end)| (*start, *end, record)),
        );
    }
    attempts.sort_by_key(|(start, end, _)| (*start, *end));
    let first = attempts.first()?.0;
    let last = attempts.iter().map(|(_, end, _)| *end).max()?;
    let (divisor, unit) = match (last - first) / 1000 {
        0..300 => (1e3, "s"),
        300..18_000 => (6e4, "min"),
        _ => (3.6e6, "h"),
    };
    let axis = Axis::exact([0.0, (last - first).max(1) as f64 / divisor])?;
    let at = |time: u64| axis.at((time - first) as f64 / divisor);
    // The end of the last attempt of each row.
    let mut rows: Vec<(u64, TimelineRow)> = Vec::new();
    for (start, end, record) in attempts {
        let host = record.outcome.as_ref().map(|outcome| outcome.host.name.clone()).unwrap_or_default();
        let state = TrialState::of(record);
        let (left, right) = (at(start), at(end));
        let words = format!(
            "{} seed {}, {}: {}",
            record.trial.variant,
            record.trial.seed,
            state.status_and_reason().0,
            short_duration((end - start) as f64 / 1e3)
        );
        let bar = TimelineBar {
            style: styles.get(&record.trial.variant),
            left,
            width: ((right - left).max(0.15) * 100.0).round() / 100.0,
            failed: state.failed(),
            text: words,
        };
        match rows.iter_mut().find(|(free, row)| *free <= start && row.host == host) {
            Some((free, row)) => {
                *free = end;
                row.bars.push(bar);
            }
            None => rows.push((end, TimelineRow { host, bars: vec![bar] })),
        }
    }
    let mut rows: Vec<TimelineRow> = rows.into_iter().map(|(_, row)| row).collect();
    rows.sort_by(|a, b| a.host.cmp(&b.host));
    Some(Timeline { ticks: axis.ticks(6), unit, rows, total: short_duration((last - first) as f64 / 1e3) })
}
