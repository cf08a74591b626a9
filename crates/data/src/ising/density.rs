//! Distribution of `ising`: energy, ln Z and draws.

use std::cmp::Ordering;

use super::kaufman::{self, Totals};
use super::lattice::{Boundary, Lattice};
use super::transfer::Strip;
use super::{exact, swendsen_wang};
use crate::synthetic::draws::{Source, Stream, bits};
use crate::{Entropy, ExactDensity, Modes, Split};

/// Sampling method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    /// Independent draws from the exact distribution.
    Exact,
    /// One Swendsen-Wang chain per split, with an image after every `sweeps` sweeps.
    SwendsenWang {
        /// Number of sweeps between two images.
        sweeps: usize,
    },
}

/// The distribution of `ising`.
#[derive(Clone, Debug)]
pub struct IsingDensity {
    lattice: Lattice,
    sampling: Sampling,
    totals: Totals,
}

impl IsingDensity {
    pub(super) fn new(lattice: Lattice, sampling: Sampling) -> Self {
        let totals = match lattice.boundary {
            Boundary::Torus => kaufman::torus(lattice.height, lattice.width, lattice.beta),
            Boundary::Free => strip(&lattice).totals(),
        };
        Self { lattice, sampling, totals }
    }

    /// Logarithm of the partition function, by Kaufman's closed form for the torus and by the transfer matrix for a free
    /// boundary.
    #[must_use]
    pub fn log_z(&self) -> f64 {
        self.totals.log_z
    }

    /// Mean of [`IsingDensity::energy`] over the distribution: d ln Z / d beta.
    #[must_use]
    pub fn mean_energy(&self) -> f64 {
        self.totals.mean_energy
    }

    /// E of an image: the number of equal minus the number of unlike neighbours. `None` outside of the support.
    #[must_use]
    pub fn energy(&self, image: &[f32]) -> Option<f64> {
        let bits = bits(image, self.lattice.len())?;
        Some(self.lattice.bonds().map(|(a, b)| if bits[a] == bits[b] { 1.0 } else { -1.0 }).sum())
    }

    /// Sampling method.
    #[must_use]
    pub fn sampling(&self) -> Sampling {
        self.sampling
    }
}

/// The lattice as a strip along its longer side. A torus is cut open.
fn strip(lattice: &Lattice) -> Strip {
    let Lattice { height, width, beta, boundary } = *lattice;
    let wraps = boundary == Boundary::Torus;
    Strip { width: height.min(width), length: height.max(width), wraps, beta }
}

impl ExactDensity for IsingDensity {
    fn log_density(&self, image: &[f32]) -> f64 {
        self.energy(image).map_or(f64::NEG_INFINITY, |energy| self.lattice.beta * energy - self.log_z())
    }

    fn entropy(&self) -> Entropy {
        Entropy { nats: self.log_z() - self.lattice.beta * self.mean_energy(), se: None }
    }

    fn modes(&self) -> Option<&dyn Modes> {
        (self.lattice.beta > critical()).then_some(self)
    }
}

/// Critical coupling of the infinite lattice: ln(1 + sqrt 2) / 2 (Kramers and Wannier, 1941).
fn critical() -> f64 {
    0.5 * 2f64.sqrt().ln_1p()
}

/// The modes are mostly dark and mostly bright images, of equal weight by symmetry. The first pixel determines the mode of
/// an image with equal numbers of both.
impl Modes for IsingDensity {
    fn weights(&self) -> Vec<f64> {
        vec![0.5; 2]
    }

    fn of(&self, image: &[f32]) -> usize {
        let bright = image.iter().filter(|pixel| **pixel > 0.5).count();
        let is_bright = match (2 * bright).cmp(&image.len()) {
            Ordering::Less => false,
            Ordering::Greater => true,
            Ordering::Equal => image.first().is_some_and(|pixel| *pixel > 0.5),
        };
        usize::from(is_bright)
    }
}

impl Source for IsingDensity {
    fn draw(&self, stream: &Stream, count: usize) -> Split {
        match self.sampling {
            Sampling::SwendsenWang { sweeps } => swendsen_wang::draw(&self.lattice, sweeps, stream, count),
            Sampling::Exact => {
                let strip = strip(&self.lattice);
                let acceptance = match self.lattice.boundary {
                    Boundary::Free => 1.0,
                    Boundary::Torus => {
                        // Z of the torus counts exp(beta) for each like bond of the cut, the draw counts 1.
                        let cut = self.lattice.beta * strip.width as f64;
                        (self.log_z() - strip.totals().log_z - cut).exp()
                    }
                };
                exact::draw(&strip, self.lattice.height, self.lattice.width, acceptance, stream, count)
            }
        }
    }
}
