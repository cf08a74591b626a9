//! Interfaces of the two networks of an adversarial pair.

use burn::module::Module;
use burn::prelude::*;
use data::Noise;

/// Network from latents to images.
pub(crate) trait Generate: Module {
    /// Images for latents, `[batch, pixels]` in `[0, 1]`.
    fn forward(&self, z: Tensor<2>) -> Tensor<2>;

    /// Number of latent dimensions.
    fn latent(&self) -> usize;

    /// Number of pixels per image, channels included.
    fn image_len(&self) -> usize;

    /// Number of images per chunk outside of training.
    fn images_at_once(&self) -> usize;

    /// Returns the network with its running statistics in use on any device.
    #[must_use]
    fn fixed(self) -> Self {
        self
    }

    /// Draws latents, `[count, latent]`.
    fn latents(&self, count: usize, noise: &mut Noise, device: &Device) -> Tensor<2> {
        let shape = [count, self.latent()];
        Tensor::from_data(TensorData::new(noise.normals(shape[0] * shape[1]), shape), device)
    }

    /// Device of the weights, with autodiff in training.
    fn device(&self) -> Device;
}

/// Network that distinguishes data from samples. It is used in training only and is not part of the measured model.
pub(crate) trait Discriminate: Module {
    /// Scores of images, `[batch, 1]`, higher for data. `noise` is the source of randomness.
    fn forward(&self, x: Tensor<2>, noise: &mut Noise) -> Tensor<2>;

    /// Takes one step of the power iteration of each normalised layer.
    fn iterated(self) -> Self;
}
