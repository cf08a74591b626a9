//! Networks as differentiable functions of Gaussian noise.

use burn::module::Module;
use burn::prelude::*;
use engine::Pushforward;

/// Network that decodes Gaussian noise to images.
pub(crate) trait Smooth: Module {
    /// Dimensions of eps.
    fn dims(&self) -> usize;

    /// Number of equally likely codes.
    fn codes(&self) -> usize {
        1
    }

    /// Means of the pixels given eps, `[batch, dims]` to `[batch, pixels]`, with or without autodiff.
    fn image(&self, code: usize, eps: Tensor<2>) -> Tensor<2>;

    /// Device of the weights.
    fn home(&self) -> Device;

    /// Returns the same function of eps on a device with autodiff. Layers that behave differently in training use
    /// their evaluation mode.
    fn taped(&self) -> Self {
        self.clone().train().no_grad()
    }
}

/// Implementation of [`Pushforward`] for a trained network.
pub(crate) struct Pushed<'a, M> {
    plain: &'a M,
    taped: M,
}

impl<'a, M: Smooth> Pushed<'a, M> {
    /// Returns the value of [`engine::GenerativeModel::pushforward`].
    pub(crate) fn boxed(network: &'a M) -> Option<Box<dyn Pushforward + 'a>> {
        Some(Box::new(Self { plain: network, taped: network.taped() }))
    }

    fn upload(&self, numbers: &[f32], rows: usize, device: &Device) -> Tensor<2> {
        Tensor::from_data(TensorData::new(numbers.to_vec(), [rows, numbers.len() / rows.max(1)]), device)
    }
}

impl<M: Smooth> Pushforward for Pushed<'_, M> {
    fn dims(&self) -> usize {
        self.plain.dims()
    }

    fn codes(&self) -> usize {
        self.plain.codes()
    }

    fn decode(&self, code: usize, eps: &[f32]) -> Vec<f32> {
        let eps = self.upload(eps, eps.len() / self.dims(), &self.plain.home());
        ::nn::to_host(self.plain.image(code, eps))
    }

    fn pull(&self, code: usize, eps: &[f32], slopes: &mut dyn FnMut(&[f32]) -> Vec<f32>) -> Vec<f32> {
        let (rows, device) = (eps.len() / self.dims(), self.plain.home().autodiff());
        let eps = self.upload(eps, rows, &device).require_grad();
        let images = self.taped.image(code, eps.clone());
        let slopes = slopes(&::nn::to_host(images.clone().detach()));
        let gradients = (images * self.upload(&slopes, rows, &device)).sum().backward();
        let gradient = eps.grad(&gradients).expect("images depend on eps");
        ::nn::to_host(gradient)
    }
}

/// Numbers that are uniform on (-1, 1) if `eps` is N(0, 1).
pub(crate) fn uniform(eps: Tensor<2>) -> Tensor<2> {
    (eps * std::f64::consts::FRAC_1_SQRT_2).erf()
}
