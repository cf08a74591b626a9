//! The fused operations against Burn's, with more images than one part of a batch or one cache's worth has.

use burn::prelude::*;
use burn::tensor::Tolerance;
use burn::tensor::activation::leaky_relu;
use burn::tensor::module::{conv_transpose2d, conv2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use data::Noise;

use super::super::batch_norm;
use super::{Windows, normalised, windows_product, windows_sum};

const BATCH: usize = 24;

fn draw<const D: usize>(shape: [usize; D], purpose: &str) -> Tensor<D> {
    let values = Noise::new(3, purpose, 0).normals(shape.iter().product());
    Tensor::<D>::from_data(TensorData::new(values, shape), &Device::flex().autodiff()).require_grad()
}

fn close<const D: usize>(a: Tensor<D>, b: Tensor<D>) {
    a.into_data().assert_approx_eq::<f32>(&b.into_data(), Tolerance::rel_abs(1e-4, 2e-3));
}

/// The slope of the activation after a convolution.
const SLOPE: f32 = 0.2;

/// Gradients of the output, weighed at random, for `x`, `weight` and `bias`.
fn slopes(out: Tensor<4>, x: &Tensor<4>, weight: &Tensor<2>, bias: &Tensor<1>) -> (Tensor<4>, Tensor<2>, Tensor<1>) {
    let shape = out.dims();
    let gradients = (out * draw(shape, "weigh")).sum().backward();
    let of = "of everything that goes in";
    (x.grad(&gradients).expect(of), weight.grad(&gradients).expect(of), bias.grad(&gradients).expect(of))
}

fn agree(x: &Tensor<4>, weight: &Tensor<2>, bias: &Tensor<1>, ours: Tensor<4>, theirs: Tensor<4>) {
    close(ours.clone(), theirs.clone());
    let (ours, theirs) = (slopes(ours, x, weight, bias), slopes(theirs, x, weight, bias));
    close(ours.0, theirs.0);
    close(ours.1, theirs.1);
    close(ours.2, theirs.2);
}

/// Kernel, stride, maps in and out: tiles and vectors with and without a rest, and few maps out.
const KINDS: [(usize, usize, usize, usize); 7] =
    [(4, 2, 64, 5), (3, 1, 20, 30), (5, 3, 7, 2), (3, 1, 16, 1), (4, 2, 1, 32), (4, 2, 33, 3), (3, 2, 17, 48)];

#[test]
fn products_over_many_images_are_burns_convolution() {
    for (kernel, stride, maps, to) in KINDS {
        let padding = 1;
        let x = draw([BATCH, 16, 15, maps], "x");
        let (weight, bias) = (draw([kernel * kernel * maps, to], "weight"), draw([to], "bias"));
        let windows = Windows { kernel, stride, padding };
        let ours = windows_product(x.clone(), weight.clone(), bias.clone(), windows, SLOPE);
        let kernels = weight.clone().reshape([kernel, kernel, maps, to]).permute([3, 2, 0, 1]);
        let options = ConvOptions::new([stride; 2], [padding; 2], [1, 1], 1);
        let theirs = conv2d(x.clone().permute([0, 3, 1, 2]), kernels, Some(bias.clone()), options);
        agree(&x, &weight, &bias, ours, leaky_relu(theirs.permute([0, 2, 3, 1]), SLOPE.into()));
    }
}

#[test]
fn sums_over_many_images_are_burns_transposed_convolution() {
    for (kernel, stride, maps, to) in KINDS {
        let (padding, [height, width]) = (1, [8, 7]);
        let x = draw([BATCH, height, width, maps], "x");
        let (weight, bias) = (draw([maps, kernel * kernel * to], "weight"), draw([to], "bias"));
        let sides = [height, width].map(|side| (side - 1) * stride + kernel - 2 * padding);
        let windows = Windows { kernel, stride, padding };
        let ours = windows_sum(x.clone(), weight.clone(), bias.clone(), windows, sides, SLOPE);
        let kernels = weight.clone().reshape([maps, kernel, kernel, to]).permute([0, 3, 1, 2]);
        let options = ConvTransposeOptions::new([stride; 2], [padding; 2], [0, 0], [1, 1], 1);
        let theirs = conv_transpose2d(x.clone().permute([0, 3, 1, 2]), kernels, Some(bias.clone()), options);
        agree(&x, &weight, &bias, ours, leaky_relu(theirs.permute([0, 2, 3, 1]), SLOPE.into()));
    }
}

/// The bits of an output and of its gradients, of both kinds of convolution and the normalisation.
fn bits() -> Vec<u32> {
    let (x, weight) = (draw([BATCH, 16, 16, 16], "x"), draw([16 * 16, 24], "weight"));
    let (bias, back_bias) = (draw([24], "bias"), draw([16], "back"));
    let windows = Windows { kernel: 4, stride: 2, padding: 1 };
    let there = windows_product(x.clone(), weight.clone(), bias.clone(), windows, SLOPE);
    let (scale, shift) = (draw([24], "scale"), draw([24], "shift"));
    let normal = normalised(there.reshape([BATCH * 64, 24]), scale, shift, 1e-5, 0.0);
    let normal = normal.output.reshape([BATCH, 8, 8, 24]);
    let back = windows_sum(normal, weight.clone().transpose(), back_bias, windows, [16, 16], 1.0);
    let (to_x, to_weight, to_bias) = slopes(back.clone(), &x, &weight, &bias);
    let data = [back.into_data(), to_x.into_data(), to_weight.into_data(), to_bias.into_data()];
    data.iter().flat_map(|data| data.iter::<f32>().map(f32::to_bits)).collect()
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let with =
        |threads: usize| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool").install(bits);
    assert!(with(1) == with(3));
}

#[test]
fn normalisation_has_the_moments_and_gradients_of_burns_operations() {
    let (x, scale, shift) = (draw([700, 3], "x") * 2.0 + 5.0, draw([3], "scale"), draw([3], "shift"));
    let x = x.detach().require_grad();
    let ours = normalised(x.clone(), scale.clone(), shift.clone(), batch_norm::EPSILON, SLOPE);
    let mut theirs = batch_norm::composed(x.clone(), scale.clone(), shift.clone());
    theirs.output = leaky_relu(theirs.output, SLOPE.into());
    close(ours.output.clone(), theirs.output.clone());
    close(ours.mean, theirs.mean);
    close(ours.variance, theirs.variance);
    let gradients = [ours.output, theirs.output].map(|out| (out * draw([700, 3], "weigh")).sum().backward());
    let [a, b] = gradients.each_ref().map(|gradients| x.grad(gradients).expect("of the input"));
    close(a, b);
    for parameter in [scale, shift] {
        let [a, b] = gradients.each_ref().map(|gradients| parameter.grad(gradients).expect("of a parameter"));
        close(a, b);
    }
}
