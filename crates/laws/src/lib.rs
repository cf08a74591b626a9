//! Laws that every model, data set and measure of genbench must obey, as a library.
//!
//! One test checks your own model against all laws:
//!
//! ```
//! use laws::models::Counts; // replace it by your own model
//!
//! // #[test]
//! fn my_model_obeys_the_laws() {
//!     laws::check::<Counts>();
//! }
//! # my_model_obeys_the_laws();
//! ```
//!
//! [`check`] trains all settings that [`ModelConfig::tiny`](engine::ModelConfig::tiny) lists on each of the tiny [data
//! sets](data) that the model supports, and tests every law. A law applies to models with certain capabilities
//! ([`GenerativeModel`](engine::GenerativeModel)), independently of their names. If a law is broken, the test fails
//! with model, settings, data and law. [`check_data`] and [`check_measure`] do the same for a data set and a measure.
//!
//! [`LAWS`] lists the laws with statement, tolerance and source. Each law names [`Defect`]s that it must catch. The
//! tests of this crate put these defects into its own tiny [`models`].
//!
//! To test a single law:
//!
//! ```
//! use engine::ModelEntry;
//! use laws::{Outcome, models::Logistic};
//!
//! let entry = ModelEntry::of::<Logistic>();
//! let law = laws::find("conditionals_depend_on_earlier_pixels_only").expect("a law");
//! for subject in law.subjects(&entry) {
//!     match law.test(&subject) {
//!         Outcome::Holds => println!("{subject}: {}", law.statement),
//!         Outcome::DoesNotApply(reason) => println!("{subject}: {reason}"),
//!         Outcome::Broken(how) => panic!("{subject} breaks {}: {how}", law.name),
//!     }
//! }
//! ```

mod cells;
pub mod data;
mod data_laws;
mod defect;
mod law;
mod laws;
mod measure_laws;
pub mod models;
mod report;
mod subject;

pub use self::cells::Cells;
pub use self::data_laws::{check_data, check_data_with};
pub use self::defect::{Defect, DefectIn, Wrap};
pub use self::law::{Law, Outcome};
pub use self::laws::{LAWS, find};
pub use self::measure_laws::{check_measure, check_measure_with};
pub use self::report::{Report, check, check_entry, report};
pub use self::subject::{Subject, kinds_without_data, subjects, subjects_in_every_ordering};
