//! Comparison of the layers with Burn's, values and gradients, and of batch normalisation with a calculation by hand.

use burn::module::Module;
use burn::prelude::*;
use burn::tensor::Tolerance;
use burn::tensor::module::{conv_transpose2d, conv2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use data::Noise;

use crate::{
    Activation, BatchNorm, Conv, Deconv, load_module, parameter_count, save_module, to_channels_last, to_images,
};

fn autodiff() -> Device {
    Device::flex().autodiff()
}

fn draw<const D: usize>(shape: [usize; D], purpose: &str, device: &Device) -> Tensor<D> {
    let values = Noise::new(7, purpose, 0).normals(shape.iter().product());
    Tensor::from_data(TensorData::new(values, shape), device)
}

fn close<const D: usize>(a: Tensor<D>, b: Tensor<D>) {
    a.into_data().assert_approx_eq::<f32>(&b.into_data(), Tolerance::absolute(2e-4));
}

/// Checks that our output and Burn's have the same values and the same gradients of input and weights.
fn agree(x: &Tensor<4>, weight: &Tensor<2>, ours: Tensor<4>, theirs: Tensor<4>) {
    let theirs = theirs.permute([0, 2, 3, 1]);
    close(ours.clone(), theirs.clone());
    let weigh = draw(ours.dims(), "weigh", &autodiff());
    let (a, b) = ((ours * weigh.clone()).sum().backward(), (theirs * weigh).sum().backward());
    let both = |tensor: &Tensor<4>| [&a, &b].map(|gradients| tensor.grad(gradients).expect("a gradient"));
    let [of_ours, of_theirs] = both(x);
    close(of_ours, of_theirs);
    let [of_ours, of_theirs] = [&a, &b].map(|gradients| weight.grad(gradients).expect("a gradient"));
    close(of_ours, of_theirs);
}

#[test]
fn convolution_has_burns_values_and_gradients() {
    let device = autodiff();
    for (kernel, stride, [height, width]) in
        [(1, 1, [4, 3]), (3, 1, [5, 4]), (4, 2, [8, 6]), (3, 2, [7, 7]), (5, 2, [9, 6]), (7, 1, [7, 5])]
    {
        // More channels out than in, and fewer.
        for [from, to] in [[2, 3], [3, 2]] {
            let conv = Conv::new([from, to], kernel, stride, &mut Noise::new(0, "conv", 0), &device);
            let x = draw([2, height, width, from], "x", &device).require_grad();
            let ours = conv.forward(x.clone());
            assert_eq!(ours.dims(), [2, height.div_ceil(stride), width.div_ceil(stride), to]);
            let weight = conv.weight();
            let kernels = weight.clone().reshape([kernel, kernel, from, to]).permute([3, 2, 0, 1]);
            let options = ConvOptions::new([stride; 2], [(kernel - stride).div_ceil(2); 2], [1, 1], 1);
            let theirs = conv2d(x.clone().permute([0, 3, 1, 2]), kernels, None, options);
            agree(&x, &weight, ours, theirs);
        }
    }
}

#[test]
fn transposed_convolution_has_burns_values_and_gradients() {
    let device = autodiff();
    for (kernel, stride, [height, width]) in
        [(4, 2, [4, 3]), (3, 1, [5, 4]), (2, 2, [3, 3]), (6, 2, [3, 2]), (4, 4, [1, 1])]
    {
        let deconv = Deconv::new([2, 3], kernel, stride, &mut Noise::new(0, "deconv", 0), &device);
        let x = draw([2, height, width, 2], "x", &device).require_grad();
        let ours = deconv.forward(x.clone());
        assert_eq!(ours.dims(), [2, height * stride, width * stride, 3]);
        let weight = deconv.weight();
        let kernels = weight.clone().reshape([2, kernel, kernel, 3]).permute([0, 3, 1, 2]);
        let padding = (kernel - stride) / 2;
        let options = ConvTransposeOptions::new([stride; 2], [padding; 2], [0, 0], [1, 1], 1);
        let theirs = conv_transpose2d(x.clone().permute([0, 3, 1, 2]), kernels, None, options);
        agree(&x, &weight, ours, theirs);
    }
}

#[test]
fn images_get_channels_last_and_back() {
    let device = Device::flex();
    let images = draw([2, 3 * 4 * 5], "images", &device);
    let x = to_channels_last(images.clone(), [3, 4, 5]);
    assert_eq!(x.dims(), [2, 4, 5, 3]);
    // The second channel in row 1, column 2 of the first image.
    let one: f32 = x.clone().slice([0..1, 1..2, 2..3, 1..2]).into_scalar();
    let all: Vec<f32> = images.clone().into_data().iter::<f32>().collect();
    assert_eq!(one, all[20 + 5 + 2]);
    assert_eq!(to_images(x).into_data(), images.into_data());
}

/// Mean and variance of each of three features over 16 rows.
fn moments(x: Tensor<4>) -> (Tensor<2>, Tensor<2>) {
    let x = x.reshape([16, 3]);
    let mean = x.clone().mean_dim(0);
    (mean.clone(), (x - mean).square().mean_dim(0))
}

#[test]
fn batch_norm_trains_on_the_batch_and_evaluates_on_running_statistics() {
    let device = autodiff();
    let layer = BatchNorm::new(3, &device);
    let x = draw([4, 2, 2, 3], "x", &device) * 3.0 + 5.0;
    let (mean, variance) = moments(layer.forward_then(x.clone(), Activation::Identity));
    close(mean, Tensor::zeros([1, 3], &device));
    close(variance, Tensor::ones([1, 3], &device));
    for _ in 0..200 {
        layer.forward_then(x.clone(), Activation::Identity);
    }
    // A tenth of the batch's statistics each time: by now the running statistics equal the batch's.
    let evaluated = layer.valid().forward_then(x.clone().inner(), Activation::Identity);
    let (mean, variance) = moments(x.clone());
    let by_hand = (x.clone().reshape([16, 3]) - mean) / (variance * (16.0 / 15.0) + 1e-5).sqrt();
    close(evaluated.clone().reshape([16, 3]), by_hand.inner());
    // The output for an image does not depend on the other images.
    let alone = layer.valid().forward_then(x.clone().inner().slice([0..1, 0..2, 0..2, 0..3]), Activation::Identity);
    assert_eq!(alone.into_data(), evaluated.slice([0..1, 0..2, 0..2, 0..3]).into_data());
}

#[test]
fn a_deconvolution_with_running_statistics_includes_the_normalisation() {
    let device = autodiff();
    let norm = BatchNorm::new(3, &device);
    let x = draw([2, 3, 2, 2], "x", &device).require_grad();
    for bias in [true, false] {
        let deconv = Deconv::new([2, 3], 4, 2, &mut Noise::new(0, "deconv", 0), &device);
        let deconv = if bias { deconv } else { deconv.without_bias() };
        for _ in 0..3 {
            let by_batch = norm.forward_after(&deconv, x.clone(), Activation::Relu);
            close(by_batch, norm.forward_then(deconv.forward(x.clone()), Activation::Relu));
        }
        // As a snapshot, and fixed on a device with gradients.
        let (alone, within) = (norm.valid(), deconv.valid());
        let x = x.clone().inner();
        let apart = alone.forward_then(within.forward(x.clone()), Activation::Relu);
        close(alone.forward_after(&within, x, Activation::Relu), apart);
    }
    let deconv = Deconv::new([2, 3], 4, 2, &mut Noise::new(0, "deconv", 0), &device);
    let fixed = norm.fixed();
    let gradient = |y: Tensor<4>| {
        let weigh = draw(y.dims(), "weigh", &device);
        let gradients = (y * weigh).sum().backward();
        x.grad(&gradients).expect("a gradient")
    };
    let apart = gradient(fixed.forward_then(deconv.forward(x.clone()), Activation::Relu));
    close(gradient(fixed.forward_after(&deconv, x.clone(), Activation::Relu)), apart);
}

#[test]
fn running_statistics_are_saved_at_once_and_a_snapshot_keeps_its_own() {
    let device = autodiff();
    let layer = BatchNorm::new(3, &device);
    let x = draw([4, 2, 2, 3], "x", &device) * 3.0 + 5.0;
    layer.forward_then(x.clone(), Activation::Identity);
    let snapshot = layer.valid();
    let before = snapshot.forward_then(x.clone().inner(), Activation::Identity).into_data();
    let dir = tempfile::tempdir().expect("a folder");
    save_module(&layer, dir.path(), "layer").expect("saved");
    layer.forward_then(x.clone() * 2.0, Activation::Identity);
    assert_eq!(snapshot.forward_then(x.clone().inner(), Activation::Identity).into_data(), before);
    assert_ne!(layer.valid().forward_then(x.clone().inner(), Activation::Identity).into_data(), before);
    // Into a layer that has statistics of its own.
    let loaded = load_module(layer, dir.path(), "layer").expect("loaded");
    assert_eq!(loaded.valid().forward_then(x.clone().inner(), Activation::Identity).into_data(), before);
    // The next step continues from the loaded statistics.
    loaded.forward_then(x.clone(), Activation::Identity);
    let again = load_module(BatchNorm::new(3, &device), dir.path(), "layer").expect("loaded");
    again.forward_then(x.clone(), Activation::Identity);
    let value = |layer: &BatchNorm| layer.valid().forward_then(x.clone().inner(), Activation::Identity).into_data();
    assert_eq!(value(&again), value(&loaded));
}

#[test]
fn running_statistics_are_not_parameters() {
    let layer = BatchNorm::new(3, &autodiff());
    assert_eq!([parameter_count(&layer), parameter_count(&layer.valid())], [6, 6]);
}
