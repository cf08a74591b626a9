//! genbench trains generative image models from a YAML grid and compares them: which is better, at what, at what
//! cost, and how sure that is.
//!
//! This crate is the command line as a library. A program of your own adds models, data sets, measures and facts to
//! the built-in ones; planning, workers, the timing pass, tables, the report, `genbench list` and
//! `genbench schema` all know them. The smallest program has the built-in ones:
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     genbench::App::new().main()
//! }
//! ```
//!
//! A program with a fact of its own:
//!
//! ```
//! use genbench::prelude::*;
//!
//! /// Settings of `handshakes`: each has a range and a default.
//! #[derive(Serialize, Deserialize, JsonSchema)]
//! #[serde(default, crate = "genbench::serde")]
//! #[schemars(crate = "genbench::schemars")]
//! struct Handshakes {
//!     /// People who meet.
//!     #[schemars(range(min = 2, max = 1_000_000))]
//!     people: u64,
//! }
//!
//! impl Default for Handshakes {
//!     fn default() -> Self {
//!         Self { people: 10 }
//!     }
//! }
//!
//! impl FactConfig for Handshakes {
//!     const NAME: &'static str = "handshakes";
//!     const ABOUT: &'static str = "handshakes among `people` people";
//!
//!     fn count(&self) -> Result<Vec<Count>, Problem> {
//!         let pairs = self.people * (self.people - 1) / 2;
//!         Ok(vec![Count::new(format!("handshakes of {} people", self.people), &pairs, "n (n - 1) / 2")])
//!     }
//! }
//!
//! // In a program of your own: `fn main() -> std::process::ExitCode { app().main() }`.
//! fn app() -> App {
//!     App::new().fact::<Handshakes>()
//! }
//!
//! let folder = tempfile::tempdir()?;
//! let grid = folder.path().join("grid.yaml");
//! std::fs::write(&grid, "name: party\nfacts:\n  - {fact: handshakes, people: 4}\n")?;
//! let plan = ["genbench".as_ref(), "plan".as_ref(), grid.as_os_str()];
//! assert_eq!(app().run(plan), genbench::protocol::exit::DONE);
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! Set [`allocator()`] as the global allocator, as the program `genbench` does. It is mimalloc, with which training on a CPU was
//! measured to be 15% faster, and it counts allocations for the measure `counters`:
//!
//! ```
//! #[global_allocator]
//! static ALLOCATOR: genbench::Allocator = genbench::allocator();
//! ```
//!
//! Exit codes: [`protocol::exit`].

#![warn(clippy::print_stdout, clippy::print_stderr)]

mod app;
mod catalog;
mod cli;
mod doctor;
mod failure;
mod host;
mod init;
mod new;
mod output;
mod panics;
mod probe;
mod process_environment;
#[cfg(test)]
#[path = "../../../tests/structure/refused_phrases.rs"]
mod refused_phrases;
mod registry;
mod timing;
mod trained;
mod verbs;
mod worker;

pub use app::App;
pub use registry::Registry;

pub use {burn, data, engine, laws, mimalloc, nn, protocol, schemars, serde, zoo};

/// Global allocator of the program `genbench`: mimalloc, with counts.
pub type Allocator = allocator::CountingAllocator<mimalloc::MiMalloc>;

/// The global allocator of the program `genbench`.
#[must_use]
pub const fn allocator() -> Allocator {
    Allocator::new(mimalloc::MiMalloc)
}

/// What a model, a data set, a measure or a fact is written with.
pub mod prelude {
    pub use crate::App;
    pub use burn::prelude::Device;
    pub use data::{DataConfig, DataError, DataSets, DataShape, Dataset, Nested, Noise, Split};
    pub use engine::measure::{BadModel, MeasureConfig, MeasureError, Subject};
    pub use engine::{
        Batch, ExplicitDensity, GenerativeModel, ModelConfig, RecordError, Sampler, Scalars, Step, Trainer,
    };
    pub use protocol::{Control, ControlKind, Direction, Kind, Measurement, Problem, Support, Unit};
    pub use schemars::JsonSchema;
    pub use serde::{Deserialize, Serialize};
    pub use zoo::facts::{Count, FactConfig};
}
