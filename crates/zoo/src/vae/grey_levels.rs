//! Test of annealed importance sampling on grey levels: a categorical decoder with one latent number, whose log p is an
//! integral over a line.

use burn::prelude::*;
use data::{DataShape, Dataset, Noise, Split};
use engine::{Batch, DensityBound, Features, LatentVariable, Objective, Step, descend, log_sum_exp};
use protocol::Support;

use super::config::VaeConfig;
use super::network::Vae;
use crate::ais_test::ais;
use crate::latent::Likelihood;

const LEVELS: u16 = 4;
const PIXELS: usize = 9;

/// Images whose pixels rise or fall together along one number, with noise of one level.
fn data() -> Dataset {
    let split = |stream: u64, count: usize| {
        let mut noise = Noise::new(0, "grey levels", stream);
        let mut image = || {
            let z = noise.normal();
            let pixel = |index: usize| {
                let grey = 1.0 / (1.0 + (-z * (index as f64 - 4.0)).exp()) + 0.15 * noise.normal();
                let top = f64::from(LEVELS - 1);
                ((grey * top).round().clamp(0.0, top) / top) as f32
            };
            (0..PIXELS).map(pixel).collect::<Vec<_>>()
        };
        Split::new((0..count).flat_map(|_| image()).collect(), PIXELS)
    };
    let counts = [400, 50, 60];
    let shape = DataShape::new([1, 3, 3], Support::Levels(LEVELS), counts);
    Dataset::new(shape, [split(0, counts[0]), split(1, counts[1]), split(2, counts[2])])
}

fn trained(data: &Dataset) -> Vae {
    let device = Device::flex().autodiff();
    let config = VaeConfig { hidden: 16, latent: 1, decoder: Likelihood::Categorical, ..VaeConfig::default() };
    let mut model = Vae::new(&config, &data.shape, 0, &device);
    let mut adam = ::nn::adam(0.9);
    for index in 0..400 {
        let indices: Vec<usize> = (0..100).map(|image| (index as usize * 100 + image) % data.train.len()).collect();
        let batch = Batch::new(data.batch(&indices, index), &device);
        let loss = model.loss(&batch, &Step { index, lr_factor: 1.0, seed: 0 }).0.swap_remove(0).1;
        model = descend(&mut adam, 1e-2, model, loss);
    }
    burn::module::Module::valid(&model)
}

/// log p(x) by the trapezoid rule over z from -8 to 8.
fn log_p(model: &Vae, images: &Split) -> Vec<f64> {
    let step = 0.01;
    let grid: Vec<f64> = (-800..=800).map(|index| f64::from(index) * step).collect();
    let log_prior = |z: f64| -0.5 * z * z - 0.5 * std::f64::consts::TAU.ln() + f64::ln(step);
    let likelihoods = model.log_likelihood(images, &Features { values: grid.clone(), width: 1 });
    likelihoods.iter().map(|row| log_sum_exp(row.iter().zip(&grid).map(|(log, z)| log + log_prior(*z)))).collect()
}

#[test]
fn ais_of_a_categorical_decoder_is_log_p_by_quadrature() {
    let data = data();
    let model = trained(&data);
    let [figure, gap] = ais(&model, &data);
    assert_eq!(figure.support, Some(Support::Levels(LEVELS)));
    let images = data.test.take(figure.per_image.len());
    let exact = log_p(&model, &images);
    let off: Vec<f64> = figure.per_image.iter().zip(&exact).map(|(ais, exact)| ais - exact).collect();
    let ((off, se), (gap, gap_se)) = (engine::progress::mean_se(&off), (gap.value.unwrap(), gap.se.unwrap()));
    let se = se.unwrap();
    assert!(gap < 0.1 && se < 0.05, "gap {gap}, se {se}");
    assert!(off < 4.0 * se && off > -gap - 4.0 * (se + gap_se), "{off} ± {se}, gap {gap} ± {gap_se}");
    // The importance-weighted bound of many draws is as close, and the latent is in use.
    let iwae = model.iwae(&images, 2_000, &mut Noise::new(0, "test", 0));
    let apart: Vec<f64> = iwae.iter().zip(&exact).map(|(iwae, exact)| iwae - exact).collect();
    assert!(engine::progress::mean_se(&apart).0.abs() < 0.05, "{apart:?}");
    let spread = engine::progress::mean_se(&exact).1.unwrap();
    let uniform = -(PIXELS as f64) * f64::from(LEVELS).ln();
    assert!(engine::progress::mean_se(&exact).0 > uniform + 3.0 && spread > 0.0, "{exact:?}");
}
