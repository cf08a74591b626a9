//! The models: one file each, its paper on top, its departures from it listed.
//!
//! [`MODELS`] is the registry; help, plan, laws and documentation iterate it.

mod bernoulli;
pub mod facts;
mod gan;
#[cfg(test)]
mod gradients;
mod independent;
mod markov;
mod nade;
mod ordering;
mod registry;
mod table;
mod vae;

pub use registry::{MODELS, find};
