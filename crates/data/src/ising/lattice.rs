//! Lattice of the Ising model: size, coupling and bonds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Boundary condition at the edge of the image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Boundary {
    /// The opposite edges are neighbours.
    #[default]
    Torus,
    /// Pixels at the edge have no neighbours outside.
    Free,
}

/// Spins in rows and columns, each coupled to its neighbours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lattice {
    pub(super) height: usize,
    pub(super) width: usize,
    /// The coupling, in units of the temperature.
    pub(super) beta: f64,
    pub(super) boundary: Boundary,
}

impl Lattice {
    /// Number of spins.
    pub(super) fn len(&self) -> usize {
        self.height * self.width
    }

    /// Pairs of each pixel with its right and its lower neighbour, by index in raster order.
    pub(super) fn bonds(&self) -> impl Iterator<Item = (usize, usize)> {
        let (height, width, wraps) = (self.height, self.width, self.boundary == Boundary::Torus);
        let at = move |y: usize, x: usize| (y % height) * width + x % width;
        (0..self.len()).flat_map(move |site| {
            let (y, x) = (site / width, site % width);
            let right = (wraps || x + 1 < width).then(|| (site, at(y, x + 1)));
            let below = (wraps || y + 1 < height).then(|| (site, at(y + 1, x)));
            right.into_iter().chain(below)
        })
    }
}
