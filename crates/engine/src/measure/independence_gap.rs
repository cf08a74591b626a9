//! Independence gap: mutual information that a Markov assumption ignores.

use data::Split;
use protocol::{Direction, Kind, Measurement, Problem, Support, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};

/// Largest order; counts of longer contexts are almost all 0.
const MAX_ORDER: usize = 16;

/// Loss of a Markov assumption of order k, in nats per image, estimated from the training images.
///
/// `independence_gap_k` is the conditional mutual information of each pixel with the pixel k + 1 positions before it,
/// given the k pixels between, summed over pixels in raster order. 0 means that a longer context by one pixel adds
/// nothing. The entropies are estimated from counts with the bias correction of Miller and Madow, 1955.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct IndependenceGap {
    /// Order k: number of preceding pixels in the context, 0 to 16, and at most the number of pixels minus 2.
    #[schemars(range(min = 0, max = 16))]
    order: usize,
}

impl Default for IndependenceGap {
    fn default() -> Self {
        Self { order: 1 }
    }
}

impl MeasureConfig for IndependenceGap {
    const NAME: &'static str = "independence_gap";
    const ABOUT: &'static str = "information in nats that a Markov assumption of order k ignores in the data";

    fn check(&self, data: &data::DataShape) -> Result<(), Problem> {
        let most = MAX_ORDER.min(data.pixels().saturating_sub(2));
        if self.order > most {
            return Err(
                Problem::new("order", format!("{} is out of range", self.order)).help(format!("at most {most}"))
            );
        }
        Ok(())
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let name = format!("independence_gap_{}", self.order);
        if subject.data.shape.support != Support::Binary {
            let reason = "the counts need binary pixels";
            return Ok(vec![Measurement::absent(&name, Kind::Estimate, Unit::Nats, Direction::Neither, reason)]);
        }
        // With dynamic binarization, the training images of step 0.
        let train = subject.data.batch(&(0..subject.data.train.len()).collect::<Vec<_>>(), 0);
        let gap = gap(&train, self.order);
        Ok(vec![
            Measurement::new(&name, Kind::Estimate, Unit::Nats, Direction::Neither, gap)
                .with_n(train.len())
                .on(Support::Binary),
        ])
    }
}

/// Sum over pixels of I(x_i; x_{i-k-1} | x_{i-k} .. x_{i-1}).
fn gap(images: &Split, order: usize) -> f64 {
    (order + 1..images.image_len)
        .map(|pixel| {
            let (kept, all) = (pixel - order, pixel - order - 1);
            // I(a; b | c) = H(a c) + H(b c) - H(c) - H(a b c), with a the pixel and b the dropped one.
            entropy(images, kept, pixel + 1) + entropy(images, all, pixel)
                - entropy(images, kept, pixel)
                - entropy(images, all, pixel + 1)
        })
        .sum()
}

/// Entropy of pixels `from..to` in nats, from counts, plus (occupied cells - 1) / 2n.
fn entropy(images: &Split, from: usize, to: usize) -> f64 {
    let mut counts = vec![0u32; 1 << (to - from)];
    for image in images.images() {
        counts[image[from..to].iter().fold(0, |index, pixel| 2 * index + usize::from(*pixel > 0.5))] += 1;
    }
    let n = images.len() as f64;
    let occupied: Vec<f64> = counts.into_iter().filter(|count| *count > 0).map(|count| f64::from(count) / n).collect();
    -occupied.iter().map(|p| p * p.ln()).sum::<f64>() + (occupied.len() as f64 - 1.0) / (2.0 * n)
}

#[cfg(test)]
mod tests {
    use data::Noise;

    use super::*;

    /// x1 a coin, x2 = x1 xor a rare flip, x3 = x1 xor a rare flip: x3 needs x1 even given x2.
    #[test]
    fn the_gap_is_the_conditional_information_and_zero_without_dependence() {
        let (n, q) = (40_000, 0.1);
        let mut noise = Noise::new(0, "gap", 0);
        let mut images = |third_from_first: bool| {
            let pixels = (0..n)
                .flat_map(|_| {
                    let first = noise.bernoulli(0.5);
                    let second = first ^ noise.bernoulli(q);
                    let third = (if third_from_first { first } else { second }) ^ noise.bernoulli(q);
                    [first, second, third].map(|bit| f32::from(u8::from(bit)))
                })
                .collect();
            Split::new(pixels, 3)
        };
        let h = |p: f64| -p * p.ln() - (1.0 - p) * (1.0 - p).ln();
        // I(x1; x3 | x2) = H(x3 | x2) - H(x3 | x1) = h(2 q (1 - q)) - h(q).
        let expected = h(2.0 * q * (1.0 - q)) - h(q);
        let (with, without) = (gap(&images(true), 1), gap(&images(false), 1));
        assert!((with - expected).abs() < 0.01, "{with}, expected {expected}");
        assert!(without.abs() < 5e-4, "{without}");
    }
}
