//! The Ising model without a field: p(x) proportional to exp(beta E(x)).
//!
//! E sums the products of neighbouring spins (-1 for a 0, +1 for a 1), one term to the right and one
//! downwards from every pixel. On the torus both wrap around, so that along a side of 2 each pair
//! of neighbours counts twice.

mod config;
mod density;
mod exact;
mod kaufman;
mod lattice;
mod swendsen_wang;
#[cfg(test)]
mod tests;
mod transfer;

pub use config::Ising;
pub use density::{IsingDensity, Sampling};
pub use lattice::Boundary;
