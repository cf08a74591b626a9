//! Gradients that [`super::host`] computes.

use burn::optim::GradientsParams;
use burn::prelude::*;
use data::Split;

use super::network::Network;
use engine::HostGradients;

impl HostGradients for Network {
    fn gradients(&self, images: &Split) -> (f64, GradientsParams) {
        let (nll, gradients) = self.host().descend(&self.in_order(images));
        let device = self.device().inner();
        let mut register = GradientsParams::new();
        for (conv, (weight, bias)) in self.convs.iter().zip(gradients.0) {
            let matrix = TensorData::new(weight, conv.weight.dims());
            register.register(conv.weight.id, Tensor::<2>::from_data(matrix, &device));
            let vector = TensorData::new(bias, conv.bias.dims());
            register.register(conv.bias.id, Tensor::<1>::from_data(vector, &device));
        }
        (nll, register)
    }
}
