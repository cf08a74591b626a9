//! Convolutions from an image to a small grid, and back.

use ::nn::{Activation, Conv, Deconv, Dense, Halvings, to_channels_last, to_images};
use burn::module::Module;
use burn::prelude::*;
use data::{DataShape, Noise};

/// Side of all kernels.
const KERNEL: usize = 4;
/// Stride of all convolutions: each halves or doubles the sides.
const STRIDE: usize = 2;

/// Convolutions that halve the sides of an image, each followed by a ReLU.
#[derive(Module, Debug)]
pub(crate) struct Convolutions {
    layers: Vec<Conv>,
    #[module(skip)]
    sides: [usize; 3],
    #[module(skip)]
    images_at_once: usize,
}

impl Convolutions {
    pub(super) fn new(channels: usize, data: &DataShape, noise: &mut Noise, device: &Device) -> (Self, usize) {
        let halvings = Halvings::of(data);
        let mut from = data.channels;
        let layer = |to: usize| Conv::new([std::mem::replace(&mut from, to), to], KERNEL, STRIDE, noise, device);
        let layers = halvings.channels(channels).into_iter().map(layer).collect();
        let encoder = Self {
            layers,
            sides: [data.channels, data.height, data.width],
            images_at_once: Halvings::images_at_once(data, channels, data.channels),
        };
        (encoder, from * halvings.last.iter().product::<usize>())
    }

    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.layers
            .iter()
            .fold(to_channels_last(x, self.sides), |x, layer| layer.forward_then(x, Activation::Relu))
            .flatten(1, 3)
    }

    /// [`Self::forward`] on a few images at once, outside of training.
    pub(super) fn forward_in_chunks(&self, x: Tensor<2>) -> Tensor<2> {
        in_chunks(x, self.images_at_once, |x| self.forward(x))
    }
}

/// Deconvolutions from a small grid to an image, each preceded by a ReLU.
#[derive(Module, Debug)]
pub(crate) struct Deconvolutions {
    first: Dense,
    layers: Vec<Deconv>,
    #[module(skip)]
    start: [usize; 3],
    #[module(skip)]
    images_at_once: usize,
}

impl Deconvolutions {
    pub(super) fn new(
        latent: usize,
        channels: usize,
        width: usize,
        data: &DataShape,
        noise: &mut Noise,
        device: &Device,
    ) -> Self {
        let (halvings, numbers) = (Halvings::of(data), width * data.channels);
        let widths: Vec<usize> = halvings.channels(channels).into_iter().rev().collect();
        let [rows, columns] = halvings.last;
        let first = Dense::new(latent, rows * columns * widths[0], noise, device);
        let next = widths.iter().skip(1).chain([&numbers]);
        let layer = |(from, to): (&usize, &usize)| Deconv::new([*from, *to], KERNEL, STRIDE, noise, device);
        Self {
            first,
            layers: widths.iter().zip(next).map(layer).collect(),
            start: [rows, columns, widths[0]],
            images_at_once: Halvings::images_at_once(data, channels, numbers),
        }
    }

    fn forward(&self, z: Tensor<2>) -> Tensor<2> {
        let ([batch, _], [rows, columns, channels]) = (z.dims(), self.start);
        let start = self.first.forward_then(z, Activation::Relu).reshape([batch, rows, columns, channels]);
        let (last, before) = self.layers.split_last().expect("at least one halving");
        let grown = before.iter().fold(start, |x, layer| layer.forward_then(x, Activation::Relu));
        to_images(last.forward(grown))
    }

    /// [`Self::forward`] on a few images at once, outside of training.
    pub(super) fn forward_in_chunks(&self, x: Tensor<2>) -> Tensor<2> {
        in_chunks(x, self.images_at_once, |x| self.forward(x))
    }
}

/// Applies `f` to chunks of `rows` rows, because the input of a convolution takes many times the memory of an image. In
/// training it applies `f` to the whole batch.
fn in_chunks(x: Tensor<2>, rows: usize, f: impl Fn(Tensor<2>) -> Tensor<2>) -> Tensor<2> {
    let count = x.dims()[0];
    if x.device().is_autodiff() || count <= rows {
        return f(x);
    }
    Tensor::cat(x.split(rows, 0).into_iter().map(f).collect(), 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Support;

    /// Chunks agree with the whole batch for 16x8 images of three channels.
    #[test]
    fn chunks_agree_with_the_whole_batch() {
        let (device, mut noise) = (Device::flex(), Noise::new(0, "network", 0));
        let data = DataShape::new([3, 16, 8], Support::Binary, [8, 8, 8]);
        let (encoder, _) = Convolutions::new(4, &data, &mut noise, &device);
        let decoder = Deconvolutions::new(2, 4, 5, &data, &mut noise, &device);
        let x = Tensor::from_data(TensorData::new(noise.normals(7 * data.pixels()), [7, data.pixels()]), &device);
        let z = Tensor::from_data(TensorData::new(noise.normals(14), [7, 2]), &device);
        let host = |x: Tensor<2>| x.into_data().iter::<f32>().collect::<Vec<_>>();
        let close = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5);
        let parts = in_chunks(x.clone(), 3, |x| encoder.forward(x));
        assert!(close(&host(parts), &host(encoder.forward(x))));
        let parts = in_chunks(z.clone(), 3, |z| decoder.forward(z));
        assert!(close(&host(parts), &host(decoder.forward(z))));
    }
}
