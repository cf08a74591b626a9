//! The fused operations against Burn's, with more images than one part of a batch or one cache's worth has.

use burn::prelude::*;
use burn::tensor::Tolerance;
use burn::tensor::activation;
use burn::tensor::module::{conv_transpose2d, conv2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use data::Noise;

use super::super::batch_norm;
use super::{Windows, leaky, normalised, windows_product, windows_sum};

const BATCH: usize = 24;

fn draw<const D: usize>(shape: [usize; D], purpose: &str) -> Tensor<D> {
    let values = Noise::new(3, purpose, 0).normals(shape.iter().product());
    Tensor::<D>::from_data(TensorData::new(values, shape), &Device::flex().autodiff()).require_grad()
}

fn close<const D: usize>(a: Tensor<D>, b: Tensor<D>) {
    a.into_data().assert_approx_eq::<f32>(&b.into_data(), Tolerance::rel_abs(1e-4, 2e-3));
}

/// Gradients of the output, weighed at random, for `x` and `weight`.
fn slopes<const A: usize, const B: usize>(out: Tensor<4>, x: &Tensor<A>, weight: &Tensor<B>) -> (Tensor<A>, Tensor<B>) {
    let shape = out.dims();
    let gradients = (out * draw(shape, "weigh")).sum().backward();
    (x.grad(&gradients).expect("of the input"), weight.grad(&gradients).expect("of the weight"))
}

fn agree(x: &Tensor<4>, weight: &Tensor<2>, ours: Tensor<4>, theirs: Tensor<4>) {
    close(ours.clone(), theirs.clone());
    let ((x_ours, weight_ours), (x_theirs, weight_theirs)) = (slopes(ours, x, weight), slopes(theirs, x, weight));
    close(x_ours, x_theirs);
    close(weight_ours, weight_theirs);
}

#[test]
fn products_over_many_images_are_burns_convolution() {
    for (kernel, stride, maps, to) in [(4, 2, 64, 5), (3, 1, 20, 30), (5, 3, 7, 2)] {
        let padding = 1;
        let x = draw([BATCH, 16, 15, maps], "x");
        let weight = draw([kernel * kernel * maps, to], "weight");
        let ours = windows_product(x.clone(), weight.clone(), Windows { kernel, stride, padding });
        let kernels = weight.clone().reshape([kernel, kernel, maps, to]).permute([3, 2, 0, 1]);
        let options = ConvOptions::new([stride; 2], [padding; 2], [1, 1], 1);
        let theirs = conv2d(x.clone().permute([0, 3, 1, 2]), kernels, None, options).permute([0, 2, 3, 1]);
        agree(&x, &weight, ours, theirs);
    }
}

#[test]
fn sums_over_many_images_are_burns_transposed_convolution() {
    for (kernel, stride, maps, to) in [(4, 2, 9, 40), (3, 1, 30, 1)] {
        let (padding, [height, width]) = (1, [8, 7]);
        let x = draw([BATCH, height, width, maps], "x");
        let weight = draw([maps, kernel * kernel * to], "weight");
        let sides = [height, width].map(|side| (side - 1) * stride + kernel - 2 * padding);
        let ours = windows_sum(x.clone(), weight.clone(), Windows { kernel, stride, padding }, sides);
        let kernels = weight.clone().reshape([maps, kernel, kernel, to]).permute([0, 3, 1, 2]);
        let options = ConvTransposeOptions::new([stride; 2], [padding; 2], [0, 0], [1, 1], 1);
        let theirs = conv_transpose2d(x.clone().permute([0, 3, 1, 2]), kernels, None, options);
        agree(&x, &weight, ours, theirs.permute([0, 2, 3, 1]));
    }
}

/// The bits of an output and of its gradients, of both kinds of convolution and the normalisation.
fn bits() -> Vec<u32> {
    let (x, weight) = (draw([BATCH, 16, 16, 16], "x"), draw([16 * 16, 24], "weight"));
    let windows = Windows { kernel: 4, stride: 2, padding: 1 };
    let there = windows_product(x.clone(), weight.clone(), windows);
    let (scale, shift) = (draw([24], "scale"), draw([24], "shift"));
    let normal = normalised(there.reshape([BATCH * 64, 24]), scale, shift, 1e-5);
    let back = windows_sum(normal.output.reshape([BATCH, 8, 8, 24]), weight.clone().transpose(), windows, [16, 16]);
    let (to_x, to_weight) = slopes(back.clone(), &x, &weight);
    let data = [back.into_data(), to_x.into_data(), to_weight.into_data()];
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
    let ours = normalised(x.clone(), scale.clone(), shift.clone(), batch_norm::EPSILON);
    let theirs = batch_norm::composed(x.clone(), scale.clone(), shift.clone());
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

#[test]
fn a_leaky_unit_is_burns() {
    // At 0 as well.
    let x = draw([1000], "x").detach().clamp_max(1.0).clamp_min(0.0) - draw([1000], "y").detach().clamp_min(0.0);
    let x = x.detach().require_grad();
    let (ours, theirs) = (leaky(x.clone(), 0.2), activation::leaky_relu(x.clone(), 0.2));
    assert_eq!(ours.clone().into_data(), theirs.clone().into_data());
    let [a, b] = [ours, theirs].map(|out| x.grad(&(out * draw([1000], "weigh")).sum().backward()).expect("a gradient"));
    assert_eq!(a.into_data(), b.into_data());
}
