//! Fully connected layer.

use burn::module::{Module, Param};
use burn::prelude::*;
use data::Noise;

use crate::dropout::dropped;
use crate::faults::{self, Fault, is_active};
use crate::{Activation, fused, is_cpu};

/// Fully connected layer x W + b.
///
/// Initial weights W are drawn from U(-a, a) with a = sqrt(6 / (inputs + outputs)) (Glorot and Bengio, 2010, eq. 16);
/// the initial bias b is 0.
///
/// A keyed stream on the host gives every device the same weights. Burn's initialisers draw from the process-wide
/// generator of a device instead.
///
/// ```
/// use burn::prelude::*;
/// use ::nn::{Activation, Dense, Noise};
///
/// let device = Device::flex();
/// let layer = Dense::new(4, 2, &mut Noise::new(0, "example", 0), &device);
/// let y = layer.forward_then(Tensor::ones([3, 4], &device), Activation::Relu);
/// assert_eq!(y.dims(), [3, 2]);
/// ```
#[derive(Module, Debug)]
pub struct Dense {
    weight: Param<Tensor<2>>,
    bias: Param<Tensor<1>>,
}

impl Dense {
    /// Layer with `inputs` x `outputs` random weights and a bias of 0.
    #[must_use]
    pub fn new(inputs: usize, outputs: usize, noise: &mut Noise, device: &Device) -> Self {
        let bound = (6.0 / (inputs + outputs) as f32).sqrt();
        Self {
            weight: uniform([inputs, outputs], bound, noise, device),
            bias: Param::from_tensor(Tensor::zeros([outputs], device)),
        }
    }

    /// Device of the weights.
    #[must_use]
    pub fn device(&self) -> Device {
        self.weight.val().device()
    }

    /// Weights W, `[inputs, outputs]`.
    #[must_use]
    pub fn weight(&self) -> Tensor<2> {
        self.weight.val()
    }

    /// Bias b, `[outputs]`.
    #[must_use]
    pub fn bias(&self) -> Tensor<1> {
        self.bias.val()
    }

    /// Applies the layer: `[batch, inputs]` to `[batch, outputs]`.
    #[must_use]
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.forward_then(x, Activation::Identity)
    }

    /// Applies the layer as [`Self::forward`], then an activation.
    #[must_use]
    pub fn forward_then(&self, x: Tensor<2>, activation: Activation) -> Tensor<2> {
        self.forward_with(x, self.weight.val(), activation)
    }

    /// Applies the layer as [`Self::forward_then`], with other weights of the same shape.
    #[must_use]
    pub fn forward_with(&self, x: Tensor<2>, weight: Tensor<2>, activation: Activation) -> Tensor<2> {
        linear(x, weight, self.bias.val(), activation)
    }
}

/// Computes x W + b of `[batch, inputs]`, `[inputs, outputs]` and `[outputs]`, then an activation.
///
/// # Panics
/// If the shapes do not match.
#[must_use]
pub fn linear(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>, activation: Activation) -> Tensor<2> {
    let bias = if is_active(Fault::NoBias) { bias * 0.0 } else { bias };
    if is_cpu(&x.device()) {
        return faulty(fused::dense(x, weight, bias, activation.negative_slope()), activation);
    }
    faulty(activation.apply(x.matmul(weight) + bias.unsqueeze()), activation)
}

/// Output of hidden units, `[batch, features]`, with the active [`faults`].
#[inline]
fn faulty(y: Tensor<2>, activation: Activation) -> Tensor<2> {
    if activation == Activation::Identity {
        return y;
    }
    if is_active(Fault::HiddenUnused) {
        let features = y.dims()[1];
        let mut used = vec![1.0; features];
        faults::unused(&mut used);
        let used = Tensor::<1>::from_data(TensorData::new(used, [features]), &y.device());
        return y * used.unsqueeze();
    }
    if is_active(Fault::DropoutInEvaluation) && !y.device().is_autodiff() {
        return dropped(y, faults::DROPPED, &mut Noise::new(0, "faults/dropout", 0));
    }
    y
}

/// Draws a parameter from U(-bound, bound).
#[must_use]
pub fn uniform<const D: usize>(shape: [usize; D], bound: f32, noise: &mut Noise, device: &Device) -> Param<Tensor<D>> {
    let bound = faults::initial_bound(bound);
    let values: Vec<f32> =
        noise.uniforms(shape.iter().product()).into_iter().map(|u| bound * (2.0 * u - 1.0)).collect();
    Param::from_tensor(Tensor::from_data(TensorData::new(values, shape), device))
}
