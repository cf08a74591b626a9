//! Order-k Markov tables: each pixel given k of those before it.
//!
//! `line`: the k pixels before it in the ordering; with k = 1 the first-order Markov assumption of
//! 2n - 1 parameters, in general 2^k - 1 + (n - k) 2^k. `mesh`: its k nearest neighbours among the
//! pixels before it (left, up, up-left, up-right, ...), fewer at the border; the sum over pixels of
//! 2^parents parameters (Abend, Harley and Kanal, 1965, Classification of binary random patterns).

use burn::prelude::Device;
use data::DataShape;
use engine::{ModelConfig, Trainer};
use nn::{Ordering, Walk};
use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::table::{self, Table, TableTrainer};

/// Which pixels a pixel depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Neighbours {
    /// Those just before it in the ordering.
    #[default]
    Line,
    /// Those nearest to it in the image among all before it.
    Mesh,
}

/// Settings of `markov`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Markov {
    /// How many pixels each pixel looks at.
    order: usize,
    /// Which ones: line or mesh.
    neighbours: Neighbours,
    /// The order in which pixels are generated; raster, reverse or column for a mesh.
    ordering: Ordering,
    /// The seed of a random ordering: part of the model, not of the trial.
    ordering_seed: u64,
}

impl Default for Markov {
    fn default() -> Self {
        Self { order: 1, neighbours: Neighbours::Line, ordering: Ordering::Raster, ordering_seed: 0 }
    }
}

impl Markov {
    /// The `order` pixels before each in raster order.
    pub(crate) fn of_order(order: usize) -> Self {
        Self { order, ..Self::default() }
    }
}

impl ModelConfig for Markov {
    const NAME: &'static str = "markov";
    const ABOUT: &'static str = "order-k tables along an ordering or over nearest neighbours, counted";

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

/// The positions of each position's `order` nearest predecessors in a raster walk; nearer ones
/// first, at equal distance left before up before up-left before up-right.
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
            let place = |(up, left): &(isize, isize)| ((y - up) * columns + x - left) as usize;
            offsets.iter().filter(|offset| inside(offset)).map(place).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mesh_takes_the_nearest_pixels_before() {
        let parents = mesh(4, Walk { height: 3, width: 3 });
        assert_eq!(parents[4], [3, 1, 0, 2], "left, up, up-left, up-right");
        assert_eq!(parents[3], [0, 1], "there is nothing to the left of the border");
        assert!(parents[0].is_empty());
        // The sum over pixels of 2^parents, by hand: 1 + 2 + 2, then twice 4 + 16 + 8.
        let cells: usize = parents.iter().map(|parents| 1 << parents.len()).sum();
        assert_eq!(cells, 1 + 2 + 2 + 2 * (4 + 16 + 8));
    }
}
