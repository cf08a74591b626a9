//! Running average of the weights of a network over training steps.
//!
//! The weights of adversarial networks oscillate around their target, and their average is closer to it (Yazici et al.,
//! 2019, The Unusual Effectiveness of Averaging in GAN Training, section 3.1).

use std::collections::VecDeque;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::prelude::*;
use protocol::Problem;

/// Refuses a decay rate outside of `[0, 1)`, at the setting `path`. A rate of 0 means no average.
///
/// # Errors
/// The rate is out of range.
pub fn check(path: &str, keep: f64) -> Result<(), Problem> {
    if (0.0..1.0).contains(&keep) {
        return Ok(());
    }
    let advice = "from 0 to below 1; 0.998 averages over about 500 steps";
    Err(Problem::new(path, format!("{keep} is out of range")).help(advice))
}

/// Returns the average after one more training step: `keep` times the average plus `1 - keep` times `now`.
///
/// `step` counts from 0. The first steps use a smaller rate (at most `step / (step + 10)`), so that the initial weights
/// have no influence. Both networks have the same architecture and no gradients. Running statistics are averaged, too.
///
/// # Panics
/// If the architectures differ.
pub fn after_step<M: Module>(average: M, now: &M, keep: f64, step: u64) -> M {
    averaged(average, now, keep.min(step as f64 / (step + 10) as f64))
}

/// Weighted mean of all numbers: `keep` times the average plus `1 - keep` times `now`.
fn averaged<M: Module>(average: M, now: &M, keep: f64) -> M {
    let mut flat = Flat(VecDeque::new());
    now.visit(&mut flat);
    average.map(&mut Mix { flat, keep })
}

/// Parameters as one-dimensional tensors, in the order of fields.
struct Flat(VecDeque<Tensor<1>>);

impl ModuleVisitor for Flat {
    fn visit_float<const D: usize>(&mut self, parameter: &Param<Tensor<D>>) {
        let value = parameter.val();
        let count = value.shape().num_elements();
        self.0.push_back(value.reshape([count]));
    }
}

struct Mix {
    flat: Flat,
    keep: f64,
}

impl ModuleMapper for Mix {
    fn map_float<const D: usize>(&mut self, parameter: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let now = self.flat.0.pop_front().expect("two networks of one architecture");
        parameter.map(|average| {
            let now = now.reshape(average.shape());
            average * self.keep + now * (1.0 - self.keep)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dense, Noise, to_host};

    #[test]
    fn every_number_is_a_weighted_mean() {
        let device = Device::flex();
        let [a, b] = [0, 1].map(|seed| Dense::new(3, 2, &mut Noise::new(seed, "dense", 0), &device));
        let numbers = |layer: &Dense| [to_host(layer.weight()), to_host(layer.bias())].concat();
        let mixed = averaged(a.clone(), &b, 0.75);
        let pairs = numbers(&a).into_iter().zip(numbers(&b));
        let expected: Vec<f32> = pairs.map(|(a, b)| 0.75 * a + 0.25 * b).collect();
        assert!(numbers(&mixed).iter().zip(&expected).all(|(found, right)| (found - right).abs() < 1e-7));
        assert_ne!(numbers(&mixed), numbers(&a));
    }
}
