//! A Markov chain over the pixels in raster order.
//!
//! The first pixel is 0 or 1 with equal probability. Each next pixel differs from its predecessor with probability q, also
//! across the end of a row. The entropy is ln 2 + (n - 1) h(q), where h is the entropy of a Bernoulli variable.

use std::f64::consts::LN_2;
use std::ops::Bound;

use protocol::Support;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::real;
use crate::synthetic::draws::{COUNTS, Draws, SIDE, Source, Stream, bits, images, pixel};
use crate::synthetic::numbers::coin_entropy;
use crate::{DataConfig, DataError, DataShape, Dataset, Entropy, ExactDensity, Split};

/// Settings of `chain`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Chain {
    /// Height in pixels.
    #[schemars(range(min = 1, max = 256))]
    pub height: usize,
    /// Width in pixels.
    #[schemars(range(min = 1, max = 256))]
    pub width: usize,
    /// Probability that a pixel differs from its predecessor.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1))]
    pub q: f64,
    /// Seed of the images.
    pub seed: u64,
    /// Number of training images.
    #[schemars(range(min = 1, max = 178_956_970))]
    pub train: usize,
    /// Number of validation images.
    #[schemars(range(min = 1, max = 178_956_970))]
    pub validation: usize,
    /// Number of test images.
    #[schemars(range(min = 1, max = 178_956_970))]
    pub test: usize,
}

impl Default for Chain {
    fn default() -> Self {
        let [train, validation, test] = COUNTS;
        Self { height: SIDE, width: SIDE, q: 0.1, seed: 0, train, validation, test }
    }
}

impl DataConfig for Chain {
    const NAME: &'static str = "chain";
    const ABOUT: &'static str = "a Markov chain over binary pixels that flips with probability q; exact density";

    fn describe(&self) -> Result<DataShape, DataError> {
        real("q", self.q, (Bound::Excluded(0.0), Bound::Excluded(1.0)), "above 0 and below 1")?;
        self.draws().shape(Support::Binary, None)
    }

    fn load(&self) -> Result<Dataset, DataError> {
        Ok(self.draws().dataset(Self::NAME, self.describe()?, self.density()?))
    }
}

impl Chain {
    /// The distribution of the images.
    ///
    /// # Errors
    /// A setting is out of range.
    pub fn density(&self) -> Result<ChainDensity, DataError> {
        Ok(ChainDensity { len: self.describe()?.pixels(), q: self.q })
    }

    fn draws(&self) -> Draws {
        let counts = [self.train, self.validation, self.test];
        Draws { height: self.height, width: self.width, seed: self.seed, counts }
    }
}

/// The distribution of `chain`.
#[derive(Clone, Debug)]
pub struct ChainDensity {
    len: usize,
    q: f64,
}

impl ExactDensity for ChainDensity {
    fn log_density(&self, image: &[f32]) -> f64 {
        let Some(bits) = bits(image, self.len) else { return f64::NEG_INFINITY };
        let flips = bits.windows(2).filter(|pair| pair[0] != pair[1]).count();
        let stays = self.len - 1 - flips;
        -LN_2 + flips as f64 * self.q.ln() + stays as f64 * (-self.q).ln_1p()
    }

    fn entropy(&self) -> Entropy {
        Entropy { nats: LN_2 + (self.len as f64 - 1.0) * coin_entropy(self.q), se: None }
    }
}

impl Source for ChainDensity {
    fn draw(&self, stream: &Stream, count: usize) -> Split {
        let mut noise = stream.noise(0);
        images(self.len, count, |image| {
            let mut bit = noise.bernoulli(0.5);
            image[0] = pixel(bit);
            for next in &mut image[1..] {
                bit ^= noise.bernoulli(self.q);
                *next = pixel(bit);
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entropy_of_mnist_sized_chains_is_the_reference() {
        let nats = |q| {
            let chain = Chain { height: 28, width: 28, q, ..Chain::default() };
            chain.density().unwrap().entropy().nats
        };
        assert_eq!(format!("{:.4} {:.4}", nats(0.05), nats(0.1)), "156.1306 255.2331");
    }
}
