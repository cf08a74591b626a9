//! Batch normalisation over the last dimension.
//!
//! Ioffe and Szegedy, 2015, Batch Normalization, algorithms 1 and 2.

use burn::module::{Module, Param, RunningState};
use burn::prelude::*;

use crate::fused::{self, Normalised};
use crate::{Activation, Deconv, is_cpu};

/// Term added to variances, as in the released networks of the paper. The value 0.8 in a widely copied repository comes
/// from a misplaced positional argument.
pub(crate) const EPSILON: f32 = 1e-5;
/// Weight of a new batch in the running statistics.
const MOMENTUM: f32 = 0.1;

/// Normalises each feature to mean 0 and variance 1, then applies a learned scale and shift.
///
/// On a device with autodiff the layer uses the statistics of the batch and updates the running statistics. On a device
/// without autodiff it uses the running statistics, so that the output for an image depends on that image only.
/// [`Self::fixed`] makes it use the running statistics on any device.
///
/// The running statistics are saved and loaded with the module and are not parameters. Clones of a layer share them;
/// a snapshot (`valid`) does not.
///
/// ```
/// use burn::prelude::*;
/// use ::nn::{Activation, BatchNorm};
///
/// let device = Device::flex().autodiff();
/// let norm = BatchNorm::new(1, &device);
/// let x = Tensor::<2>::from_floats([[1.0], [3.0]], &device);
/// let y = ::nn::to_host(norm.forward_then(x, Activation::Identity));
/// assert!((y[0] + 1.0).abs() < 1e-4 && (y[1] - 1.0).abs() < 1e-4);
/// ```
#[derive(Module, Debug)]
pub struct BatchNorm {
    scale: Param<Tensor<1>>,
    shift: Param<Tensor<1>>,
    mean: RunningState<Tensor<1>>,
    variance: RunningState<Tensor<1>>,
    #[module(skip)]
    fixed: bool,
}

impl BatchNorm {
    /// Layer over `features` features, with scale 1 and shift 0.
    #[must_use]
    pub fn new(features: usize, device: &Device) -> Self {
        Self {
            scale: Param::from_tensor(Tensor::ones([features], device)),
            shift: Param::from_tensor(Tensor::zeros([features], device)),
            mean: RunningState::new(Tensor::zeros([features], device)),
            variance: RunningState::new(Tensor::ones([features], device)),
            fixed: false,
        }
    }

    /// Makes the layer use its running statistics on any device.
    #[must_use]
    pub fn fixed(self) -> Self {
        Self { fixed: true, ..self }
    }

    /// Normalises the last dimension over all others, then applies an activation: `[.., features]` to the same shape.
    pub fn forward_then<const D: usize>(&self, x: Tensor<D>, activation: Activation) -> Tensor<D> {
        let shape = x.dims();
        let features = shape[D - 1];
        let rows = shape.iter().product::<usize>() / features;
        let x = x.reshape([rows, features]);
        let normal = if self.uses_batch(&x.device()) {
            self.normalised_by_batch(x, activation)
        } else {
            let [factor, offset] = self.running_factor_and_offset();
            activation.apply(x * factor.unsqueeze() + offset.unsqueeze())
        };
        normal.reshape(shape)
    }

    /// Applies a transposed convolution, then this layer, then an activation: `[batch, rows, columns, channels in]` to
    /// `[batch, rows out, columns out, features]`.
    ///
    /// With running statistics the weights of the convolution include the normalisation, at no cost per position.
    #[must_use]
    pub fn forward_after(&self, layer: &Deconv, x: Tensor<4>, activation: Activation) -> Tensor<4> {
        if self.uses_batch(&x.device()) {
            return self.forward_then(layer.forward(x), activation);
        }
        let [factor, offset] = self.running_factor_and_offset();
        layer.forward_scaled(x, factor, offset, activation)
    }

    fn uses_batch(&self, device: &Device) -> bool {
        device.is_autodiff() && !self.fixed
    }

    fn normalised_by_batch(&self, x: Tensor<2>, activation: Activation) -> Tensor<2> {
        let rows = x.dims()[0];
        let (scale, shift) = (self.scale.val(), self.shift.val());
        let normal = if is_cpu(&x.device()) {
            fused::batch_norm(x, scale, shift, EPSILON, activation.negative_slope())
        } else {
            let normal = composed(x, scale, shift);
            Normalised { output: activation.apply(normal.output), ..normal }
        };
        // The running variance is unbiased, as PyTorch's; a single row has no unbiased estimate.
        let unbiased = rows as f32 / rows.saturating_sub(1).max(1) as f32;
        move_to(&self.mean, normal.mean);
        move_to(&self.variance, normal.variance * unbiased);
        normal.output
    }

    /// Factor and offset of each feature from the running statistics.
    fn running_factor_and_offset(&self) -> [Tensor<1>; 2] {
        let factor = self.scale.val() / (self.variance.value() + EPSILON).sqrt();
        let offset = self.shift.val() - self.mean.value() * factor.clone();
        [factor, offset]
    }
}

/// Normalisation composed of Burn's operations.
pub(crate) fn composed(x: Tensor<2>, scale: Tensor<1>, shift: Tensor<1>) -> Normalised {
    let features = x.dims()[1];
    let mean: Tensor<2> = x.clone().mean_dim(0);
    let centred = x - mean.clone();
    let variance: Tensor<2> = (centred.clone() * centred.clone()).mean_dim(0);
    let factor = scale.unsqueeze() / (variance.clone() + EPSILON).sqrt();
    let [mean, variance] = [mean, variance].map(|moment| moment.detach().reshape([features]));
    Normalised { output: centred * factor + shift.unsqueeze(), mean, variance }
}

/// Moves a running statistic towards that of the batch.
///
/// Burn keeps an update in a thread-local slot until the value is read. Saving does not read it, so it is read here.
fn move_to(running: &RunningState<Tensor<1>>, batch: Tensor<1>) {
    running.update(running.value() * (1.0 - MOMENTUM) + batch * MOMENTUM);
    running.value_sync();
}

#[cfg(test)]
mod tests {
    use burn::tensor::Tolerance;
    use burn::tensor::activation::leaky_relu;
    use data::Noise;

    use super::*;

    /// Slope of the activation for negative inputs.
    const NEGATIVE_SLOPE: f32 = 0.2;

    fn draw<const D: usize>(shape: [usize; D], purpose: &str) -> Tensor<D> {
        let values = Noise::new(3, purpose, 0).normals(shape.iter().product());
        Tensor::<D>::from_data(TensorData::new(values, shape), &Device::flex().autodiff()).require_grad()
    }

    fn close<const D: usize>(a: Tensor<D>, b: Tensor<D>) {
        a.into_data().assert_approx_eq::<f32>(&b.into_data(), Tolerance::rel_abs(1e-4, 2e-3));
    }

    #[test]
    fn moments_and_gradients_equal_those_of_burns_operations() {
        let (x, scale, shift) = (draw([700, 3], "x") * 2.0 + 5.0, draw([3], "scale"), draw([3], "shift"));
        let x = x.detach().require_grad();
        let ours = fused::batch_norm(x.clone(), scale.clone(), shift.clone(), EPSILON, NEGATIVE_SLOPE);
        let mut theirs = composed(x.clone(), scale.clone(), shift.clone());
        theirs.output = leaky_relu(theirs.output, NEGATIVE_SLOPE.into());
        close(ours.output.clone(), theirs.output.clone());
        close(ours.mean, theirs.mean);
        close(ours.variance, theirs.variance);
        let gradients = [ours.output, theirs.output].map(|out| (out * draw([700, 3], "weigh")).sum().backward());
        let [a, b] = gradients.each_ref().map(|gradients| x.grad(gradients).expect("of the input"));
        close(a, b);
        for parameter in [scale, shift] {
            let [a, b] = gradients.each_ref().map(|gradients| parameter.grad(gradients).expect("of a parameter"));
            close(a, b);
        }
    }
}
