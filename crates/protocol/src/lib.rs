//! What crosses genbench's process boundary and what lies on disk.
//!
//! The parent that runs a grid and the worker that trains one trial share these records and
//! nothing else. This crate must not know a model, a data set or a tensor.

pub mod atomic;
pub mod check;
pub mod event;
pub mod exit;
pub mod layout;
pub mod measurement;
pub mod outcome;
pub mod params;
mod record_error;
pub mod timing;
pub mod trial;

pub use event::{Event, EventKind};
pub use layout::{GridDir, TrialDir};
pub use measurement::{COLLAPSED, Direction, Kind, Measurement, Support, Unit};
pub use outcome::{DataFacts, DeviceUsed, Host, Outcome, Status};
pub use params::Problem;
pub use record_error::RecordError;
pub use trial::{DataSpec, Keep, MeasureSpec, ModelSpec, Schedule, TrainSpec, Trial, TrialId};
