//! A causal Markov mesh: the probability of each pixel depends on its neighbours above and to the left.
//!
//! Abend, Harley and Kanal, 1965, Classification of binary random patterns. The 16 probabilities are drawn once from a
//! seed of their own. An autoregressive model can represent the distribution exactly, so its excess is estimation error.

use std::sync::OnceLock;

use protocol::Support;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::real;
use crate::synthetic::draws::{COUNTS, Draws, SIDE, Source, Stream, bits, images, pixel};
use crate::synthetic::numbers::{entropy_draws, entropy_from, softplus};
use crate::{DataConfig, DataError, DataShape, Dataset, Entropy, ExactDensity, Noise, Split};

const CONTEXTS: usize = 16;

/// Settings of `mesh`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Mesh {
    /// Height in pixels.
    #[schemars(range(min = 1, max = 256))]
    pub height: usize,
    /// Width in pixels.
    #[schemars(range(min = 1, max = 256))]
    pub width: usize,
    /// Standard deviation of the 16 logits: 0 gives probabilities of 0.5, large values probabilities near 0 or 1.
    #[schemars(range(min = 0, max = 20))]
    pub strength: f64,
    /// Seed of the 16 logits.
    pub theta_seed: u64,
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

impl Default for Mesh {
    fn default() -> Self {
        let [train, validation, test] = COUNTS;
        Self { height: SIDE, width: SIDE, strength: 2.0, theta_seed: 0, seed: 0, train, validation, test }
    }
}

impl DataConfig for Mesh {
    const NAME: &'static str = "mesh";
    const ABOUT: &'static str = "binary pixels that depend on four earlier neighbours by a random table; exact density";

    fn describe(&self) -> Result<DataShape, DataError> {
        real("strength", self.strength, 0.0..=20.0, "0 to 20")?;
        self.draws().shape(Support::Binary, None)
    }

    fn load(&self) -> Result<Dataset, DataError> {
        Ok(self.draws().dataset(Self::NAME, self.describe()?, self.density()?))
    }
}

impl Mesh {
    /// The distribution of the images.
    ///
    /// # Errors
    /// A setting is out of range.
    pub fn density(&self) -> Result<MeshDensity, DataError> {
        let shape = self.describe()?;
        let mut noise = Noise::new(self.theta_seed, "synthetic/mesh/theta", 0);
        let logits: [f64; CONTEXTS] = std::array::from_fn(|_| self.strength * noise.normal());
        Ok(MeshDensity {
            len: shape.pixels(),
            width: self.width,
            log_p: logits.map(|logit| [-softplus(logit), -softplus(-logit)]),
            entropy_seed: self.theta_seed,
            entropy: OnceLock::new(),
        })
    }

    fn draws(&self) -> Draws {
        let counts = [self.train, self.validation, self.test];
        Draws { height: self.height, width: self.width, seed: self.seed, counts }
    }
}

/// The distribution of `mesh`.
#[derive(Clone, Debug)]
pub struct MeshDensity {
    len: usize,
    width: usize,
    /// Logarithms of the probabilities of 0 and 1 in each context.
    log_p: [[f64; 2]; CONTEXTS],
    entropy_seed: u64,
    // Computed on first use: it takes time, and not every trial needs it.
    entropy: OnceLock<Entropy>,
}

impl MeshDensity {
    /// Probability of a 1 in each context. The index of a context is left + 2 up + 4 up-left + 8 up-right; neighbours
    /// outside of the image count as 0.
    #[must_use]
    pub fn theta(&self) -> [f64; CONTEXTS] {
        self.log_p.map(|[_, one]| one.exp())
    }

    fn context(&self, index: usize, is_one: impl Fn(usize) -> bool) -> usize {
        let column = index % self.width;
        let (up, left, right) = (index >= self.width, column > 0, column + 1 < self.width);
        let at = |inside: bool, back: usize| usize::from(inside && is_one(index - back));
        at(left, 1)
            + 2 * at(up, self.width)
            + 4 * at(up && left, self.width + 1)
            + 8 * at(up && right, self.width.saturating_sub(1))
    }

    fn draw_one(&self, theta: &[f64; CONTEXTS], noise: &mut Noise, image: &mut [f32]) {
        for index in 0..self.len {
            let context = self.context(index, |earlier| image[earlier] == 1.0);
            image[index] = pixel(noise.bernoulli(theta[context]));
        }
    }
}

impl ExactDensity for MeshDensity {
    fn log_density(&self, image: &[f32]) -> f64 {
        let Some(bits) = bits(image, self.len) else { return f64::NEG_INFINITY };
        let one_pixel = |index: usize| {
            let context = self.context(index, |earlier| bits[earlier]);
            self.log_p[context][usize::from(bits[index])]
        };
        (0..self.len).map(one_pixel).sum()
    }

    /// Monte Carlo mean over draws from a stream of its own: 100,000 up to 14x14, then fewer (about 20 million pixels in
    /// all).
    fn entropy(&self) -> Entropy {
        *self.entropy.get_or_init(|| {
            let theta = self.theta();
            let mut noise = Noise::new(self.entropy_seed, "synthetic/mesh/entropy", 0);
            let mut image = vec![0.0; self.len];
            entropy_from(entropy_draws(self.len), || {
                self.draw_one(&theta, &mut noise, &mut image);
                -self.log_density(&image)
            })
        })
    }
}

impl Source for MeshDensity {
    fn draw(&self, stream: &Stream, count: usize) -> Split {
        let theta = self.theta();
        let mut noise = stream.noise(0);
        images(self.len, count, |image| self.draw_one(&theta, &mut noise, image))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_context_has_the_four_neighbours_in_order_and_none_outside() {
        let mesh = Mesh { height: 2, width: 3, ..Mesh::default() }.density().unwrap();
        // The contexts of each pixel with one other pixel set to 1.
        let seen = |index, one| mesh.context(index, |earlier| earlier == one);
        assert_eq!([seen(4, 3), seen(4, 1), seen(4, 0), seen(4, 2)], [1, 2, 4, 8]);
        assert_eq!(mesh.context(0, |_| true), 0);
        assert_eq!(mesh.context(2, |_| true), 1);
        assert_eq!(mesh.context(3, |_| true), 2 + 8);
        assert_eq!(mesh.context(5, |_| true), 1 + 2 + 4);
    }

    #[test]
    fn a_single_column_has_only_neighbours_above() {
        let mesh = Mesh { height: 3, width: 1, ..Mesh::default() }.density().unwrap();
        assert_eq!([0, 1, 2].map(|index| mesh.context(index, |_| true)), [0, 2, 2]);
    }

    #[test]
    fn strength_zero_gives_equal_probabilities() {
        let mesh = Mesh { strength: 0.0, ..Mesh::default() }.density().unwrap();
        assert_eq!(mesh.theta(), [0.5; CONTEXTS]);
        let Entropy { nats, se } = mesh.entropy();
        assert!((nats - 64.0 * 2f64.ln()).abs() < 1e-9 && se.unwrap() < 1e-9);
    }
}
