//! The two networks of an adversarial pair.

use burn::module::Module;
use burn::prelude::*;
use data::Noise;

/// A network that maps latents to images.
pub(crate) trait Generate: Module {
    /// Images for latents, `[batch, pixels]` in `[0, 1]`.
    fn forward(&self, z: Tensor<2>) -> Tensor<2>;

    /// Dimensions of z.
    fn latent(&self) -> usize;

    /// Numbers per image.
    fn image_len(&self) -> usize;

    /// Images per chunk outside of training.
    fn images_at_once(&self) -> usize;

    /// Makes the network use its running statistics on any device.
    #[must_use]
    fn fixed(self) -> Self {
        self
    }

    /// Draws latents, `[count, latent]`.
    fn latents(&self, count: usize, noise: &mut Noise, device: &Device) -> Tensor<2> {
        let shape = [count, self.latent()];
        Tensor::from_data(TensorData::new(noise.normals(shape[0] * shape[1]), shape), device)
    }

    /// The device of the weights, with autodiff where they are trained.
    fn device(&self) -> Device;
}

/// A network that tells data from samples. It is used in training only and is not part of the measured model.
pub(crate) trait Discriminate: Module {
    /// A score of being data, `[batch, 1]`; what is random in it comes from `noise`.
    fn forward(&self, x: Tensor<2>, noise: &mut Noise) -> Tensor<2>;

    /// One step of each layer's power iteration, where layers are normalised.
    fn iterated(self) -> Self;
}
