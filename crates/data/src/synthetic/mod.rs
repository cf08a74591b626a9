//! Images from distributions whose log-density is known exactly, for every image: binary, or with
//! real-valued pixels.
//!
//! On these sets a model's excess over the best possible NLL can be told apart from the data's own
//! entropy, and a density that does not sum (or integrate) to 1 is found out.

mod chain;
mod draws;
mod gaussian_mixture;
mod ising;
#[cfg(test)]
mod laws;
mod linear_gaussian;
mod mesh;
mod mixture;
mod numbers;

pub use chain::{Chain, ChainDensity};
pub use gaussian_mixture::{GaussianMixture, GaussianMixtureDensity};
pub use ising::{Boundary, Ising, IsingDensity, Sampling};
pub use linear_gaussian::{LinearGaussian, LinearGaussianDensity};
pub use mesh::{Mesh, MeshDensity};
pub use mixture::{Mixture, MixtureDensity};
