//! Law 8 for gradients: wgpu and flex agree parameter by parameter. The law on losses alone would
//! miss a gradient that is off by a constant factor, which Adam divides out.
//!
//! Without an adapter the law is not checked, unless GENBENCH_REQUIRE_WGPU is set.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::prelude::*;
use data::{CaptionShape, Captions, DataShape, Noise, PartShape, Parts, Split};
use engine::{Batch, Objective, Step};
use protocol::Support;

use crate::latent::Likelihood::{Bernoulli, Categorical, Gaussian};
use crate::latent::{Network, Variance};
use crate::test_shape::shape;
use crate::{
    aae, ar, critic, dcgan, gan, infogan, made, nade, pixel_cnn, pixel_rnn, puzzle_gan, rnade, text2image, vae,
};

const PIXELS: usize = 36;
const IMAGES: usize = 16;
/// Largest difference allowed, relative to the largest gradient of the parameter.
const TOLERANCE: f32 = 1e-4;

struct Collect<'a> {
    gradients: &'a GradientsParams,
    values: Vec<Vec<f32>>,
}

impl ModuleVisitor for Collect<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        // Running statistics and vectors of power iterations are state, not parameters.
        if !param.is_require_grad() {
            return;
        }
        let gradient = self.gradients.get::<D>(param.id).expect("every parameter has a gradient");
        self.values.push(gradient.into_data().iter::<f32>().collect());
    }
}

pub(crate) fn gradients(module: &impl Module, loss: Tensor<1>) -> Vec<Vec<f32>> {
    let gradients = GradientsParams::from_grads(loss.backward(), module);
    let mut collect = Collect { gradients: &gradients, values: Vec::new() };
    module.visit(&mut collect);
    collect.values
}

fn batch(image_len: usize, device: &Device) -> Batch {
    let mut noise = Noise::new(0, "gradients", 0);
    let pixels = (0..IMAGES * image_len).map(|_| f32::from(u8::from(noise.bernoulli(0.3)))).collect();
    Batch::new(Split::new(pixels, image_len), device)
}

fn of_objective(model: &impl Objective, device: &Device) -> Vec<Vec<f32>> {
    let scalars = model.loss(&batch(PIXELS, device), &Step { index: 0, lr_factor: 1.0, seed: 0 });
    gradients(model, scalars.0[0].1.clone())
}

/// Both losses of an adversarial pair.
fn of_pair(
    name: [&'static str; 2],
    (generator, discriminator): (impl gan::Generate, impl gan::Discriminate),
    batch: &Batch,
) -> [(&'static str, Vec<Vec<f32>>); 2] {
    let (objective, at) = (gan::Objective::NonSaturating, Step { index: 0, lr_factor: 1.0, seed: 0 });
    let loss_g = gan::generator_loss(&generator, &discriminator, objective, IMAGES, &at);
    let loss_d = gan::discriminator_loss(&generator, &discriminator, objective, batch, &at);
    [(name[0], gradients(&generator, loss_g)), (name[1], gradients(&discriminator, loss_d))]
}

/// Both losses of an InfoGAN, of perceptrons and of convolutions.
fn of_infogan(data: &DataShape, device: &Device) -> Vec<(&'static str, Vec<Vec<f32>>)> {
    let (batch, at) = (batch(data.pixels(), device), Step { index: 0, lr_factor: 1.0, seed: 0 });
    let names = [
        ["infogan's generator", "infogan's discriminator and reader"],
        ["convolutional infogan's generator", "convolutional infogan's discriminator and reader"],
    ];
    let of_pair = |(config, names): (&infogan::InfoGanConfig, [&'static str; 2])| {
        let weights = &mut Noise::new(0, "infogan/weights", 0);
        let generator = infogan::Generator::new(config, data, weights, device);
        let observer = infogan::Observer::new(config, data, weights, device);
        let (loss_g, _) = infogan::generator_loss(config, &generator, &observer, &batch, &at);
        let (loss_d, _) = infogan::observer_loss(config, &generator, &observer, &batch, &at);
        [(names[0], gradients(&generator, loss_g)), (names[1], gradients(&observer, loss_d))]
    };
    let configs = <infogan::InfoGanConfig as engine::ModelConfig>::tiny();
    configs.iter().zip(names).flat_map(of_pair).collect()
}

/// Images of 12x12 with what models of captions and of parts are given beside them.
fn accompanied(device: &Device) -> (DataShape, Batch) {
    let (captions, parts) = (CaptionShape { vocabulary: 5, words: 3 }, PartShape { count: 2, side: 3 });
    let shape = DataShape { captions: Some(captions), parts: Some(parts), ..shape(1, 12, 12) };
    let mut noise = Noise::new(1, "gradients", 0);
    let words = (0..IMAGES * 3).map(|_| noise.below(5) as u16).collect();
    let mut images = batch(144, device).host;
    images.captions = Some(Captions { words, caption_len: 3 });
    images.parts = Some(Parts {
        pixels: noise.uniforms(IMAGES * 2 * 9),
        count: 2,
        part_len: 9,
        masks: (0..IMAGES * 144).map(|_| f32::from(u8::from(noise.bernoulli(0.2)))).collect(),
        mask_len: 144,
        places: vec![[0, 0]; IMAGES * 2],
    });
    (shape, Batch::new(images, device))
}

/// Every gradient of every network that is trained, on one device.
fn all(device: &Device) -> Vec<(&'static str, Vec<Vec<f32>>)> {
    let (plain, at) = (shape(1, 6, 6), Step { index: 0, lr_factor: 1.0, seed: 0 });
    let with = |support| DataShape { support, ..plain };
    let vae = |network, decoder, variance| {
        let support = match decoder {
            Bernoulli => Support::Binary,
            Categorical => Support::Levels(3),
            Gaussian => Support::Real,
        };
        of_objective(&vae::network((network, decoder, variance), &with(support), device), device)
    };
    let mut all = vec![
        ("ar", of_objective(&ar::network(&shape(1, 6, 6), device), device)),
        ("made", of_objective(&made::network(&shape(1, 6, 6), device), device)),
        ("nade", of_objective(&nade::network(&shape(1, 6, 6), device), device)),
        ("orderless nade", of_objective(&nade::orderless_network(&shape(1, 6, 6), device), device)),
        ("rnade", of_objective(&rnade::network(&shape(1, 6, 6), device), device)),
        ("pixel_rnn, rows", of_objective(&pixel_rnn::network(true, &shape(1, 6, 6), device), device)),
        ("pixel_rnn, diagonals", of_objective(&pixel_rnn::network(false, &shape(1, 6, 6), device), device)),
        ("pixel_cnn", of_objective(&pixel_cnn::network(false, &shape(1, 6, 6), device), device)),
        ("gated pixel_cnn", of_objective(&pixel_cnn::network(true, &shape(1, 6, 6), device), device)),
        ("vae", vae(Network::Mlp, Bernoulli, Variance::Shared)),
        ("categorical vae", vae(Network::Mlp, Categorical, Variance::Shared)),
        ("gaussian vae", vae(Network::Mlp, Gaussian, Variance::Shared)),
        ("gaussian vae, variances per pixel", vae(Network::Mlp, Gaussian, Variance::PerPixel)),
        ("convolutional vae", vae(Network::Conv, Bernoulli, Variance::Shared)),
        ("convolutional categorical vae", vae(Network::Conv, Categorical, Variance::Shared)),
        ("convolutional gaussian vae", vae(Network::Conv, Gaussian, Variance::PerPixel)),
    ];
    all.extend(of_pair(
        ["gan's generator", "gan's discriminator"],
        gan::networks(PIXELS, device),
        &batch(PIXELS, device),
    ));
    let twice_halved = shape(1, 12, 12);
    for (spectral, names) in [
        (false, ["dcgan's generator", "dcgan's discriminator"]),
        (true, ["dcgan's generator against a normalised discriminator", "dcgan's normalised discriminator"]),
    ] {
        all.extend(of_pair(names, dcgan::networks(spectral, &twice_halved, device), &batch(144, device)));
    }
    for network in [Network::Mlp, Network::Conv] {
        all.extend(aae::phases(network, &plain, &batch(PIXELS, device), &at));
    }
    let (judge, images) = (critic::Network::small(&plain, device), batch(PIXELS, device).images);
    let scores = |images: Tensor<2>| judge.forward(images);
    let loss = gan::Objective::Minimax.discriminator(scores(images.clone()), scores(images * 0.5));
    all.push(("critic", gradients(&judge, loss)));
    let (shape, accompanied) = accompanied(device);
    all.extend(text2image::phases(&shape, &accompanied, &at));
    all.extend(puzzle_gan::phases(&shape, &accompanied, &at));
    all.extend(of_infogan(&twice_halved, device));
    all
}

fn differ(a: &[f32], b: &[f32]) -> bool {
    let scale = a.iter().fold(0f32, |largest, value| largest.max(value.abs()));
    a.len() != b.len() || scale == 0.0 || a.iter().zip(b).any(|(a, b)| (a - b).abs() > TOLERANCE * scale)
}

#[test]
fn wgpu_has_the_gradients_of_flex() {
    if engine::device::adapters().is_empty() {
        assert!(std::env::var_os("GENBENCH_REQUIRE_WGPU").is_none(), "there is no graphics adapter");
        eprintln!("not checked: there is no graphics adapter");
        return;
    }
    let (device, _) = engine::device::open("wgpu").expect("there is an adapter");
    for ((name, expected), (_, found)) in all(&Device::flex().autodiff()).iter().zip(all(&device)) {
        assert_eq!(expected.len(), found.len());
        for (parameter, (expected, found)) in expected.iter().zip(&found).enumerate() {
            assert!(!differ(expected, found), "{name}: gradient of parameter {parameter}");
        }
    }
}

#[test]
fn a_gradient_that_is_off_by_a_factor_is_caught() {
    let right = &all(&Device::flex().autodiff())[0].1[0];
    assert!(!differ(right, right));
    let scaled: Vec<f32> = right.iter().map(|value| value * 1.001).collect();
    assert!(differ(right, &scaled));
}
