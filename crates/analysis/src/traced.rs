//! What one trial's trace says.

use std::io;

use protocol::event::read_trace;

use crate::costs::Costs;
use crate::curve::Curve;
use crate::store::Record;

/// Curves and costs, from one reading: traces are the largest files there are.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Traced {
    pub(crate) curve: Curve,
    pub(crate) costs: Costs,
}

impl Traced {
    /// Reads a trial's trace; a trial without one has no curves and cost nothing.
    ///
    /// # Errors
    /// The trace is there and cannot be read; the error names it.
    pub(crate) fn read(record: &Record) -> io::Result<Self> {
        match read_trace(&record.dir.trace()) {
            Ok(events) => Ok(Self { curve: Curve::of(&events), costs: Costs::of(&events, &record.measurements) }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }
}
