//! The order in which an autoregressive model generates the pixels.

use data::Noise;
use serde::{Deserialize, Serialize};

/// An ordering of the pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ordering {
    /// Row by row from the top, each from the left.
    #[default]
    Raster,
    /// One fixed random permutation, drawn from `ordering_seed`.
    Random,
}

impl Ordering {
    /// The pixels in the order in which they are generated.
    pub(crate) fn pixels(self, count: usize, seed: u64) -> Vec<usize> {
        match self {
            Self::Raster => (0..count).collect(),
            Self::Random => Noise::new(seed, "ordering", 0).permutation(count),
        }
    }
}

/// Where each pixel stands in an ordering: the inverse permutation.
pub(crate) fn positions(ordering: &[usize]) -> Vec<usize> {
    let mut positions = vec![0; ordering.len()];
    for (position, &pixel) in ordering.iter().enumerate() {
        positions[pixel] = position;
    }
    positions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_ordering_is_a_permutation_with_an_inverse() {
        let ordering = Ordering::Random.pixels(50, 3);
        assert_ne!(ordering, Ordering::Random.pixels(50, 4));
        let back: Vec<_> = positions(&ordering).into_iter().map(|position| ordering[position]).collect();
        assert_eq!(back, (0..50).collect::<Vec<_>>());
    }
}
