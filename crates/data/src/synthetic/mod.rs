//! Images from distributions with an exactly known log-density: binary, or with real-valued pixels.
//!
//! On these sets the NLL of a model is split into the entropy of the data and the excess of the model, and a density that
//! does not sum (or integrate) to 1 is detected.

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
