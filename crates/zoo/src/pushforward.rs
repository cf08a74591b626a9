//! Networks as differentiable functions of Gaussian noise.

use burn::module::Module;
use burn::prelude::*;
use engine::Pushforward;

/// Network that starts from Gaussian noise.
pub(crate) trait NoiseDecoder: Module {
    /// Dimensions of eps.
    fn dims(&self) -> usize;

    /// Number of equally likely codes.
    fn codes(&self) -> usize {
        1
    }

    /// Device of the weights.
    fn weights_device(&self) -> Device;

    /// Returns the same function of eps on a device with autodiff. Layers that behave differently in training use
    /// their evaluation mode.
    fn with_autodiff(&self) -> Self {
        self.clone().train().no_grad()
    }
}

/// Network whose images are a function of Gaussian noise.
pub(crate) trait NoiseGenerator: NoiseDecoder {
    /// Images given eps, `[batch, dims]` to `[batch, pixels]`, with or without autodiff.
    fn image(&self, code: usize, eps: Tensor<2>) -> Tensor<2>;
}

/// Implementation of [`Pushforward`] for a trained network.
pub(crate) struct NetworkPushforward<'a, M> {
    plain: &'a M,
    with_autodiff: M,
}

impl<'a, M: NoiseGenerator> NetworkPushforward<'a, M> {
    /// Returns the value of [`engine::GenerativeModel::pushforward`].
    pub(crate) fn boxed(network: &'a M) -> Option<Box<dyn Pushforward + 'a>> {
        Some(Box::new(Self { plain: network, with_autodiff: network.with_autodiff() }))
    }
}

impl<M: NoiseGenerator> Pushforward for NetworkPushforward<'_, M> {
    fn dims(&self) -> usize {
        self.plain.dims()
    }

    fn codes(&self) -> usize {
        self.plain.codes()
    }

    fn decode(&self, code: usize, eps: &[f32]) -> Vec<f32> {
        let eps = rows_of(eps, eps.len() / self.dims(), &self.plain.weights_device());
        ::nn::to_host(self.plain.image(code, eps))
    }

    fn pull(&self, code: usize, eps: &[f32], slopes: &mut dyn FnMut(&[f32]) -> Vec<f32>) -> Vec<f32> {
        let (rows, device) = (eps.len() / self.dims(), self.plain.weights_device().autodiff());
        let eps = rows_of(eps, rows, &device).require_grad();
        let images = self.with_autodiff.image(code, eps.clone());
        let slopes = slopes(&::nn::to_host(images.clone().detach()));
        let gradients = (images * rows_of(&slopes, rows, &device)).sum().backward();
        let gradient = eps.grad(&gradients).expect("images depend on eps");
        ::nn::to_host(gradient)
    }
}

/// Numbers on the device, in `rows` rows.
pub(crate) fn rows_of(numbers: &[f32], rows: usize, device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(numbers.to_vec(), [rows, numbers.len() / rows.max(1)]), device)
}

/// Numbers that are uniform on (-1, 1) if `eps` is N(0, 1).
pub(crate) fn uniform(eps: Tensor<2>) -> Tensor<2> {
    (eps * std::f64::consts::FRAC_1_SQRT_2).erf()
}
