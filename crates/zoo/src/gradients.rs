//! Law 8 for gradients: wgpu and flex agree parameter by parameter. The law on losses alone would
//! miss a gradient that is off by a constant factor, which Adam divides out.
//!
//! Without an adapter the law is not checked, unless GENBENCH_REQUIRE_WGPU is set.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::prelude::*;
use data::{Noise, Split};
use engine::{Batch, Objective, Step};

use crate::ordering::tests::shape;
use crate::{ar, critic, gan, infogan, made, nade, pixel_cnn, pixel_rnn, rnade, vae};

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
        let gradient = self.gradients.get::<D>(param.id).expect("every parameter has a gradient");
        self.values.push(gradient.into_data().iter::<f32>().collect());
    }
}

fn gradients(module: &impl Module, loss: Tensor<1>) -> Vec<Vec<f32>> {
    let gradients = GradientsParams::from_grads(loss.backward(), module);
    let mut collect = Collect { gradients: &gradients, values: Vec::new() };
    module.visit(&mut collect);
    collect.values
}

fn batch(device: &Device) -> Batch {
    let mut noise = Noise::new(0, "gradients", 0);
    let pixels = (0..IMAGES * PIXELS).map(|_| f32::from(u8::from(noise.bernoulli(0.3)))).collect();
    Batch::new(Split::new(pixels, PIXELS), device)
}

fn of_objective(model: &impl Objective, device: &Device) -> Vec<Vec<f32>> {
    let scalars = model.loss(&batch(device), &Step { index: 0, lr_factor: 1.0, seed: 0 });
    gradients(model, scalars.0[0].1.clone())
}

/// Every gradient of every network that is trained, on one device.
fn all(device: &Device) -> Vec<(&'static str, Vec<Vec<f32>>)> {
    let (generator, discriminator) = gan::networks(PIXELS, device);
    let (objective, at) = (gan::Objective::NonSaturating, Step { index: 0, lr_factor: 1.0, seed: 0 });
    let loss_g = gan::generator_loss(&generator, &discriminator, objective, IMAGES, &at);
    let loss_d = gan::discriminator_loss(&generator, &discriminator, objective, &batch(device), &at);
    let (judge, images) = (critic::Network::small(&shape(1, 6, 6), device), batch(device).images);
    let scores = |images: Tensor<2>| judge.forward(images);
    let loss_of_judge = gan::Objective::Minimax.discriminator(scores(images.clone()), scores(images * 0.5));
    let of_infogan = <infogan::InfoGanConfig as engine::ModelConfig>::tiny().swap_remove(0);
    let weights = &mut Noise::new(0, "infogan/weights", 0);
    let painter = infogan::Generator::new(&of_infogan, PIXELS, weights, device);
    let observer = infogan::Observer::new(&of_infogan, PIXELS, weights, device);
    let (loss_of_painter, _) = infogan::generator_loss(&of_infogan, &painter, &observer, &batch(device), &at);
    let (loss_of_observer, _) = infogan::observer_loss(&of_infogan, &painter, &observer, &batch(device), &at);
    vec![
        ("ar", of_objective(&ar::network(&shape(1, 6, 6), device), device)),
        ("made", of_objective(&made::network(&shape(1, 6, 6), device), device)),
        ("nade", of_objective(&nade::network(&shape(1, 6, 6), device), device)),
        ("orderless nade", of_objective(&nade::orderless_network(&shape(1, 6, 6), device), device)),
        ("rnade", of_objective(&rnade::network(&shape(1, 6, 6), device), device)),
        ("pixel_rnn, rows", of_objective(&pixel_rnn::network(true, &shape(1, 6, 6), device), device)),
        ("pixel_rnn, diagonals", of_objective(&pixel_rnn::network(false, &shape(1, 6, 6), device), device)),
        ("pixel_cnn", of_objective(&pixel_cnn::network(false, &shape(1, 6, 6), device), device)),
        ("gated pixel_cnn", of_objective(&pixel_cnn::network(true, &shape(1, 6, 6), device), device)),
        ("vae", of_objective(&vae::network(&shape(1, 6, 6), device), device)),
        ("critic", gradients(&judge, loss_of_judge)),
        ("infogan's generator", gradients(&painter, loss_of_painter)),
        ("infogan's discriminator and reader", gradients(&observer, loss_of_observer)),
        ("gan's generator", gradients(&generator, loss_g)),
        ("gan's discriminator", gradients(&discriminator, loss_d)),
    ]
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
