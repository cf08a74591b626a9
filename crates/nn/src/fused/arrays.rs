//! Conversions between tensors of the CPU backend and plain arrays.

use burn::backend::Flex;
use burn::backend::ops::FloatTensorOps;
use burn::prelude::*;
use burn_flex::FlexTensor;

/// Tensor with the numbers of a host array.
pub(super) fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}

/// Numbers of a contiguous tensor.
pub(super) fn numbers(x: &FlexTensor) -> &[f32] {
    x.as_slice().expect("the tensor is contiguous and f32")
}

/// Transpose of a matrix.
pub(super) fn transposed(matrix: &FlexTensor) -> FlexTensor {
    Flex::float_swap_dims(matrix.clone(), 0, 1)
}
