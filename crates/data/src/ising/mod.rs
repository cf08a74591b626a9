//! The Ising model without a field: p(x) proportional to exp(beta E(x)).
//!
//! E is the sum of the products of neighbouring spins (-1 for pixel 0, +1 for pixel 1): for every pixel one term with its
//! right neighbour and one with its lower neighbour. On the torus both wrap around. Along a side of length 2, each pair of
//! neighbours thus counts twice.

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
