//! The models: one file each, its paper on top, its departures from it listed.
//!
//! [`MODELS`] is the registry; help, plan, laws and documentation iterate it.

mod bernoulli;
mod chain_table;
pub mod facts;
mod full_table;
mod gan;
#[cfg(test)]
mod gradients;
mod independent;
mod joint;
mod markov;
mod nade;
mod nn;
mod ordering;
mod pixel_cnn;
mod registry;
mod table;
mod vae;

pub use ordering::ORDERINGS;
pub use registry::{MODELS, find};
