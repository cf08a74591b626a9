//! Convolutions and normalisations of Burn's CPU backend that go over memory once, as `engine::fused`'s layers.
//!
//! Composed of Burn's operations, a convolution lays all its squares side by side before the matrix
//! product, and a normalisation reads its input a dozen times: on a CPU both then wait for memory.
//! Here the product reads the image where it lies, and the bias and the unit after it are applied before a sum leaves
//! its register. Other devices go by Burn's operations, which tests hold these against.

mod conv;
mod normal;
mod pairs;
mod reads;
mod tape;
#[cfg(test)]
mod tests;
mod tiles;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, Flex, backend_extension};
use burn::prelude::*;
use burn_flex::FlexTensor;
use engine::fused::{numbers, tensor, transposed, units};

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
    /// `[batch, rows, columns, maps]`, `[tap x map, map out]` and `[map out]`; then an activation of `slope` below 0.
    fn windows_product(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        windows: Windows,
        slope: f32,
    ) -> FloatTensor<Self>;

    /// `[batch, rows, columns, maps]`, `[map, tap x map out]` and `[map out]`, to a grid of `sides`; then
    /// an activation of `slope` below 0.
    fn windows_sum(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        windows: Windows,
        sides: [usize; 2],
        slope: f32,
    ) -> FloatTensor<Self>;

    /// Output, mean, variance of `[rows, features]`, a scale and a shift; then the same.
    fn normalised(
        x: FloatTensor<Self>,
        scale: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        epsilon: f32,
        slope: f32,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

impl Fused for Flex {
    fn windows_product(
        x: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        windows: Windows,
        slope: f32,
    ) -> FlexTensor {
        conv::product(&x, &weight, &bias, windows, slope)
    }

    fn windows_sum(
        x: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        windows: Windows,
        sides: [usize; 2],
        slope: f32,
    ) -> FlexTensor {
        conv::sum(&x, &weight, &bias, windows, sides, slope)
    }

    fn normalised(
        x: FlexTensor,
        scale: FlexTensor,
        shift: FlexTensor,
        epsilon: f32,
        slope: f32,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let normal = normal::forward(&x, &scale, &shift, epsilon, slope);
        (normal.output, normal.mean, normal.variance)
    }
}

/// Each place of the result from the square of places that `windows` reads for it; a unit of `slope` after it.
pub(super) fn windows_product(
    x: Tensor<4>,
    weight: Tensor<2>,
    bias: Tensor<1>,
    windows: Windows,
    slope: f32,
) -> Tensor<4> {
    let [x, weight, bias] = [x.into_dispatch(), weight.into_dispatch(), bias.into_dispatch()];
    Tensor::from_dispatch(Dispatch::windows_product(x, weight, bias, windows, slope))
}

/// The other way: each place added to the square of places in a grid of `sides` that `windows` reads for it.
pub(super) fn windows_sum(
    x: Tensor<4>,
    weight: Tensor<2>,
    bias: Tensor<1>,
    windows: Windows,
    sides: [usize; 2],
    slope: f32,
) -> Tensor<4> {
    let [x, weight, bias] = [x.into_dispatch(), weight.into_dispatch(), bias.into_dispatch()];
    Tensor::from_dispatch(Dispatch::windows_sum(x, weight, bias, windows, sides, slope))
}

/// Features of `[rows, features]` to mean 0 and variance 1, then scaled and shifted, through a unit of `slope`.
/// The moments have no gradient.
pub(super) fn normalised(
    x: Tensor<2>,
    scale: Tensor<1>,
    shift: Tensor<1>,
    epsilon: f32,
    slope: f32,
) -> Normal<Tensor<2>, Tensor<1>> {
    let (x, scale, shift) = (x.into_dispatch(), scale.into_dispatch(), shift.into_dispatch());
    let (output, mean, variance) = Dispatch::normalised(x, scale, shift, epsilon, slope);
    let [mean, variance] = [mean, variance].map(Tensor::from_dispatch);
    Normal { output: Tensor::from_dispatch(output), mean, variance }
}
