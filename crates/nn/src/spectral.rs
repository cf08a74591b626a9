//! Spectral normalisation: division of the weights of a layer by their largest singular value.
//!
//! Miyato, Kataoka, Koyama and Yoshida, 2018, Spectral Normalization for Generative Adversarial
//! Networks, section 2.1 and algorithm 1: one power iteration per step of the discriminator, from a stored vector.

use burn::module::{Module, Param};
use burn::prelude::*;
use data::Noise;

use crate::{Activation, Conv, Dense};

/// Term added to lengths before a division.
const LEAST: f64 = 1e-12;

/// Fully connected layer with optional spectral normalisation.
///
/// ```
/// use burn::prelude::*;
/// use ::nn::{Noise, SpectralDense};
///
/// let device = Device::flex();
/// let layer = SpectralDense::new(4, 2, true, &mut Noise::new(0, "example", 0), &device);
/// // One power iteration, after each step of the optimiser.
/// let layer = layer.iterated();
/// assert_eq!(layer.forward(Tensor::ones([3, 4], &device)).dims(), [3, 2]);
/// ```
#[derive(Module, Debug)]
pub struct SpectralDense {
    dense: Dense,
    norm: Option<Spectral>,
}

/// Vector of the power iteration, `[outputs, 1]`: saved state without a gradient.
#[derive(Module, Debug)]
struct Spectral {
    vector: Param<Tensor<2>>,
}

impl SpectralDense {
    /// Layer with `inputs` x `outputs` random weights; with `spectral`, also a random start of the power iteration.
    #[must_use]
    pub fn new(inputs: usize, outputs: usize, spectral: bool, noise: &mut Noise, device: &Device) -> Self {
        let dense = Dense::new(inputs, outputs, noise, device);
        let norm = spectral.then(|| Spectral::new(outputs, noise, device));
        Self { dense, norm }
    }

    /// Applies the layer: `[batch, inputs]` to `[batch, outputs]`.
    #[must_use]
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.forward_then(x, Activation::Identity)
    }

    /// Applies the layer as [`Self::forward`], then an activation.
    #[must_use]
    pub fn forward_then(&self, x: Tensor<2>, activation: Activation) -> Tensor<2> {
        let Some(norm) = &self.norm else { return self.dense.forward_then(x, activation) };
        let weight = self.dense.weight();
        self.dense.forward_with(x, weight.clone() / norm.largest(weight), activation)
    }

    /// Takes one power iteration. A layer without normalisation is unchanged.
    #[must_use]
    pub fn iterated(self) -> Self {
        let weight = self.dense.weight();
        Self { norm: self.norm.map(|norm| norm.iterated(weight)), ..self }
    }
}

/// Convolution with optional spectral normalisation of its weights, as a matrix `[tap x channel in, channel out]`
/// (Miyato et al., section 2.1).
#[derive(Module, Debug)]
pub struct SpectralConv {
    conv: Conv,
    norm: Option<Spectral>,
}

impl SpectralConv {
    /// Layer with the weights of `conv`; with `spectral`, also a random start of the power iteration.
    #[must_use]
    pub fn new(conv: Conv, spectral: bool, noise: &mut Noise) -> Self {
        let norm = spectral.then(|| Spectral::new(conv.weight().dims()[1], noise, &conv.device()));
        Self { conv, norm }
    }

    /// Applies the layer, then an activation: `[batch, rows, columns, channels in]` to `[batch, rows out, columns out,
    /// channels out]`.
    #[must_use]
    pub fn forward_then(&self, x: Tensor<4>, activation: Activation) -> Tensor<4> {
        let Some(norm) = &self.norm else { return self.conv.forward_then(x, activation) };
        let weight = self.conv.weight();
        self.conv.forward_with(x, weight.clone() / norm.largest(weight), activation)
    }

    /// Takes one power iteration. A layer without normalisation is unchanged.
    #[must_use]
    pub fn iterated(self) -> Self {
        let weight = self.conv.weight();
        Self { norm: self.norm.map(|norm| norm.iterated(weight)), ..self }
    }
}

impl Spectral {
    fn new(outputs: usize, noise: &mut Noise, device: &Device) -> Self {
        let start = TensorData::new(noise.normals(outputs), [outputs, 1]);
        Self { vector: Param::from_tensor(direction(Tensor::from_data(start, device))).set_require_grad(false) }
    }

    fn iterated(self, weight: Tensor<2>) -> Self {
        let weight = weight.detach();
        let vector = self.vector.map(|vector| {
            let left = direction(weight.clone().matmul(vector.detach()));
            direction(weight.transpose().matmul(left)).set_require_grad(false)
        });
        Self { vector }
    }

    /// Largest singular value of `weight`, `[1, 1]`; the singular vectors count as constants.
    fn largest(&self, weight: Tensor<2>) -> Tensor<2> {
        let right = self.vector.val().detach();
        let left = direction(weight.clone().detach().matmul(right.clone()));
        left.transpose().matmul(weight.matmul(right))
    }
}

/// Divides a vector by its length.
fn direction(vector: Tensor<2>) -> Tensor<2> {
    let length = vector.clone().powi_scalar(2).sum().sqrt() + LEAST;
    vector / length.unsqueeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(spectral: bool) -> SpectralDense {
        SpectralDense::new(30, 20, spectral, &mut Noise::new(3, "layer", 0), &Device::flex().autodiff())
    }

    /// Effective weights of the layer, `[inputs][outputs]`.
    fn weights(layer: &SpectralDense) -> Vec<f64> {
        let identity = Tensor::<2>::eye(30, &Device::flex().autodiff());
        layer.forward(identity).into_data().iter::<f32>().map(f64::from).collect()
    }

    /// Largest singular value, by many power iterations in f64 from another start.
    fn largest(weights: &[f64]) -> f64 {
        let mut vector = vec![1.0; 20];
        let mut value = 0.0f64;
        for _ in 0..10_000 {
            let left: Vec<f64> =
                weights.chunks_exact(20).map(|row| row.iter().zip(&vector).map(|(w, v)| w * v).sum()).collect();
            value = left.iter().map(|x| x * x).sum::<f64>().sqrt();
            let right = |output: usize| weights.chunks_exact(20).zip(&left).map(|(row, l)| row[output] * l).sum();
            vector = (0..20).map(right).collect();
            let length = vector.iter().map(|x: &f64| x * x).sum::<f64>().sqrt();
            vector.iter_mut().for_each(|x| *x /= length);
        }
        value
    }

    #[test]
    fn the_largest_singular_value_becomes_one() {
        let mut layer = layer(true);
        for _ in 0..300 {
            layer = layer.iterated();
        }
        let found = largest(&weights(&layer));
        assert!((found - 1.0).abs() < 1e-3, "{found}");
    }

    #[test]
    fn a_convolution_is_normalised_too() {
        let (device, mut noise) = (Device::flex().autodiff(), Noise::new(3, "layer", 0));
        let conv = Conv::new([3, 20], 4, 2, &mut noise, &device).without_bias();
        let plain = SpectralConv::new(conv.clone(), false, &mut noise);
        let mut layer = SpectralConv::new(conv.clone(), true, &mut noise);
        for _ in 0..300 {
            layer = layer.iterated();
        }
        let x = Tensor::from_data(TensorData::new(noise.normals(2 * 8 * 8 * 3), [2, 8, 8, 3]), &device);
        let host = |x: Tensor<4>| x.into_data().iter::<f32>().map(f64::from).collect::<Vec<_>>();
        let weights: Vec<f64> = conv.weight().into_data().iter::<f32>().map(f64::from).collect();
        let by = largest(&weights);
        assert!((by - 1.0).abs() > 0.1, "{by}");
        let (plain, normalised) = (
            host(plain.forward_then(x.clone(), Activation::Identity)),
            host(layer.forward_then(x, Activation::Identity)),
        );
        assert!(plain.iter().zip(normalised).all(|(a, b)| (a / by - b).abs() < 1e-3));
    }

    #[test]
    fn a_layer_without_normalisation_keeps_its_weights() {
        let (plain, iterated) = (layer(false), layer(false).iterated());
        assert_eq!(weights(&plain), weights(&iterated));
        assert!((largest(&weights(&plain)) - 1.0).abs() > 0.1);
    }

    #[test]
    fn it_does_not_depend_on_the_scale_of_weights_and_the_vector_has_no_gradient() {
        let layer = layer(true);
        let x = Tensor::<2>::eye(30, &Device::flex().autodiff());
        let gradients = layer.forward(x).powi_scalar(2).sum().backward();
        let norm = layer.norm.as_ref().expect("normalised");
        assert!(norm.vector.val().grad(&gradients).is_none());
        // Scaling W changes nothing, so the gradient is orthogonal to W, once the vectors have converged.
        let mut layer = layer;
        for _ in 0..300 {
            layer = layer.iterated();
        }
        let x = Tensor::<2>::eye(30, &Device::flex().autodiff());
        let gradients = (layer.forward(x.clone()) * x.slice([0..30, 0..20])).sum().backward();
        let weight = layer.dense.weight();
        let gradient = weight.grad(&gradients).expect("a gradient");
        let along: f32 = (gradient.clone() * weight.inner()).sum().into_scalar();
        let size: f32 = gradient.powi_scalar(2).sum().sqrt().into_scalar();
        assert!(size > 0.1 && along.abs() < 1e-3 * size, "{along} of {size}");
    }
}
