//! Order-k Markov tables: p(x) = prod_i p(x_i | k pixels before pixel i), counted on the training split.
//!
//! - `line`: the parents are the k pixels before it in the ordering, 2^k - 1 + (n - k) 2^k parameters. k = 1 is the
//!   first-order Markov chain with 2n - 1 parameters.
//! - `mesh`: the parents are its k nearest predecessors (left, up, up-left, up-right, ...), fewer at the border. The
//!   number of parameters is the sum over pixels of 2^parents.
//!
//! Abend, Harley and Kanal, 1965, Classification of binary random patterns.
//!
//! # Departures from the paper
//! A pseudo-count per cell, chosen on the validation split.

use burn::prelude::Device;
use data::DataShape;
use engine::{ModelConfig, Trainer};
use nn::{Ordering, Walk};
use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::table::{self, Table, TableTrainer};

/// Choice of the pixels that a pixel depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Neighbours {
    /// The pixels just before it in the ordering.
    #[default]
    Line,
    /// The pixels nearest to it in the image, among all pixels before it.
    Mesh,
}

/// Settings of `markov`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Markov {
    /// k, the number of preceding pixels that a pixel depends on, from 0; a table has at most 16,777,216 cells.
    #[schemars(range(min = 0, max = 19))]
    order: usize,
    /// Choice of these pixels: line (last in the ordering) or mesh (nearest in the image).
    neighbours: Neighbours,
    /// Order in which pixels are generated: raster, reverse or column; with line also spiral, random, centre_out or a
    /// list of pixels.
    ordering: Ordering,
    /// Seed of a random ordering; part of the model, so that all seeds of a variant share one ordering.
    ordering_seed: u64,
}

impl Default for Markov {
    fn default() -> Self {
        Self { order: 1, neighbours: Neighbours::Line, ordering: Ordering::Raster, ordering_seed: 0 }
    }
}

impl Markov {
    /// Returns the model on the `order` preceding pixels in raster order.
    pub(crate) fn of_order(order: usize) -> Self {
        Self { order, ..Self::default() }
    }
}

impl ModelConfig for Markov {
    const NAME: &'static str = "markov";
    const ABOUT: &'static str = "Order-k Markov tables over the last or the nearest preceding pixels, counted, exact.";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        table::check(self.order, data)?;
        self.ordering.check(data)?;
        if self.neighbours == Neighbours::Mesh {
            self.ordering.check_walk()?;
        }
        Ok(())
    }

    fn closed_form(&self) -> bool {
        true
    }

    fn tiny() -> Vec<Self> {
        vec![Self { order: 2, ..Self::default() }, Self { order: 3, neighbours: Neighbours::Mesh, ..Self::default() }]
    }

    fn build(&self, data: &DataShape, _seed: u64, _device: &Device) -> Box<dyn Trainer> {
        let parents = match self.neighbours {
            Neighbours::Line => (0..data.pixels())
                .map(|position| (1..=self.order.min(position)).map(|k| position - k).collect())
                .collect(),
            Neighbours::Mesh => mesh(self.order, self.ordering.walk(data)),
        };
        Box::new(TableTrainer(Table::new(self.ordering.pixels(data, self.ordering_seed), parents)))
    }
}

/// Returns for each position the `order` nearest predecessors in a raster walk, nearest first. At equal distance the
/// order is left, up, up-left, up-right.
fn mesh(order: usize, Walk { height, width }: Walk) -> Vec<Vec<usize>> {
    let (rows, columns) = (height as isize, width as isize);
    let mut offsets: Vec<(isize, isize)> = (0..rows)
        .flat_map(|up| (1 - columns..columns).map(move |left| (up, left)))
        .filter(|(up, left)| *up > 0 || *left > 0)
        .collect();
    offsets.sort_by_key(|(up, left)| (up * up + left * left, *up, -left));
    offsets.truncate(order);
    (0..height * width)
        .map(|position| {
            let (y, x) = ((position / width) as isize, (position % width) as isize);
            let inside = |(up, left): &(isize, isize)| y >= *up && (0..columns).contains(&(x - left));
            let parent = |(up, left): &(isize, isize)| ((y - up) * columns + x - left) as usize;
            offsets.iter().filter(|offset| inside(offset)).map(parent).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mesh_has_the_nearest_preceding_pixels_as_parents() {
        let parents = mesh(4, Walk { height: 3, width: 3 });
        assert_eq!(parents[4], [3, 1, 0, 2], "left, up, up-left, up-right");
        assert_eq!(parents[3], [0, 1], "there is nothing to the left of the border");
        assert!(parents[0].is_empty());
        // The sum over pixels of 2^parents, by hand: 1 + 2 + 2, then twice 4 + 16 + 8.
        let cells: usize = parents.iter().map(|parents| 1 << parents.len()).sum();
        assert_eq!(cells, 1 + 2 + 2 + 2 * (4 + 16 + 8));
    }
}
