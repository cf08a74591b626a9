//! Binary images from distributions whose log-density is known exactly, for every image.
//!
//! On these sets a model's excess over the best possible NLL can be told apart from the data's own
//! entropy, and a density that does not sum to 1 is found out.

mod chain;
mod draws;
mod ising;
#[cfg(test)]
mod laws;
mod mesh;
mod mixture;
mod numbers;

pub use chain::{Chain, ChainDensity};
pub use ising::{Boundary, Ising, IsingDensity, Sampling};
pub use mesh::{Mesh, MeshDensity};
pub use mixture::{Mixture, MixtureDensity};
