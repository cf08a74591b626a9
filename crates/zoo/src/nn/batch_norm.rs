//! Batch normalisation over the last dimension.
//!
//! On a device with autodiff, by the batch's own statistics, which move the running ones; without,
//! by the running ones. So a snapshot's output for an image hangs on that image alone; a fixed layer's does
//! with autodiff too.
//!
//! Ioffe and Szegedy, 2015, Batch Normalization, algorithms 1 and 2.

use burn::module::{Module, Param, RunningState};
use burn::prelude::*;
use engine::Activation;

use super::conv::Deconv;
use super::fused::{self, Normal};

/// Added to variances, as in the paper's released networks; 0.8 in a widely copied repository is a
/// slip of a positional argument.
pub(super) const EPSILON: f32 = 1e-5;
/// The share of a new batch in the running statistics.
const MOMENTUM: f32 = 0.1;

/// Scales each feature to mean 0 and variance 1, then by learned numbers.
///
/// The running statistics are saved and loaded with the module and are no parameters: nothing
/// descends them. A layer's clones share them, its snapshot does not.
#[derive(Module, Debug)]
pub(crate) struct BatchNorm {
    scale: Param<Tensor<1>>,
    shift: Param<Tensor<1>>,
    mean: RunningState<Tensor<1>>,
    variance: RunningState<Tensor<1>>,
    #[module(skip)]
    fixed: bool,
}

impl BatchNorm {
    /// A layer over `features`.
    pub(crate) fn new(features: usize, device: &Device) -> Self {
        Self {
            scale: Param::from_tensor(Tensor::ones([features], device)),
            shift: Param::from_tensor(Tensor::zeros([features], device)),
            mean: RunningState::new(Tensor::zeros([features], device)),
            variance: RunningState::new(Tensor::ones([features], device)),
            fixed: false,
        }
    }

    /// A layer that goes by its running statistics whatever the device.
    pub(crate) fn fixed(self) -> Self {
        Self { fixed: true, ..self }
    }

    /// The same shape, over every dimension but the last, with an activation after it.
    pub(crate) fn forward_then<const D: usize>(&self, x: Tensor<D>, activation: Activation) -> Tensor<D> {
        let shape = x.dims();
        let features = shape[D - 1];
        let rows = shape.iter().product::<usize>() / features;
        let x = x.reshape([rows, features]);
        let normal = if self.goes_by_batch(&x.device()) {
            self.by_batch(x, activation)
        } else {
            let [factor, offset] = self.by_running();
            activation.of(x * factor.unsqueeze() + offset.unsqueeze())
        };
        normal.reshape(shape)
    }

    /// After a transposed convolution, which does the work where the statistics are known beforehand.
    pub(crate) fn after(&self, layer: &Deconv, x: Tensor<4>, activation: Activation) -> Tensor<4> {
        if self.goes_by_batch(&x.device()) {
            return self.forward_then(layer.forward(x), activation);
        }
        let [factor, offset] = self.by_running();
        layer.forward_scaled(x, factor, offset, activation)
    }

    fn goes_by_batch(&self, device: &Device) -> bool {
        device.is_autodiff() && !self.fixed
    }

    fn by_batch(&self, x: Tensor<2>, activation: Activation) -> Tensor<2> {
        let rows = x.dims()[0];
        let (scale, shift) = (self.scale.val(), self.shift.val());
        let normal = if engine::fused::apply_to(&x) {
            fused::normalised(x, scale, shift, EPSILON, activation.slope())
        } else {
            let normal = composed(x, scale, shift);
            Normal { output: activation.of(normal.output), ..normal }
        };
        // An unbiased estimate is kept, as PyTorch keeps; of a single row there is none.
        let unbiased = rows as f32 / rows.saturating_sub(1).max(1) as f32;
        move_to(&self.mean, normal.mean);
        move_to(&self.variance, normal.variance * unbiased);
        normal.output
    }

    /// What each feature is multiplied by, and what is added then.
    fn by_running(&self) -> [Tensor<1>; 2] {
        let factor = self.scale.val() / (self.variance.value() + EPSILON).sqrt();
        let offset = self.shift.val() - self.mean.value() * factor.clone();
        [factor, offset]
    }
}

/// By Burn's operations.
pub(super) fn composed(x: Tensor<2>, scale: Tensor<1>, shift: Tensor<1>) -> Normal<Tensor<2>, Tensor<1>> {
    let features = x.dims()[1];
    let mean: Tensor<2> = x.clone().mean_dim(0);
    let centred = x - mean.clone();
    let variance: Tensor<2> = (centred.clone() * centred.clone()).mean_dim(0);
    let factor = scale.unsqueeze() / (variance.clone() + EPSILON).sqrt();
    let [mean, variance] = [mean, variance].map(|moment| moment.detach().reshape([features]));
    Normal { output: centred * factor + shift.unsqueeze(), mean, variance }
}

/// Moves a running statistic towards a batch's. Burn keeps an update in a slot of the thread until
/// it is asked for, which saving does not: so it is asked for at once.
fn move_to(running: &RunningState<Tensor<1>>, batch: Tensor<1>) {
    running.update(running.value() * (1.0 - MOMENTUM) + batch * MOMENTUM);
    running.value_sync();
}
