//! Fully connected layer, and separate activations.

mod layer;
mod tape;
#[cfg(test)]
mod tests;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, Flex, backend_extension};
use burn::prelude::*;
use burn_flex::FlexTensor;

use super::elementwise;

/// Operations of the backend.
#[backend_extension(Flex, Autodiff)]
trait DenseOps: Backend {
    /// Layer with input `[rows, inputs]`, weights `[inputs, outputs]` and bias `[outputs]`, then [`Self::leaky_relu`].
    fn dense(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        negative_slope: f32,
    ) -> FloatTensor<Self>;

    /// Leaky ReLU: x, or `negative_slope` x for negative x.
    fn leaky_relu(x: FloatTensor<Self>, negative_slope: f32) -> FloatTensor<Self>;

    /// Logistic function 1 / (1 + e^-x).
    fn logistic(x: FloatTensor<Self>) -> FloatTensor<Self>;
}

impl DenseOps for Flex {
    fn dense(x: FlexTensor, weight: FlexTensor, bias: FlexTensor, negative_slope: f32) -> FlexTensor {
        layer::forward(&x, &weight, &bias, negative_slope)
    }

    fn leaky_relu(x: FlexTensor, negative_slope: f32) -> FlexTensor {
        elementwise::leaky_relu(&x, negative_slope)
    }

    fn logistic(x: FlexTensor) -> FlexTensor {
        elementwise::logistic(&x)
    }
}

/// Computes x W + b, then an activation: `[rows, inputs]`, `[inputs, outputs]`, `[outputs]` to `[rows, outputs]`.
///
/// ```
/// use burn::prelude::*;
///
/// let device = Device::flex();
/// let x = Tensor::<2>::from_floats([[1.0, 2.0]], &device);
/// let weight = Tensor::<2>::from_floats([[1.0, -1.0], [1.0, -1.0]], &device);
/// let bias = Tensor::<1>::from_floats([0.5, 0.0], &device);
/// let y = ::nn::fused::dense(x, weight, bias, 0.5);
/// assert_eq!(::nn::to_host(y), [3.5, -1.5]);
/// ```
///
/// # Panics
/// If the tensors are not on the CPU, or their shapes do not match.
#[must_use]
pub fn dense(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>, negative_slope: f32) -> Tensor<2> {
    let [x, weight, bias] = [x.into_dispatch(), weight.into_dispatch(), bias.into_dispatch()];
    Tensor::from_dispatch(Dispatch::dense(x, weight, bias, negative_slope))
}

/// Leaky ReLU: x, or `negative_slope` x for negative x.
///
/// The gradient at 0 is 0 for ReLU and 1 for a leaky ReLU, as in Burn.
///
/// ```
/// use burn::prelude::*;
///
/// let x = Tensor::<1>::from_floats([-2.0, 3.0], &Device::flex());
/// assert_eq!(::nn::to_host(::nn::fused::leaky_relu(x, 0.5)), [-1.0, 3.0]);
/// ```
///
/// # Panics
/// If the tensor is not on the CPU.
#[must_use]
pub fn leaky_relu<const D: usize>(x: Tensor<D>, negative_slope: f32) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::leaky_relu(x.into_dispatch(), negative_slope))
}

/// Logistic function 1 / (1 + e^-x), with a relative error of about 3e-7.
///
/// ```
/// use burn::prelude::*;
///
/// let x = Tensor::<1>::from_floats([0.0], &Device::flex());
/// assert_eq!(::nn::to_host(::nn::fused::sigmoid(x)), [0.5]);
/// ```
///
/// # Panics
/// If the tensor is not on the CPU.
#[must_use]
pub fn sigmoid<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::logistic(x.into_dispatch()))
}
