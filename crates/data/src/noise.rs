//! The only source of randomness: a random stream on the host, keyed by seed, purpose and index.

use rand::distr::{Distribution, Uniform};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rand_distr::StandardNormal;
use sha2::{Digest, Sha256};

/// A stream of random numbers keyed by (seed, purpose, index).
///
/// Two streams with different keys are independent, and draws from one stream do not change another. Thus more frequent
/// measuring, resuming, or another device does not change training.
#[derive(Clone, Debug)]
pub struct Noise(ChaCha8Rng);

impl Noise {
    /// The stream of `purpose` (such as `"batches"`) at `index` (such as the step).
    #[must_use]
    pub fn new(seed: u64, purpose: &str, index: u64) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_le_bytes());
        hash.update(index.to_le_bytes());
        hash.update(purpose.as_bytes());
        Self(ChaCha8Rng::from_seed(hash.finalize().into()))
    }

    /// One draw from `[0, 1)`.
    pub fn uniform(&mut self) -> f64 {
        // 53 random bits: all multiples of 2^-53 are equally likely.
        (self.0.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// One draw from N(0, 1).
    pub fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.0)
    }

    /// One draw that is true with probability `p`.
    pub fn bernoulli(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    /// One uniform draw from `0..count`.
    ///
    /// # Panics
    /// `count` is 0.
    pub fn below(&mut self, count: usize) -> usize {
        Uniform::new(0, count as u64).expect("the count is positive").sample(&mut self.0) as usize
    }

    /// An index drawn with probabilities proportional to `weights`.
    pub fn categorical(&mut self, weights: &[f64]) -> usize {
        let mut left = self.uniform() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.iter().rposition(|weight| *weight > 0.0).unwrap_or_default()
    }

    /// `count` draws from `[0, 1)`.
    pub fn uniforms(&mut self, count: usize) -> Vec<f32> {
        // 24 bits, so that rounding to f32 never yields 1.
        (0..count).map(|_| (self.0.next_u32() >> 8) as f32 * (1.0 / (1u32 << 24) as f32)).collect()
    }

    /// `count` draws from N(0, 1).
    pub fn normals(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| StandardNormal.sample(&mut self.0)).collect()
    }

    /// `0..count` in random order.
    pub fn permutation(&mut self, count: usize) -> Vec<usize> {
        let mut order: Vec<_> = (0..count).collect();
        for last in (1..count).rev() {
            order.swap(last, self.below(last + 1));
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_depends_on_its_key_only() {
        let draw = |seed, purpose, index| Noise::new(seed, purpose, index).uniforms(4);
        assert_eq!(draw(1, "z", 7), draw(1, "z", 7));
        for other in [draw(2, "z", 7), draw(1, "y", 7), draw(1, "z", 8)] {
            assert_ne!(draw(1, "z", 7), other);
        }
    }

    #[test]
    fn moments_are_right_within_five_standard_errors() {
        let n = 100_000;
        let mut noise = Noise::new(0, "test", 0);
        let mean = noise.uniforms(n).iter().map(|u| f64::from(*u)).sum::<f64>() / n as f64;
        assert!((mean - 0.5).abs() < 5.0 * (1.0f64 / 12.0 / n as f64).sqrt(), "{mean}");
        let normals = noise.normals(n);
        let mean = normals.iter().map(|z| f64::from(*z)).sum::<f64>() / n as f64;
        let square = normals.iter().map(|z| f64::from(*z).powi(2)).sum::<f64>() / n as f64;
        assert!(mean.abs() < 5.0 / (n as f64).sqrt(), "{mean}");
        assert!((square - 1.0).abs() < 5.0 * (2.0 / n as f64).sqrt(), "{square}");
        let threes = (0..n).filter(|_| noise.categorical(&[1.0, 0.0, 3.0]) == 2).count() as f64 / n as f64;
        assert!((threes - 0.75).abs() < 5.0 * (0.75 * 0.25 / n as f64).sqrt(), "{threes}");
    }

    #[test]
    fn a_permutation_holds_everything_once() {
        let mut order = Noise::new(3, "order", 0).permutation(100);
        assert_ne!(order, (0..100).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..100).collect::<Vec<_>>());
    }
}
