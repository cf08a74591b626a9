//! Tensors of the CPU backend as plain arrays.

use burn::backend::Flex;
use burn::backend::ops::FloatTensorOps;
use burn::prelude::*;
use burn_flex::FlexTensor;

/// A host array as a tensor.
pub(super) fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}

/// The numbers of a contiguous tensor.
pub(super) fn numbers(x: &FlexTensor) -> &[f32] {
    x.as_slice().expect("contiguous numbers in single precision")
}

/// The transpose of a matrix.
pub(super) fn transposed(matrix: &FlexTensor) -> FlexTensor {
    Flex::float_swap_dims(matrix.clone(), 0, 1)
}
