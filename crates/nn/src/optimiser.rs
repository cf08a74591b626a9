//! Optimiser of a module: Adam of the model, or the algorithm that the block `train.optim` of a grid selects.
//!
//! The algorithms are Burn's, with the constants of PyTorch instead of Burn's defaults: no dampening of momentum, no
//! momentum of RMSProp unless set, and an epsilon of 1e-8. Clipping limits the norm over all gradients of a loss, where
//! Burn limits that of each parameter.

use std::path::Path;

use burn::module::Module;
use burn::optim::decay::WeightDecayConfig;
use burn::optim::momentum::MomentumConfig;
use burn::optim::{AdamConfig, AdamWConfig, GradientsParams, ModuleOptimizer, RmsPropConfig, SgdConfig};
use protocol::{Algorithm, Optim, RecordError};

use crate::adam::{Adam, Constants};
use crate::faults;
use crate::gradient_norm::clipped;

/// Optimiser of one module, with its state.
#[derive(Clone)]
pub struct Optimiser {
    /// First-moment decay of the model, for settings without one.
    beta_1: f32,
    rule: ModuleOptimizer,
    /// Largest norm of the gradients of a step.
    clip_norm: Option<f64>,
}

/// Adam with the paper's second-moment decay (0.999) and epsilon (1e-8), and first-moment decay `beta_1` (0.9 in the
/// paper, 0.5 for most GANs). A grid can select another algorithm for it.
///
/// ```
/// use burn::optim::GradientsParams;
/// use burn::prelude::*;
/// use ::nn::{Dense, Noise, adam};
///
/// let device = Device::flex().autodiff();
/// let layer = Dense::new(2, 1, &mut Noise::new(0, "example", 0), &device);
/// let before = ::nn::to_host(layer.bias());
/// let gradients = layer.forward(Tensor::ones([4, 2], &device)).mean().backward();
/// let gradients = GradientsParams::from_grads(gradients, &layer);
/// let layer = adam(0.9).step(1e-2, layer, gradients);
/// // The first step of Adam has the size of the learning rate.
/// assert!((before[0] - ::nn::to_host(layer.bias())[0] - 1e-2).abs() < 1e-6);
/// ```
#[must_use]
pub fn adam(beta_1: f32) -> Optimiser {
    Optimiser { beta_1, rule: rule(&Optim::default(), beta_1), clip_norm: None }
}

/// An optimiser of Burn. A grid can select another algorithm for it.
impl From<ModuleOptimizer> for Optimiser {
    fn from(rule: ModuleOptimizer) -> Self {
        Self { beta_1: 0.9, rule, clip_norm: None }
    }
}

impl Optimiser {
    /// Applies the settings of a grid before the first step. Settings that all have their defaults change nothing.
    pub fn configure(&mut self, optim: &Optim) {
        self.clip_norm = optim.clip_norm;
        let of_rule = Optim { clip_norm: None, ema: 0.0, ..optim.clone() };
        if !of_rule.is_default() {
            self.rule = rule(&of_rule, self.beta_1);
        }
    }

    /// Takes a step of size `lr` on the gradients of one loss and returns the updated module.
    #[must_use]
    pub fn step<M: Module>(&mut self, lr: f64, module: M, gradients: GradientsParams) -> M {
        if faults::loses_update() {
            return module;
        }
        let gradients = match faults::clip_norm(self.clip_norm) {
            Some(most) => clipped(&module, gradients, most),
            None => gradients,
        };
        self.rule.step(faults::learning_rate(lr), module, gradients)
    }

    /// Clears the state of an optimiser with the default settings.
    #[cfg(feature = "faults")]
    pub fn reset(&mut self) {
        self.rule = rule(&Optim::default(), self.beta_1);
    }

    /// Saves the state as `dir/name.bpk`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, dir: &Path, name: &str) -> Result<(), RecordError> {
        let path = dir.join(name);
        self.rule.save(&path).map_err(|error| RecordError::new(&path, error))
    }

    /// Loads the state that [`Optimiser::save`] saved.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn load(&mut self, dir: &Path, name: &str) -> Result<(), RecordError> {
        let path = dir.join(name);
        self.rule = self.rule.clone().load(&path).map_err(|error| RecordError::new(&path, error))?;
        Ok(())
    }
}

/// Algorithm with the constants of `optim`; `beta_1` is the first-moment decay if that has none.
fn rule(optim: &Optim, beta_1: f32) -> ModuleOptimizer {
    let constants = Constants {
        beta_1: optim.beta_1.map_or(beta_1, |beta_1| beta_1 as f32),
        beta_2: optim.beta_2 as f32,
        epsilon: optim.epsilon as f32,
    };
    let (decay, momentum) = (faults::weight_decay(optim.weight_decay) as f32, optim.momentum);
    let penalty = (decay > 0.0).then(|| WeightDecayConfig::new(decay));
    let Constants { beta_1, beta_2, epsilon } = constants;
    match optim.algorithm {
        Algorithm::Adam if penalty.is_none() => Adam::new(constants).into(),
        Algorithm::Adam => {
            let adam = AdamConfig::new().with_beta_1(beta_1).with_beta_2(beta_2).with_epsilon(epsilon);
            adam.with_weight_decay(penalty).init()
        }
        Algorithm::Adamw => {
            let adamw = AdamWConfig::new().with_beta_1(beta_1).with_beta_2(beta_2).with_epsilon(epsilon);
            adamw.with_weight_decay(decay).init()
        }
        Algorithm::Sgd => {
            let momentum = (momentum > 0.0).then(|| MomentumConfig::new().with_momentum(momentum).with_dampening(0.0));
            SgdConfig::new().with_weight_decay(penalty).with_momentum(momentum).init()
        }
        Algorithm::Rmsprop => {
            let rmsprop = RmsPropConfig::new().with_alpha(optim.smoothing as f32).with_epsilon(epsilon);
            rmsprop.with_momentum(momentum as f32).with_weight_decay(penalty).init()
        }
    }
}

#[cfg(test)]
mod tests;
