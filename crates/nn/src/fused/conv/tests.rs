//! Comparison of the convolutions with Burn's, on batches of several parts.

use burn::prelude::*;
use burn::tensor::Tolerance;
use burn::tensor::activation::leaky_relu;
use burn::tensor::module::{conv_transpose2d, conv2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use data::Noise;

use super::super::batch_norm;
use super::{convolution, transposed_convolution};
use crate::Windows;

const BATCH: usize = 24;

fn draw<const D: usize>(shape: [usize; D], purpose: &str) -> Tensor<D> {
    let values = Noise::new(3, purpose, 0).normals(shape.iter().product());
    Tensor::<D>::from_data(TensorData::new(values, shape), &Device::flex().autodiff()).require_grad()
}

fn close<const D: usize>(a: Tensor<D>, b: Tensor<D>) {
    a.into_data().assert_approx_eq::<f32>(&b.into_data(), Tolerance::rel_abs(1e-4, 2e-3));
}

/// Slope of the activation for negative inputs.
const NEGATIVE_SLOPE: f32 = 0.2;

/// Gradients of `x`, `weight` and `bias` for a random weighted sum of the output.
fn gradients(out: Tensor<4>, x: &Tensor<4>, weight: &Tensor<2>, bias: &Tensor<1>) -> (Tensor<4>, Tensor<2>, Tensor<1>) {
    let shape = out.dims();
    let gradients = (out * draw(shape, "weigh")).sum().backward();
    let of = "of everything that goes in";
    (x.grad(&gradients).expect(of), weight.grad(&gradients).expect(of), bias.grad(&gradients).expect(of))
}

fn agree(x: &Tensor<4>, weight: &Tensor<2>, bias: &Tensor<1>, ours: Tensor<4>, theirs: Tensor<4>) {
    close(ours.clone(), theirs.clone());
    let (ours, theirs) = (gradients(ours, x, weight, bias), gradients(theirs, x, weight, bias));
    close(ours.0, theirs.0);
    close(ours.1, theirs.1);
    close(ours.2, theirs.2);
}

/// Kernel, stride, channels in and out: tiles and vectors with and without a remainder, and few channels out.
const KINDS: [(usize, usize, usize, usize); 7] =
    [(4, 2, 64, 5), (3, 1, 20, 30), (5, 3, 7, 2), (3, 1, 16, 1), (4, 2, 1, 32), (4, 2, 33, 3), (3, 2, 17, 48)];

#[test]
fn convolutions_equal_burns() {
    for (kernel, stride, channels, to) in KINDS {
        let padding = 1;
        let x = draw([BATCH, 16, 15, channels], "x");
        let (weight, bias) = (draw([kernel * kernel * channels, to], "weight"), draw([to], "bias"));
        let windows = Windows { kernel, stride, padding };
        let ours = convolution(x.clone(), weight.clone(), bias.clone(), windows, NEGATIVE_SLOPE);
        let kernels = weight.clone().reshape([kernel, kernel, channels, to]).permute([3, 2, 0, 1]);
        let options = ConvOptions::new([stride; 2], [padding; 2], [1, 1], 1);
        let theirs = conv2d(x.clone().permute([0, 3, 1, 2]), kernels, Some(bias.clone()), options);
        agree(&x, &weight, &bias, ours, leaky_relu(theirs.permute([0, 2, 3, 1]), NEGATIVE_SLOPE.into()));
    }
}

#[test]
fn transposed_convolutions_equal_burns() {
    for (kernel, stride, channels, to) in KINDS {
        let (padding, [height, width]) = (1, [8, 7]);
        let x = draw([BATCH, height, width, channels], "x");
        let (weight, bias) = (draw([channels, kernel * kernel * to], "weight"), draw([to], "bias"));
        let sides = [height, width].map(|side| (side - 1) * stride + kernel - 2 * padding);
        let windows = Windows { kernel, stride, padding };
        let ours = transposed_convolution(x.clone(), weight.clone(), bias.clone(), windows, sides, NEGATIVE_SLOPE);
        let kernels = weight.clone().reshape([channels, kernel, kernel, to]).permute([0, 3, 1, 2]);
        let options = ConvTransposeOptions::new([stride; 2], [padding; 2], [0, 0], [1, 1], 1);
        let theirs = conv_transpose2d(x.clone().permute([0, 3, 1, 2]), kernels, Some(bias.clone()), options);
        agree(&x, &weight, &bias, ours, leaky_relu(theirs.permute([0, 2, 3, 1]), NEGATIVE_SLOPE.into()));
    }
}

/// Bits of an output and its gradients, with both convolutions and a normalisation.
fn bits() -> Vec<u32> {
    let (x, weight) = (draw([BATCH, 16, 16, 16], "x"), draw([16 * 16, 24], "weight"));
    let (bias, back_bias) = (draw([24], "bias"), draw([16], "back"));
    let windows = Windows { kernel: 4, stride: 2, padding: 1 };
    let there = convolution(x.clone(), weight.clone(), bias.clone(), windows, NEGATIVE_SLOPE);
    let (scale, shift) = (draw([24], "scale"), draw([24], "shift"));
    let normal = batch_norm(there.reshape([BATCH * 64, 24]), scale, shift, 1e-5, 0.0);
    let normal = normal.output.reshape([BATCH, 8, 8, 24]);
    let back = transposed_convolution(normal, weight.clone().transpose(), back_bias, windows, [16, 16], 1.0);
    let (to_x, to_weight, to_bias) = gradients(back.clone(), &x, &weight, &bias);
    let data = [back.into_data(), to_x.into_data(), to_weight.into_data(), to_bias.into_data()];
    data.iter().flat_map(|data| data.iter::<f32>().map(f32::to_bits)).collect()
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let with =
        |threads: usize| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool").install(bits);
    assert!(with(1) == with(3));
}
