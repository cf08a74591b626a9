//! From a grid to a report: grid -> plan -> run -> tables -> report.
//!
//! Models, data and measures are reached through [`Catalog`] alone; this crate must not depend on
//! Burn, and compiles and tests in seconds.

mod catalog;
mod plan;
pub mod run;
pub mod store;

pub use catalog::{Catalog, Device, Draft, Fact, Listed, Resolved};
pub use plan::Plan;
