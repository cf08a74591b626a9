//! From records to decisions: summary, comparisons, tables, report, gate, exports, costs, packs.
//!
//! All results derive from a plan and the folders of its trials, so that they can be computed again at any time. This
//! crate does not start processes and does not depend on Burn.
//!
//! ```
//! use analysis::{Results, Spread};
//! use protocol::{GridDir, Plan, fixtures};
//!
//! // Mean and 95% interval over three seeds.
//! let spread = Spread::of(&[19.0, 19.1, 18.9]).expect("there are values");
//! let (low, high) = spread.interval().expect("more than one value");
//! assert!(low < 18.8 && high > 19.2);
//!
//! // A plan of two trials of one variant, none of which has run.
//! let folder = tempfile::tempdir()?;
//! let plan = Plan::new("widths", vec![fixtures::trial("nade", 0), fixtures::trial("nade", 1)]);
//! let results = Results::read(GridDir::new(folder.path(), "widths"), plan);
//! let variants = &results.summary().variants;
//! assert_eq!((variants.len(), variants[0].not_run()), (1, 2));
//! # Ok::<(), std::io::Error>(())
//! ```

pub mod audit;
mod axes;
mod claims;
mod compare;
mod costs;
mod curve;
mod duration;
pub mod export;
pub mod gate;
pub mod history;
mod junit_document;
pub mod pack;
mod report;
mod results;
mod results_stamp;
pub mod runs;
pub mod store;
mod summary;
mod tables;
mod trace_data;
mod unstated_controls;
mod unstated_likelihoods;

pub use axes::Axes;
pub use claims::{ClaimNumbers, ClaimOutcome, ClaimPart, ClaimResult, claims_exit_code};
pub use compare::{
    Analysis, BracketPosition, Calibration, Comparison, Comparisons, Distance, End, ImageTerms, LikelihoodComparison,
    LikelihoodRow, LikelihoodTable, LikelihoodValue, Marks, Scope, seeds_needed,
};
pub use costs::{Costs, TIMING};
pub use duration::duration;
pub use report::{Report, ReportContext, WatchedReport, answer_text, report, watched_report};
pub use results::Results;
pub use results_stamp::ResultsStamp;
pub use store::{Record, records};
pub use summary::{Figure, FigureSummary, Spread, Summary, TrialState, VariantSummary};
pub use tables::{claim_numbers, claims_text, summary_text, tables};
