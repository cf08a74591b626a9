//! Random convolutions: features for data without labels.
//!
//! Naeem et al., 2020, section 4, suggest them for data that differ from photographs.

use burn::prelude::*;
use burn::tensor::activation::relu;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use data::{Dataset, Noise};

/// Two convolutions with fixed random 3x3 filters and ReLU, then a fixed random projection.
pub(super) struct RandomConvolution {
    shape: [usize; 3],
    first: Tensor<4>,
    second: Tensor<4>,
    projection: Tensor<2>,
}

impl RandomConvolution {
    pub(super) fn new(data: &Dataset, dim: usize) -> Self {
        const CHANNELS: usize = 16;
        let device = Device::flex();
        let shape = [data.shape.channels, data.shape.height, data.shape.width];
        let mut noise = Noise::new(0, "extractor/random", 0);
        let mut filters = |out: usize, inputs: usize| {
            let scale = (2.0 / (inputs as f32 * 9.0)).sqrt();
            let values: Vec<f32> = noise.normals(out * inputs * 9).into_iter().map(|z| z * scale).collect();
            Tensor::<4>::from_data(TensorData::new(values, [out, inputs, 3, 3]), &device)
        };
        let (first, second) = (filters(CHANNELS, shape[0]), filters(CHANNELS, CHANNELS));
        let flat = CHANNELS * shape[1].div_ceil(2) * shape[2].div_ceil(2);
        let scale = (1.0 / flat as f32).sqrt();
        let projection: Vec<f32> = noise.normals(flat * dim).into_iter().map(|z| z * scale).collect();
        let projection = Tensor::from_data(TensorData::new(projection, [flat, dim]), &device);
        Self { shape, first, second, projection }
    }

    pub(super) fn features(&self, x: Tensor<2>) -> Tensor<2> {
        let [images, _] = x.dims();
        let x = x.reshape([images, self.shape[0], self.shape[1], self.shape[2]]);
        let x = relu(conv2d(x, self.first.clone(), None, ConvOptions::new([1, 1], [1, 1], [1, 1], 1)));
        let x = relu(conv2d(x, self.second.clone(), None, ConvOptions::new([2, 2], [1, 1], [1, 1], 1)));
        x.flatten::<2>(1, 3).matmul(self.projection.clone())
    }
}
