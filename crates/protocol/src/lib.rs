//! Records that genbench's processes exchange and store on disk.
//!
//! The parent that runs a grid and the worker that trains one trial share these records and nothing else. This crate
//! knows no model, data set or tensor.
//!
//! ```
//! use protocol::{Direction, Kind, Measurement, Unit, fixtures};
//!
//! // The id of a trial is a hash of its model, data, training, seed and device; its measures are not part of it.
//! let trial = fixtures::trial("nade", 0);
//! assert_ne!(trial.id(), fixtures::trial("nade", 1).id());
//!
//! // A figure states its kind, unit and direction; without a value it states the reason.
//! let nll = Measurement::new("nll", Kind::Exact, Unit::Nats, Direction::Lower, 19.04).with_n(400);
//! assert_eq!((nll.value, nll.n), (Some(19.04), Some(400)));
//! let absent = Measurement::absent("nll", Kind::Exact, Unit::Nats, Direction::Lower, "the model has no density");
//! assert_eq!(absent.value, None);
//! ```

pub mod atomic;
mod build_record;
mod changes;
pub mod check;
pub mod claim;
mod compare;
pub mod completion;
mod control;
pub mod event;
pub mod exit;
mod fact;
pub mod fixtures;
mod folder_lock;
mod grid_record;
mod host;
pub mod layout;
mod likelihood;
mod meaning;
pub mod measurement;
mod optim;
pub mod outcome;
pub mod params;
mod plan;
mod record_error;
pub mod registry;
mod system_error;
mod taken_by;
pub mod text;
pub mod timing;
pub mod trial;
mod unreadable;
mod versioned_record;

pub use build_record::Build;
pub use changes::{Change, changes};
pub use claim::{Claim, FactName, FigureName, Quantity, Relation, Statement};
pub use compare::{Compare, InterimAnalyses, Pairs};
pub use completion::{final_status, measurements_in, outcome_in, trial_in};
pub use control::{Control, ControlKind};
pub use event::{Event, EventKind};
pub use fact::Fact;
pub use folder_lock::FolderLock;
pub use grid_record::{GridRecord, relative};
pub use host::{DeviceUsed, Host};
pub use layout::{GridDir, TrialDir};
pub use likelihood::Likelihood;
pub use meaning::Meaning;
pub use measurement::{COLLAPSED, Direction, Kind, Machine, Measurement, Support, Unit, is_rate};
pub use optim::{Algorithm, Optim};
pub use outcome::{DataFacts, Outcome, Status};
pub use params::Problem;
pub use plan::{Plan, VariantPlace};
pub use record_error::RecordError;
pub use registry::{Entry, Registry, SettingChange};
pub use system_error::{DISK_FULL_MESSAGES, worded};
pub use taken_by::TakenBy;
pub use trial::{DataSpec, Keep, MeasureSpec, ModelSpec, Schedule, TrainSpec, Trial, TrialId};
pub use unreadable::{Remedy, SetAside, Unreadable, blocked, is_damaged, set_aside};
pub use versioned_record::read_versioned;
