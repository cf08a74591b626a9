//! From a grid to a report: grid -> plan -> run -> tables -> report.
//!
//! Models, data and measures are reached through [`Catalog`] alone; this crate must not depend on
//! Burn, and compiles and tests in seconds.

mod catalog;
pub mod grid;
mod plan;

pub use catalog::{Catalog, Device, Draft, Fact, Listed, Resolved};
pub use plan::Plan;
