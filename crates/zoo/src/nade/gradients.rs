//! Gradients from the recursion of the paper in [`scan`].

use burn::optim::GradientsParams;
use burn::prelude::*;
use data::Split;

use super::{Nade, scan};
use crate::faults::bias_gradient;
use engine::HostGradients;

impl HostGradients for Nade {
    fn gradients(&self, images: &Split) -> (f64, GradientsParams) {
        let scan::Descent { nll, gradients } = self.weights().descend(&self.in_order(images));
        let device = self.device().inner();
        let mut register = GradientsParams::new();
        let matrix = |values: Vec<f32>| Tensor::<2>::from_data(TensorData::new(values, self.input.dims()), &device);
        register.register(self.input.id, matrix(gradients.input));
        register.register(self.output.id, matrix(gradients.output));
        let vector = |values: Vec<f32>| {
            let count = values.len();
            Tensor::<1>::from_data(TensorData::new(values, [count]), &device)
        };
        register.register(self.input_bias.id, vector(bias_gradient(gradients.input_bias)));
        register.register(self.output_bias.id, vector(bias_gradient(gradients.output_bias)));
        (nll, register)
    }
}
