//! A running average of a network's weights over the steps of its training.
//!
//! The weights of adversarial networks circle around their target; their average is closer to it (Yazici et al., 2019,
//! The Unusual Effectiveness of Averaging in GAN Training, section 3.1).

use std::collections::VecDeque;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::prelude::*;
use protocol::Problem;

/// Refuses a decay rate outside of `[0, 1)`; 0 keeps nothing of the average.
///
/// # Errors
/// The rate is out of range.
pub fn check(path: &str, keep: f64) -> Result<(), Problem> {
    if (0.0..1.0).contains(&keep) {
        return Ok(());
    }
    let advice = "from 0 to below 1; 0.998 remembers some 500 steps";
    Err(Problem::new(path, format!("{keep} is no share of an average")).help(advice))
}

/// The average after one more step of training: `keep` times the average plus the rest times `now`.
///
/// `step` counts from 0. The first steps keep less (at most `step / (step + 10)`), so that the initial weights are
/// forgotten at once. Both networks have the same architecture and no gradients; running statistics are averaged too.
///
/// # Panics
/// If the architectures differ.
pub fn after_step<M: Module>(average: M, now: &M, keep: f64, step: u64) -> M {
    averaged(average, now, keep.min(step as f64 / (step + 10) as f64))
}

/// `keep` times the average plus the rest times `now`, number by number.
fn averaged<M: Module>(average: M, now: &M, keep: f64) -> M {
    let mut flat = Flat(VecDeque::new());
    now.visit(&mut flat);
    average.map(&mut Mix { flat, keep })
}

/// Every parameter as a row of numbers, in the order of fields.
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
    fn every_number_moves_by_its_share() {
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
