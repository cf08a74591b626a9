//! Operations of Burn's CPU backend that go over memory once, with their own gradients.
//!
//! Composed of Burn's operations, a layer is a product that lays its matrices out anew, a pass for the bias and
//! one for the activation. Here all is done before a sum leaves its register. Other devices go by Burn's
//! operations, which tests hold these against.

mod activation;
mod dense;
mod products;
mod tape;
#[cfg(test)]
mod tests;
pub mod units;

use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, Flex, backend_extension};
use burn::prelude::*;
use burn_flex::FlexTensor;

pub use activation::Activation;
pub use products::{activated, vectors};

/// The operations.
#[backend_extension(Flex, Autodiff)]
trait Fused: Backend {
    /// `[rows, inputs]`, `[inputs, outputs]` and `[outputs]`; then [`Self::leaky`].
    fn dense(x: FloatTensor<Self>, weight: FloatTensor<Self>, bias: FloatTensor<Self>, slope: f32)
    -> FloatTensor<Self>;

    /// x, or `slope` x where it is negative.
    fn leaky(x: FloatTensor<Self>, slope: f32) -> FloatTensor<Self>;

    /// 1 / (1 + e^-x).
    fn logistic(x: FloatTensor<Self>) -> FloatTensor<Self>;
}

impl Fused for Flex {
    fn dense(x: FlexTensor, weight: FlexTensor, bias: FlexTensor, slope: f32) -> FlexTensor {
        dense::forward(&x, &weight, &bias, slope)
    }

    fn leaky(x: FlexTensor, slope: f32) -> FlexTensor {
        units::forward(&x, slope)
    }

    fn logistic(x: FlexTensor) -> FlexTensor {
        units::logistic(&x)
    }
}

/// Whether a tensor is where these operations are.
#[must_use]
pub fn apply_to<const D: usize>(x: &Tensor<D>) -> bool {
    x.device() == Device::flex() || x.device() == Device::flex().autodiff()
}

/// x W + b, through an activation that has `slope` where its input is negative.
pub(crate) fn dense(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>, slope: f32) -> Tensor<2> {
    let [x, weight, bias] = [x.into_dispatch(), weight.into_dispatch(), bias.into_dispatch()];
    Tensor::from_dispatch(Dispatch::dense(x, weight, bias, slope))
}

/// x, or `slope` x where it is negative.
fn leaky<const D: usize>(x: Tensor<D>, slope: f32) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::leaky(x.into_dispatch(), slope))
}

/// 1 / (1 + e^-x), on the CPU many at once.
#[must_use]
pub fn sigmoid<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    if apply_to(&x) {
        Tensor::from_dispatch(Dispatch::logistic(x.into_dispatch()))
    } else {
        burn::tensor::activation::sigmoid(x)
    }
}

/// A host array as a tensor.
#[must_use]
pub fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}

/// The numbers of a contiguous tensor.
#[must_use]
pub fn numbers(x: &FlexTensor) -> &[f32] {
    x.as_slice().expect("contiguous numbers in single precision")
}

/// A matrix seen from the other side.
#[must_use]
pub fn transposed(matrix: &FlexTensor) -> FlexTensor {
    Flex::float_swap_dims(matrix.clone(), 0, 1)
}
