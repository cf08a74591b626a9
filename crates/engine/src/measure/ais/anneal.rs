//! Annealed importance sampling with Hamiltonian Monte Carlo, in both directions.
//!
//! The intermediate distributions are f_b(z) = p(z) p(x|z)^b, with b from 0 (prior) to 1 (posterior). Each chain
//! multiplies the ratios of successive distributions into a weight.
//!
//! Neal, 2001, Annealed Importance Sampling, eq. 3 to 11; the reverse direction from Grosse, Ghahramani and
//! Adams, 2015, Sandwiching the Marginal Likelihood Using Bidirectional Monte Carlo, section 3.

use data::{Noise, Split};

use super::schedule::{Schedule, Visit};
use crate::StochasticDecoder;

/// Number of leapfrog steps of one Hamiltonian trajectory.
const LEAPFROG: usize = 10;
/// Target acceptance rate of the pilot run.
const ACCEPTED: f64 = 0.65;
/// First inverse temperature of the pilot run, in units of 1 / (standard deviation of the log-likelihood under the prior).
const FIRST: f64 = 0.1;

/// Likelihood p(x|z) of images, one per chain, for one code.
pub(super) struct Target<'a> {
    pub(super) decoder: &'a dyn StochasticDecoder,
    pub(super) code: usize,
    /// The image of each chain.
    pub(super) images: &'a Split,
}

/// Positions of all chains, with log-likelihoods and their gradients.
struct State {
    z: Vec<f64>,
    log_likelihood: Vec<f64>,
    /// Gradient of the log-likelihood with respect to z.
    gradient: Vec<f64>,
}

impl Target<'_> {
    /// One draw from the prior per chain.
    fn start(&self, noise: &mut Noise) -> State {
        self.at((0..self.images.len() * self.decoder.dims()).map(|_| noise.normal()).collect())
    }

    fn at(&self, z: Vec<f64>) -> State {
        let eps: Vec<f32> = z.iter().map(|z| *z as f32).collect();
        let (log_likelihood, gradient) = self.decoder.log_likelihood(self.code, &eps, self.images);
        State { z, log_likelihood, gradient: gradient.into_iter().map(f64::from).collect() }
    }

    /// Runs one trajectory of every chain at inverse temperature `b`: new momenta, leapfrog steps, and a Metropolis
    /// test per chain. Returns the acceptance rate.
    fn trajectory(&self, state: &mut State, b: f64, step: f64, noise: &mut Noise) -> f64 {
        let dims = self.decoder.dims();
        // Random step sizes avoid periodic trajectories, which return to their start (Neal, 2011, section 3.2).
        let step = step * (0.8 + 0.4 * noise.uniform());
        let start: Vec<f64> = (0..state.z.len()).map(|_| noise.normal()).collect();
        let kick = |momentum: &mut [f64], state: &State, size: f64| {
            for ((p, z), gradient) in momentum.iter_mut().zip(&state.z).zip(&state.gradient) {
                *p += size * (b * gradient - z);
            }
        };
        let mut momentum = start.clone();
        kick(&mut momentum, state, 0.5 * step);
        let mut end: Option<State> = None;
        for leap in 0..LEAPFROG {
            let current = end.as_ref().unwrap_or(state);
            let z = current.z.iter().zip(&momentum).map(|(z, p)| z + step * p).collect();
            let next = self.at(z);
            kick(&mut momentum, &next, if leap + 1 == LEAPFROG { 0.5 * step } else { step });
            end = Some(next);
        }
        let Some(end) = end else { return 0.0 };
        let square = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>();
        let chains = state.log_likelihood.len();
        let mut accepted = 0;
        for chain in 0..chains {
            let range = chain * dims..(chain + 1) * dims;
            let energy = |state: &State, momentum: &[f64]| {
                0.5 * (square(&state.z[range.clone()]) + square(&momentum[range.clone()]))
                    - b * state.log_likelihood[chain]
            };
            let change = energy(state, &start) - energy(&end, &momentum);
            // A trajectory with NaN is rejected, because a comparison with NaN is false.
            if noise.uniform().ln() < change {
                accepted += 1;
                state.z[range.clone()].copy_from_slice(&end.z[range.clone()]);
                state.gradient[range.clone()].copy_from_slice(&end.gradient[range]);
                state.log_likelihood[chain] = end.log_likelihood[chain];
            }
        }
        f64::from(accepted) / chains as f64
    }

    /// Runs `rungs` inverse temperatures with `chains` chains per image. Measures the spread of the log-likelihood and
    /// adapts the step sizes.
    pub(super) fn pilot(&self, chains: usize, rungs: usize, noise: &mut Noise) -> Schedule {
        let mut state = self.start(noise);
        let mut step: f64 = 0.2;
        let mut visits = vec![Visit { b: 0.0, step, spread: spread(&state.log_likelihood, chains) }];
        let first = (FIRST / visits[0].spread).clamp(1e-12, FIRST);
        for rung in 1..=rungs {
            // Even in the logarithm: once the likelihood dominates, the spread is proportional to 1 / b.
            let b = first.powf((rungs - rung) as f64 / (rungs - 1) as f64);
            let accepted = self.trajectory(&mut state, b, step, noise);
            // At most a quarter more or less per rung, enough to follow a posterior that narrows.
            step = (step * (0.7 * (accepted - ACCEPTED)).exp()).clamp(1e-5, 1.0);
            visits.push(Visit { b, step, spread: spread(&state.log_likelihood, chains) });
        }
        Schedule::of(&visits)
    }

    /// Anneals from the prior to the posterior and returns the logarithm of each chain's weight.
    ///
    /// The expected weight is p(x), so the logarithm of a mean weight is a lower bound in expectation.
    pub(super) fn forward(&self, schedule: &Schedule, noise: &mut Noise) -> Vec<f64> {
        let mut state = self.start(noise);
        let mut log_weights = vec![0.0; self.images.len()];
        for rung in 1..=schedule.temperatures {
            add(&mut log_weights, &state, schedule.b(rung) - schedule.b(rung - 1));
            if rung < schedule.temperatures {
                self.trajectory(&mut state, schedule.b(rung), schedule.step(rung), noise);
            }
        }
        log_weights
    }

    /// Anneals from `z`, exact draws from the posterior, to the prior and returns the logarithm of each chain's weight.
    ///
    /// The expected weight is 1 / p(x), so minus the logarithm of a mean weight is an upper bound in expectation.
    pub(super) fn backward(&self, z: Vec<f64>, schedule: &Schedule, noise: &mut Noise) -> Vec<f64> {
        let mut state = self.at(z);
        let mut log_weights = vec![0.0; self.images.len()];
        for rung in (1..=schedule.temperatures).rev() {
            add(&mut log_weights, &state, schedule.b(rung - 1) - schedule.b(rung));
            if rung > 1 {
                self.trajectory(&mut state, schedule.b(rung - 1), schedule.step(rung - 1), noise);
            }
        }
        log_weights
    }
}

fn add(log_weights: &mut [f64], state: &State, change: f64) {
    log_weights.iter_mut().zip(&state.log_likelihood).for_each(|(weight, log)| *weight += change * log);
}

/// Standard deviation of values around the mean of their image, with `chains` values per image; 0 if it is not finite.
fn spread(values: &[f64], chains: usize) -> f64 {
    let squares = values.chunks_exact(chains).map(|values| {
        let mean = values.iter().sum::<f64>() / chains as f64;
        values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (chains - 1) as f64
    });
    let variance = squares.sum::<f64>() / (values.len() / chains) as f64;
    if variance.is_finite() { variance.sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_is_that_within_images() {
        assert_eq!(spread(&[1.0, 3.0, 100.0, 102.0], 2), 2f64.sqrt());
        assert_eq!(spread(&[1.0, f64::NEG_INFINITY], 2), 0.0);
    }
}
