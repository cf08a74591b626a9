//! Degrees of hidden units, and the masks that follow from them (eq. 12 to 14).

use data::Noise;
use nn::ordering::positions;

use crate::faults::{made_gap, made_leak};

/// Mask of a weight matrix, `[inputs][outputs]`: 1 for a connection, 0 for none.
pub(super) struct Mask {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    pub(super) values: Vec<f32>,
}

/// Degrees of all pixels and hidden units under one set of masks.
#[derive(Clone, Debug)]
pub(super) struct Degrees {
    /// Degree of each pixel: its position in the ordering, counted from 1.
    pub(super) pixels: Vec<usize>,
    /// Degree of each hidden unit, `[layer][unit]`: number of pixels that it may depend on.
    pub(super) hidden: Vec<Vec<usize>>,
}

impl Degrees {
    /// Draws hidden degrees from min(degrees below) to pixels - 1. As in the paper, every hidden unit has an input.
    pub(super) fn new(ordering: &[usize], layers: usize, hidden: usize, noise: &mut Noise) -> Self {
        let pixels: Vec<usize> = positions(ordering).into_iter().map(|position| position + 1).collect();
        let last = ordering.len().saturating_sub(1).max(1);
        let mut lowest = 1;
        let hidden = (0..layers)
            .map(|_| {
                let layer: Vec<usize> = (0..hidden).map(|_| lowest + noise.below(last - lowest + 1)).collect();
                lowest = layer.iter().copied().min().unwrap_or(lowest);
                layer
            })
            .collect();
        Self { pixels, hidden }
    }

    /// Returns one mask per layer, the last for the output layer.
    pub(super) fn masks(&self) -> Vec<Mask> {
        let mut below = &self.pixels;
        let mut masks = Vec::new();
        for layer in &self.hidden {
            masks.push(mask(below, layer, |from, to| to >= from + made_gap()));
            below = layer;
        }
        masks.push(mask(below, &self.pixels, |from, to| to + made_leak() > from));
        masks
    }

    /// Returns the mask of the direct connections from inputs to outputs.
    pub(super) fn direct(&self) -> Mask {
        mask(&self.pixels, &self.pixels, |from, to| to > from + made_gap())
    }

    /// Number of weights of a layer that at least one set of masks keeps.
    pub(super) fn open(sets: &[Self], layer: usize) -> usize {
        let mut open: Vec<bool> = Vec::new();
        for set in sets {
            let values = set.masks().swap_remove(layer).values;
            open.resize(values.len(), false);
            open.iter_mut().zip(values).for_each(|(open, value)| *open |= value > 0.0);
        }
        open.into_iter().filter(|open| *open).count()
    }
}

fn mask(from: &[usize], to: &[usize], connects: impl Fn(usize, usize) -> bool) -> Mask {
    let values = from.iter().flat_map(|from| to.iter().map(|to| f32::from(u8::from(connects(*from, *to))))).collect();
    Mask { inputs: from.len(), outputs: to.len(), values }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The product of the masks counts paths. No path may lead from a pixel to itself or to an earlier pixel.
    #[test]
    fn no_path_leads_back() {
        let ordering = Noise::new(1, "ordering", 0).permutation(9);
        let degrees = Degrees::new(&ordering, 3, 20, &mut Noise::new(2, "made/masks", 0));
        for from in 0..9 {
            let mut reached: Vec<f32> = (0..9).map(|pixel| f32::from(u8::from(pixel == from))).collect();
            for mask in degrees.masks() {
                let column = |output| {
                    reached.iter().enumerate().map(|(i, x)| x * mask.values[i * mask.outputs + output]).sum::<f32>()
                };
                reached = (0..mask.outputs).map(column).collect();
            }
            for (to, paths) in reached.into_iter().enumerate() {
                let later = degrees.pixels[to] > degrees.pixels[from];
                assert!(later || paths == 0.0, "pixel {from} reaches pixel {to}");
            }
        }
        assert_eq!(degrees.direct().values.iter().sum::<f32>(), 36.0, "all pairs, each one way");
    }
}
