//! Tests of the receptive fields, and comparison of the CPU version with the tensor version.

use std::collections::BTreeSet;

use burn::module::Param;
use burn::optim::GradientsParams;
use burn::prelude::*;
use data::{DataShape, Noise, Split};
use engine::{Autoregressive, Batch, Conditionals, GenerativeModel, ModelConfig, Objective, Step};
use protocol::Support;

use super::network::Network;
use super::{Ordering, PixelCnnConfig};
use crate::colours::Colours;
use crate::test_shape::shape;
use engine::HostGradients;

/// Receptive field as offsets from the pixel: rows above, columns to the right.
type Field = BTreeSet<(isize, isize)>;

fn config(gated: bool, kernel: usize, blocks: usize) -> PixelCnnConfig {
    PixelCnnConfig { channels: 16, blocks, kernel, gated, head: 16, ..PixelCnnConfig::default() }
}

/// Finds the pixels on which a conditional depends, by changing one pixel at a time. Several images are used, because a
/// ReLU can hide a path in one of them.
fn found(config: &PixelCnnConfig, data: &DataShape, pixel: usize) -> BTreeSet<usize> {
    let model = Network::new(config, data, 0, &Device::flex());
    let (pixels, mut noise) = (data.pixels(), Noise::new(1, "images", 0));
    let images = Split::new(noise.normals(20 * pixels), pixels);
    let before = model.conditionals(&images);
    let of = |conditionals: &Conditionals| -> Vec<f32> {
        (0..images.len()).flat_map(|image| conditionals.of(image, pixel).to_vec()).collect()
    };
    let matters = |changed: &usize| {
        let mut others = images.clone();
        others.pixels.iter_mut().skip(*changed).step_by(pixels).for_each(|pixel| *pixel += 1.0);
        of(&before) != of(&model.conditionals(&others))
    };
    (0..pixels).filter(matters).collect()
}

/// Returns the receptive field of the pixel in row 5 and column 5 of an 8x11 image.
fn field(config: &PixelCnnConfig) -> Field {
    let position = |pixel: usize| (5 - (pixel / 11) as isize, (pixel % 11) as isize - 5);
    found(config, &shape(1, 8, 11), 5 * 11 + 5).into_iter().map(position).collect()
}

/// Returns the half of a square before its centre, with the centre for mask B.
fn half(kernel: isize, middle: bool) -> Field {
    let reach = kernel / 2;
    let before = |up: &(isize, isize)| up.0 > 0 || up.1 < 0 || middle && up.1 == 0;
    (0..=reach).flat_map(|up| (-reach..=reach).map(move |right| (up, right))).filter(before).collect()
}

fn sum(a: &Field, b: &Field) -> Field {
    a.iter().flat_map(|a| b.iter().map(move |b| (a.0 + b.0, a.1 + b.1))).collect()
}

#[test]
fn the_field_of_a_plain_stack_is_the_sum_of_its_masks_and_has_a_blind_spot() {
    assert_eq!((field(&config(false, 3, 0)).len(), field(&config(false, 3, 1)).len()), (4, 11));
    for (kernel, blocks) in [(3, 0), (3, 1), (3, 3), (5, 1), (7, 2)] {
        let stack = (0..blocks).fold(half(kernel as isize, false), |field, _| sum(&field, &half(3, true)));
        assert_eq!(field(&config(false, kernel, blocks)), stack, "{kernel} {blocks}");
    }
    // With any number of blocks, a step to the right costs a row.
    let field = field(&config(false, 3, 5));
    assert!(field.contains(&(1, 1)) && !field.contains(&(1, 2)) && field.contains(&(1, -4)), "{field:?}");
}

#[test]
fn the_field_of_two_stacks_is_all_preceding_pixels() {
    for (kernel, blocks) in [(3, 0), (3, 1), (3, 3), (5, 1), (7, 2)] {
        assert_eq!(
            field(&config(true, kernel, blocks)),
            half((kernel + 2 * blocks) as isize, false),
            "{kernel} {blocks}"
        );
    }
}

#[test]
fn green_depends_on_red_and_blue_on_both() {
    let data = DataShape { support: Support::Levels(4), ..shape(3, 3, 3) };
    for gated in [false, true] {
        for colour in 0..3 {
            // The centre of 3x3: all colours of the four preceding positions, then its own earlier colours.
            let earlier = (0..3).flat_map(|other| (0..4).map(move |position| other * 9 + position));
            let own = (0..colour).map(|other| other * 9 + 4);
            let field = found(&config(gated, 3, 2), &data, colour * 9 + 4);
            assert_eq!(field, earlier.chain(own).collect::<BTreeSet<_>>(), "colour {colour}, gated: {gated}");
        }
    }
}

#[test]
fn independent_colours_depend_on_the_preceding_pixels_only() {
    let data = DataShape { support: Support::Levels(4), ..shape(3, 3, 3) };
    for gated in [false, true] {
        let config = PixelCnnConfig { colours: Colours::Independent, ..config(gated, 3, 2) };
        for colour in 0..3 {
            let earlier = (0..3).flat_map(|other| (0..4).map(move |position| other * 9 + position));
            let field = found(&config, &data, colour * 9 + 4);
            assert_eq!(field, earlier.collect::<BTreeSet<_>>(), "colour {colour}, gated: {gated}");
        }
    }
}

/// Plain and gated networks on binary and RGB data, in an ordering other than raster.
fn kinds() -> Vec<(PixelCnnConfig, DataShape)> {
    let mut kinds = Vec::new();
    for gated in [false, true] {
        // Channel counts that are not multiples of a vector, and exceed one vector.
        let config = PixelCnnConfig { channels: 26, head: 9, ordering: Ordering::Column, ..config(gated, 5, 2) };
        kinds.push((config.clone(), shape(1, 7, 6)));
        let colours = DataShape { support: Support::Levels(5), ..shape(3, 4, 5) };
        kinds.push((PixelCnnConfig { colours: Colours::Independent, ..config.clone() }, colours));
        kinds.push((config, colours));
    }
    kinds
}

fn images(data: &DataShape, count: usize) -> Split {
    let last = match data.support {
        Support::Levels(levels) => usize::from(levels) - 1,
        _ => 1,
    };
    let mut noise = Noise::new(0, "images", 0);
    let pixels = (0..count * data.pixels()).map(|_| noise.below(last + 1) as f32 / last as f32).collect();
    Split::new(pixels, data.pixels())
}

fn values(tensor: Tensor<1>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

#[test]
fn the_cpu_version_agrees_with_its_oracle() {
    fn close<const D: usize>(a: &GradientsParams, b: &GradientsParams, parameter: &Param<Tensor<D>>) {
        let read = |from: &GradientsParams| values(from.get::<D>(parameter.id).expect("a gradient").flatten(0, D - 1));
        let (a, b) = (read(a), read(b));
        let scale = a.iter().fold(0f32, |largest, value| largest.max(value.abs()));
        assert!(scale > 0.0 && a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 3e-5 * scale), "{a:?}\n{b:?}");
    }
    let device = Device::flex().autodiff();
    for (config, data) in kinds() {
        let network = Network::new(&config, &data, 3, &device);
        let batch = Batch::new(images(&data, 11), &device);
        let loss = network.loss(&batch, &Step { index: 0, lr_factor: 1.0, seed: 0 }).0.swap_remove(0).1;
        let oracle = GradientsParams::from_grads(loss.clone().backward(), &network);
        let (nll, found) = network.gradients(&batch.host);
        let expected = f64::from(loss.into_scalar::<f32>());
        assert!((nll - expected).abs() < 1e-5 * expected, "{nll} against {expected}");
        for conv in &network.convs {
            close(&oracle, &found, &conv.weight);
            close(&oracle, &found, &conv.bias);
        }
        // The conditionals of the evaluation agree, too: the loss comes from those of the oracle.
        let nats = network.density().expect("exact").log_density(&batch.host);
        assert!((nats.iter().sum::<f64>() / -11.0 - expected).abs() < 1e-5 * expected);
    }
}

#[test]
fn the_number_of_threads_does_not_change_the_result() {
    for (config, data) in kinds() {
        let network = Network::new(&config, &data, 3, &Device::flex());
        let images = network.in_order(&images(&data, 11));
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| network.host().descend(&images))
        };
        let (one, three) = (on(1), on(3));
        assert_eq!(one.0.to_bits(), three.0.to_bits());
        assert_eq!(one.1.0, three.1.0);
    }
}

#[test]
fn sampling_agrees_with_evaluation_at_every_position() {
    for (config, data) in kinds() {
        let network = Network::new(&config, &data, 3, &Device::flex());
        let uniforms = Noise::new(0, "uniforms", 0).uniforms(5 * data.pixels());
        assert_eq!(network.sample_from(&uniforms), network.sample_naive(&uniforms));
    }
}

/// Counts by hand for one channel: the first layer has 24 weights, a block 1 + 5 + 1, the head 1 + 1.
#[test]
fn the_parameters_are_counted_without_masked_weights() {
    let count = |config: &PixelCnnConfig, data: &DataShape| Network::new(config, data, 0, &Device::flex()).parameters();
    let grey = shape(1, 28, 28);
    let plain = PixelCnnConfig { channels: 2, head: 1, ..config(false, 7, 3) };
    assert_eq!(count(&plain, &grey), (24 * 2 + 2) + 3 * ((2 + 1) + (5 + 1) + (2 + 2)) + (2 + 1) + (1 + 1));
    let gated = PixelCnnConfig { channels: 1, head: 1, ..config(true, 7, 3) };
    let first = (21 * 2 + 2) + (3 * 2 + 2) + (4 + 2) + (1 + 1);
    let block = (6 * 2 + 2) + (2 * 2 + 2) + (4 + 2) + (1 + 1);
    assert_eq!(count(&gated, &grey), first + 3 * block + (1 + 1) + (1 + 1));
    // Three colours of one channel each: a 1x1 kernel keeps 6 of 9 weights under mask B, 3 of 9 under mask A.
    let colours = PixelCnnConfig { channels: 6, head: 3, ..config(false, 3, 1) };
    let first = 4 * 3 * 6 + 3 * 2 + 6;
    let block = (6 * 2 + 3) + (4 * 9 + 6 + 3) + (6 * 2 + 6);
    assert_eq!(count(&colours, &shape(3, 8, 8)), first + block + (6 * 2 + 3) + (6 + 3));
}

#[test]
fn impossible_shapes_are_refused_with_the_reason() {
    let refuse = |config: PixelCnnConfig, data: &DataShape| {
        let problem = config.check(data).expect_err("impossible");
        format!("{}: {}", problem.path, problem.message)
    };
    let (default, grey) = (PixelCnnConfig::default(), shape(1, 28, 28));
    assert_eq!(default.check(&grey), Ok(()));
    let odd = refuse(PixelCnnConfig { channels: 31, ..default.clone() }, &grey);
    assert_eq!(odd, "channels: 31 channels cannot be halved inside a block");
    let few = refuse(PixelCnnConfig { channels: 4, ..default.clone() }, &shape(3, 28, 28));
    assert_eq!(few, "channels: 2 channels cannot be divided among 3 colours");
    let even = refuse(PixelCnnConfig { kernel: 4, ..default.clone() }, &grey);
    assert_eq!(even, "kernel: a kernel of side 4 has no centre, or no pixels before it");
    let wide = refuse(default.clone(), &shape(1, 3, 2));
    assert_eq!(wide, "kernel: a kernel of side 7 reaches 3 pixels, beyond every side of a 3x2 image");
    assert_eq!(refuse(default.clone(), &shape(1, 1, 1)), ": an image of one pixel has no neighbours for a convolution");
    let spiral = refuse(PixelCnnConfig { ordering: Ordering::Spiral, ..default.clone() }, &grey);
    assert_eq!(spiral, "ordering: this model cannot use the ordering spiral");
    let real = refuse(default, &DataShape { support: Support::Continuous, ..grey });
    assert!(real.contains("real-valued"), "{real}");
}
