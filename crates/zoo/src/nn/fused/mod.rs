//! Operations of Burn's CPU backend that go over memory once, with their own gradients.
//!
//! Composed of Burn's operations, a convolution lays all its squares side by side before the matrix
//! product, and a normalisation reads its input a dozen times: on a CPU both then wait for memory.
//! Here squares are laid out a cache's worth at a time. Other devices go by Burn's operations, which
//! tests hold these against.

mod conv;
mod leaky;
mod normal;
mod squares;
mod tape;
#[cfg(test)]
mod tests;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, Flex, backend_extension};
use burn::prelude::*;
use burn_flex::FlexTensor;

use super::windows::Windows;

/// What a batch norm answers.
pub(super) struct Normal<T, M> {
    /// Normalised, scaled and shifted, `[rows, features]`.
    pub(super) output: T,
    /// Of the batch, `[features]`.
    pub(super) mean: M,
    /// Of the batch, biased, `[features]`.
    pub(super) variance: M,
}

/// The operations, over tensors whose last dimension is contiguous feature maps.
#[backend_extension(Flex, Autodiff)]
trait Fused: Backend {
    /// `[batch, rows, columns, maps]` and `[tap x map, map out]`.
    fn windows_product(x: FloatTensor<Self>, weight: FloatTensor<Self>, windows: Windows) -> FloatTensor<Self>;

    /// `[batch, rows, columns, maps]` and `[map, tap x map out]`, to a grid of `sides`.
    fn windows_sum(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        windows: Windows,
        sides: [usize; 2],
    ) -> FloatTensor<Self>;

    /// x, or `slope` x where it is negative.
    fn leaky(x: FloatTensor<Self>, slope: f32) -> FloatTensor<Self>;

    /// Output, mean, variance of `[rows, features]`, a scale and a shift.
    fn normalised(
        x: FloatTensor<Self>,
        scale: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        epsilon: f32,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

impl Fused for Flex {
    fn windows_product(x: FlexTensor, weight: FlexTensor, windows: Windows) -> FlexTensor {
        conv::product(&x, &weight, windows)
    }

    fn windows_sum(x: FlexTensor, weight: FlexTensor, windows: Windows, sides: [usize; 2]) -> FlexTensor {
        conv::sum(&x, &weight, windows, sides)
    }

    fn leaky(x: FlexTensor, slope: f32) -> FlexTensor {
        leaky::forward(x, slope)
    }

    fn normalised(
        x: FlexTensor,
        scale: FlexTensor,
        shift: FlexTensor,
        epsilon: f32,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let normal = normal::forward(&x, &scale, &shift, epsilon);
        (normal.output, normal.mean, normal.variance)
    }
}

/// Whether a tensor is where these operations are.
pub(super) fn apply_to<const D: usize>(x: &Tensor<D>) -> bool {
    x.device() == Device::flex() || x.device() == Device::flex().autodiff()
}

/// Each place of the result from the square of places that `windows` reads for it.
pub(super) fn windows_product(x: Tensor<4>, weight: Tensor<2>, windows: Windows) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::windows_product(x.into_dispatch(), weight.into_dispatch(), windows))
}

/// The other way: each place added to the square of places in a grid of `sides` that `windows` reads for it.
pub(super) fn windows_sum(x: Tensor<4>, weight: Tensor<2>, windows: Windows, sides: [usize; 2]) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::windows_sum(x.into_dispatch(), weight.into_dispatch(), windows, sides))
}

/// x, or `slope` x where it is negative.
pub(super) fn leaky<const D: usize>(x: Tensor<D>, slope: f32) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::leaky(x.into_dispatch(), slope))
}

/// Features of `[rows, features]` to mean 0 and variance 1, then scaled and shifted. The moments have no
/// gradient.
pub(super) fn normalised(
    x: Tensor<2>,
    scale: Tensor<1>,
    shift: Tensor<1>,
    epsilon: f32,
) -> Normal<Tensor<2>, Tensor<1>> {
    let (x, scale, shift) = (x.into_dispatch(), scale.into_dispatch(), shift.into_dispatch());
    let (output, mean, variance) = Dispatch::normalised(x, scale, shift, epsilon);
    let [mean, variance] = [mean, variance].map(Tensor::from_dispatch);
    Normal { output: Tensor::from_dispatch(output), mean, variance }
}

/// A host array as a tensor.
fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}

/// The numbers of a contiguous tensor.
fn numbers(x: &FlexTensor) -> &[f32] {
    x.as_slice().expect("contiguous numbers in single precision")
}
