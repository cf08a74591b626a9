//! Sampling in one forward pass: a hidden unit of degree m is final once m pixels are drawn.

use data::Split;
use engine::Family;
use rayon::prelude::*;

use super::{Made, mean_odds};

/// One set of masked weights on the host, one row per hidden unit, with the units that become final at each position.
struct Host {
    /// Masked weights, `[layer][output][input]`.
    layers: Vec<Vec<Vec<f32>>>,
    biases: Vec<Vec<f32>>,
    /// Masked weights from inputs directly to outputs, `[output][input]`.
    direct: Option<Vec<Vec<f32>>>,
    /// Hidden units of each degree, `[layer][degree]`.
    ready: Vec<Vec<Vec<usize>>>,
}

impl Host {
    fn new(made: &Made, set: usize) -> Self {
        let degrees = &made.degrees[set];
        let layers = made
            .layers
            .iter()
            .zip(degrees.masks())
            .map(|(layer, mask)| rows(&read(layer.weight.val().into_data()), &mask.values, mask.outputs))
            .collect();
        let biases = made.layers.iter().map(|layer| read(layer.bias.val().into_data())).collect();
        let direct = made
            .direct
            .as_ref()
            .map(|direct| rows(&read(direct.val().into_data()), &degrees.direct().values, made.ordering.len()));
        let by_degree = |layer: &Vec<usize>| {
            let mut ready = vec![Vec::new(); made.ordering.len() + 1];
            layer.iter().enumerate().for_each(|(unit, degree)| ready[*degree].push(unit));
            ready
        };
        Self { layers, biases, direct, ready: degrees.hidden.iter().map(by_degree).collect() }
    }

    /// Computes the hidden units that became final with the pixel before `position`, then the log-odds of `pixel`.
    fn next(&self, position: usize, pixel: usize, image: &[f32], hidden: &mut [Vec<f32>]) -> f32 {
        for (layer, ready) in self.ready.iter().enumerate() {
            let (below, rest) = hidden.split_at_mut(layer);
            let inputs = below.last().map_or(image, Vec::as_slice);
            for &unit in &ready[position] {
                rest[0][unit] = (self.biases[layer][unit] + dot(&self.layers[layer][unit], inputs)).max(0.0);
            }
        }
        let last = self.ready.len();
        let inputs = hidden.last().map_or(image, Vec::as_slice);
        let direct = self.direct.as_ref().map_or(0.0, |direct| dot(&direct[pixel], image));
        self.biases[last][pixel] + dot(&self.layers[last][pixel], inputs) + direct
    }
}

fn read(values: burn::tensor::TensorData) -> Vec<f32> {
    values.iter::<f32>().collect()
}

/// Converts weights `[inputs][outputs]` to masked rows of inputs, one per output.
fn rows(weights: &[f32], mask: &[f32], outputs: usize) -> Vec<Vec<f32>> {
    let masked: Vec<f32> = weights.iter().zip(mask).map(|(weight, open)| weight * open).collect();
    (0..outputs).map(|output| masked.iter().skip(output).step_by(outputs).copied().collect()).collect()
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    // Eight partial sums, so that the compiler can vectorise.
    let mut sums = [0.0f32; 8];
    let (a, b) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a.zip(b) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// Draws images from `uniforms`, `[image][position]`.
pub(super) fn sample(made: &Made, uniforms: &[f32]) -> Split {
    let pixels = made.ordering.len();
    let sets: Vec<Host> = (0..made.masks.len()).map(|set| Host::new(made, set)).collect();
    let mut images = vec![0.0; uniforms.len()];
    images.par_chunks_exact_mut(pixels).zip(uniforms.par_chunks_exact(pixels)).for_each(|(image, draws)| {
        let fresh = |set: &Host| set.biases[..set.ready.len()].iter().map(|layer| vec![0.0; layer.len()]).collect();
        let mut hidden: Vec<Vec<Vec<f32>>> = sets.iter().map(fresh).collect();
        for (position, (&pixel, uniform)) in made.ordering.iter().zip(draws).enumerate() {
            let odds: Vec<f32> =
                sets.iter().zip(&mut hidden).map(|(set, hidden)| set.next(position, pixel, image, hidden)).collect();
            let odds = if let [only] = odds[..] { only } else { mean_odds(odds.iter().copied()) };
            image[pixel] = Family::Bernoulli.draw(&[odds], *uniform);
        }
    });
    Split::new(images, pixels)
}
