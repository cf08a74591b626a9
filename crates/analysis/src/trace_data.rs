//! Curves and costs of a trial, read from its trace.

use std::io;

use protocol::Event;
use protocol::event::read_trace;

use crate::costs::Costs;
use crate::curve::Curve;
use crate::store::Record;

/// Curves and costs of a trial. One pass reads both, because traces are the largest files.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TraceData {
    pub(crate) curve: Curve,
    pub(crate) costs: Costs,
    /// Times of the first and the last event of each attempt, in milliseconds since 1970.
    pub(crate) attempts: Vec<(u64, u64)>,
}

impl TraceData {
    /// Reads a trial's trace; a trial without a trace has no curves and no costs.
    ///
    /// # Errors
    /// The trace exists and cannot be read; the error names it.
    pub(crate) fn read(record: &Record) -> io::Result<Self> {
        match read_trace(&record.dir.trace()) {
            Ok(events) => Ok(Self {
                curve: Curve::of(&events),
                costs: Costs::of(&events, &record.measurements),
                attempts: attempts(&events),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }
}

fn attempts(events: &[Event]) -> Vec<(u64, u64)> {
    let ends = |events: &[Event]| Some((events.first()?.unix_ms, events.last()?.unix_ms));
    events.chunk_by(|one, next| one.attempt == next.attempt).filter_map(ends).collect()
}
