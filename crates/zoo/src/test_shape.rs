//! Small data sets and images, for tests.

use burn::prelude::*;
use data::DataShape;
use protocol::Support;

/// Returns the shape of a binary data set with 8 training, 8 validation and 8 test images.
pub(crate) fn shape(channels: usize, height: usize, width: usize) -> DataShape {
    DataShape::new([channels, height, width], Support::Binary, [8, 8, 8])
}

/// Returns whether an untrained network centres its pixels. Mid-grey images are then 0 at its first layer, and remain 0
/// because all biases are 0. Black images do not.
pub(crate) fn centres_pixels<const D: usize>(network: impl Fn(Tensor<2>) -> Tensor<D>, data: &DataShape) -> bool {
    let outputs = |grey: f32| ::nn::to_host(network(Tensor::full([2, data.pixels()], grey, &Device::flex())));
    outputs(0.5).iter().all(|output| *output == 0.0) && outputs(0.0).iter().any(|output| *output != 0.0)
}
