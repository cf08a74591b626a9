//! Batch normalisation with the statistics of the batch.

mod kernel;
mod tape;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, Flex, backend_extension};
use burn::prelude::*;
use burn_flex::FlexTensor;

/// Result of a batch normalisation.
#[derive(Clone, Debug)]
pub struct Normalised<T = Tensor<2>, M = Tensor<1>> {
    /// Output after scale, shift and activation, `[rows, features]`.
    pub output: T,
    /// Mean of the batch, `[features]`, without a gradient.
    pub mean: M,
    /// Variance of the batch (biased: divided by the number of rows), `[features]`, without a gradient.
    pub variance: M,
}

/// Operation of the backend.
#[backend_extension(Flex, Autodiff)]
trait BatchNormOps: Backend {
    /// Returns output, mean and variance of `x`, `[rows, features]`, with scale and shift `[features]` and an
    /// activation.
    fn batch_norm(
        x: FloatTensor<Self>,
        scale: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        epsilon: f32,
        negative_slope: f32,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

impl BatchNormOps for Flex {
    fn batch_norm(
        x: FlexTensor,
        scale: FlexTensor,
        shift: FlexTensor,
        epsilon: f32,
        negative_slope: f32,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let normal = kernel::forward(&x, &scale, &shift, epsilon, negative_slope);
        (normal.output, normal.mean, normal.variance)
    }
}

/// Normalises the features of `[rows, features]` to mean 0 and variance 1 over the rows, then applies a scale and a
/// shift of `[features]` and an activation.
///
/// `epsilon` is added to each variance.
///
/// ```
/// use burn::prelude::*;
///
/// let device = Device::flex();
/// let x = Tensor::<2>::from_floats([[1.0], [3.0]], &device);
/// let normal = ::nn::fused::batch_norm(x, Tensor::ones([1], &device), Tensor::zeros([1], &device), 0.0, 1.0);
/// assert_eq!(::nn::to_host(normal.output), [-1.0, 1.0]);
/// assert_eq!((::nn::to_host(normal.mean), ::nn::to_host(normal.variance)), (vec![2.0], vec![1.0]));
/// ```
///
/// # Panics
/// If the tensors are not on the CPU, or their shapes do not match.
#[must_use]
pub fn batch_norm(x: Tensor<2>, scale: Tensor<1>, shift: Tensor<1>, epsilon: f32, negative_slope: f32) -> Normalised {
    let (x, scale, shift) = (x.into_dispatch(), scale.into_dispatch(), shift.into_dispatch());
    let (output, mean, variance) = Dispatch::batch_norm(x, scale, shift, epsilon, negative_slope);
    let [mean, variance] = [mean, variance].map(Tensor::from_dispatch);
    Normalised { output: Tensor::from_dispatch(output), mean, variance }
}
