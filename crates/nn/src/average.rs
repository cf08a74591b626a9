//! Running average of the weights of a network over training steps.
//!
//! The weights of adversarial networks oscillate around their target, and their average is closer to it (Yazici et al.,
//! 2019, The Unusual Effectiveness of Averaging in GAN Training, section 3.1).

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::prelude::*;
use protocol::{Optim, Problem};

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

/// Refuses the setting `train.optim.ema` for a model that averages its weights by a setting of its own, with decay `own`.
///
/// # Errors
/// Both decay rates are above 0.
pub fn only_one(own: f64, optim: &Optim) -> Result<(), Problem> {
    if own == 0.0 || optim.ema == 0.0 {
        return Ok(());
    }
    let message = format!("the model averages its weights itself: `model.average` is {own}");
    Err(Problem::new("ema", message).help("remove it, or set `model.average` to 0"))
}

/// Returns the average after one more training step: `keep` times the average plus `1 - keep` times `now`.
///
/// `step` counts from 0. The first steps use a smaller rate (at most `step / (step + 10)`), so that the initial weights
/// have no influence. Both networks have the same architecture and no gradients. Running statistics are averaged, too.
///
/// # Panics
/// If the architectures differ.
pub fn after_step<M: Module>(average: M, now: &M, keep: f64, step: u64) -> M {
    averaged(average, now, rate(keep, step))
}

/// Rate of the average in step `step`.
fn rate(keep: f64, step: u64) -> f64 {
    keep.min(step as f64 / (step + 10) as f64)
}

/// Weighted mean of all numbers: `keep` times the average plus `1 - keep` times `now`.
fn averaged<M: Module>(average: M, now: &M, keep: f64) -> M {
    let mut now = flat(now).into_iter();
    replace(average, &mut |average| mean(average, now.next().expect(ARCHITECTURE), keep))
}

const ARCHITECTURE: &str = "two networks of one architecture";

/// Moving average of the weights of one or more networks, without the networks.
///
/// ```
/// use burn::prelude::*;
/// use ::nn::average::{Averages, flat};
/// use ::nn::{Dense, Noise};
///
/// let device = Device::flex().autodiff();
/// let layer = |seed| Dense::new(2, 1, &mut Noise::new(seed, "example", 0), &device);
/// let averages = Averages::new(flat(&layer(0)));
/// // The first step replaces the initial weights.
/// let averages = averages.after_step(flat(&layer(1)), 0.9, 0);
/// let found: Vec<f32> = averages.values().into_iter().flat_map(::nn::to_host).collect();
/// assert_eq!(found, [::nn::to_host(layer(1).weight()), ::nn::to_host(layer(1).bias())].concat());
/// ```
#[derive(Module, Debug)]
pub struct Averages {
    numbers: Vec<Param<Tensor<1>>>,
}

impl Averages {
    /// Average that equals `numbers`, those of [`flat`].
    #[must_use]
    pub fn new(numbers: Vec<Tensor<1>>) -> Self {
        Self { numbers: numbers.into_iter().map(Param::from_tensor).collect() }
    }

    /// Returns the average after one more training step, with the rate of [`after_step`].
    ///
    /// # Panics
    /// If the numbers are those of another architecture.
    #[must_use]
    pub fn after_step(self, now: Vec<Tensor<1>>, keep: f64, step: u64) -> Self {
        assert_eq!(self.numbers.len(), now.len(), "{ARCHITECTURE}");
        let keep = rate(keep, step);
        let pairs = self.numbers.into_iter().zip(now);
        Self { numbers: pairs.map(|(average, now)| average.map(|average| mean(average, now, keep))).collect() }
    }

    /// The averages, in the order of the numbers.
    #[must_use]
    pub fn values(&self) -> Vec<Tensor<1>> {
        self.numbers.iter().map(|average| average.val().without_autodiff()).collect()
    }
}

fn mean(average: Tensor<1>, now: Tensor<1>, keep: f64) -> Tensor<1> {
    average * keep + now * (1.0 - keep)
}

/// Weights, running statistics and other saved numbers of a network, each as one row without autodiff, in the order of
/// its fields.
#[must_use]
pub fn flat(module: &impl Module) -> Vec<Tensor<1>> {
    // `valid` synchronises running statistics, a visit does not.
    let mut flat = Flat(Vec::new());
    module.valid().visit(&mut flat);
    flat.0
}

/// Replaces the numbers of a network by those that [`flat`] returned for a network of the same architecture.
///
/// # Panics
/// If the architectures differ.
#[must_use]
pub fn with_flat<M: Module>(module: M, numbers: Vec<Tensor<1>>) -> M {
    // A pending update of running statistics would replace the new ones.
    let _ = module.valid();
    let mut numbers = numbers.into_iter();
    replace(module, &mut |_| numbers.next().expect(ARCHITECTURE))
}

/// Parameters as one-dimensional tensors, in the order of fields.
struct Flat(Vec<Tensor<1>>);

impl ModuleVisitor for Flat {
    fn visit_float<const D: usize>(&mut self, parameter: &Param<Tensor<D>>) {
        let value = parameter.val();
        let count = value.shape().num_elements();
        self.0.push(value.reshape([count]));
    }
}

fn replace<M: Module>(module: M, new: &mut dyn FnMut(Tensor<1>) -> Tensor<1>) -> M {
    module.map(&mut Replace(new))
}

/// Mapper from old to new numbers, each as one row without autodiff. Whether a parameter is trained does not change.
struct Replace<'a>(&'a mut dyn FnMut(Tensor<1>) -> Tensor<1>);

impl ModuleMapper for Replace<'_> {
    fn map_float<const D: usize>(&mut self, parameter: Param<Tensor<D>>) -> Param<Tensor<D>> {
        parameter.map(|old| {
            let (shape, trained, device) = (old.shape(), old.is_require_grad(), old.device());
            let count = shape.num_elements();
            let new = (self.0)(old.without_autodiff().reshape([count])).reshape(shape);
            let new = if device.is_autodiff() { Tensor::from_inner(new) } else { new };
            new.set_require_grad(trained)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, BatchNorm, Dense, Noise, to_host};

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

    /// Numbers of a batch norm: scale, shift, running mean and running variance.
    fn statistics(layer: &BatchNorm) -> Vec<f32> {
        flat(layer).into_iter().flat_map(to_host).collect()
    }

    #[test]
    fn exchanged_weights_come_back_with_pending_statistics_and_gradients() {
        let device = Device::flex().autodiff();
        let x = Tensor::<2>::from_floats([[1.0], [3.0]], &device);
        let layer = BatchNorm::new(1, &device);
        let loss = |layer: &BatchNorm| layer.forward_then(x.clone(), Activation::Identity).sum();
        let _ = loss(&layer);
        let before = flat(&layer);
        let numbers = statistics(&layer);
        assert!(numbers[2] > 0.0, "the running mean moved: {numbers:?}");
        let others: Vec<Tensor<1>> = before.iter().map(|row| row.clone() + 5.0).collect();
        let _ = loss(&layer);
        let pending = flat(&layer);
        let layer = with_flat(layer, others);
        assert_eq!(statistics(&layer), numbers.iter().map(|number| number + 5.0).collect::<Vec<_>>());
        let layer = with_flat(layer, pending.clone());
        assert_eq!(statistics(&layer), pending.into_iter().flat_map(to_host).collect::<Vec<_>>());
        let gradients = burn::optim::GradientsParams::from_grads(loss(&layer).backward(), &layer);
        assert_eq!(gradients.len(), 2, "scale and shift are trained, the statistics are not");
    }

    #[test]
    fn averages_of_networks_are_those_of_their_numbers() {
        let device = Device::flex().autodiff();
        let layer = |seed| Dense::new(3, 2, &mut Noise::new(seed, "dense", 0), &device);
        let (mut module, mut averages) = (layer(0).valid(), Averages::new(flat(&layer(0))));
        for step in 0..20 {
            module = after_step(module, &layer(step + 1).valid(), 0.5, step);
            averages = averages.after_step(flat(&layer(step + 1)), 0.5, step);
        }
        let found: Vec<f32> = averages.values().into_iter().flat_map(to_host).collect();
        assert_eq!(found, [to_host(module.weight()), to_host(module.bias())].concat());
    }
}
