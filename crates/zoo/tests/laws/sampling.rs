//! Law 2: samples follow the density. Law 7: incremental sampling is naive sampling.

use data::Noise;
use engine::{ExplicitDensity, Sampler};
use statrs::distribution::{ChiSquared, ContinuousCDF};

use crate::subject::{PIXELS, all_images, entries, index, trained};

const DRAWS: usize = 50_000;
/// How rarely a right sampler may fail.
const ALPHA: f64 = 1e-6;

/// The p-value of the chi-square test of `DRAWS` samples against the density, cells under 5 pooled.
fn p_value(sampler: &dyn Sampler, density: &dyn ExplicitDensity, seed: u64) -> f64 {
    let samples = sampler.sample(DRAWS, &mut Noise::new(seed, "law", 0));
    let mut observed = vec![0.0; 1 << PIXELS];
    samples.images().for_each(|image| observed[index(image)] += 1.0);
    let expected: Vec<f64> = density.log_density(&all_images()).iter().map(|nats| nats.exp() * DRAWS as f64).collect();
    let (mut statistic, mut cells, mut rest) = (0.0, 0usize, (0.0, 0.0));
    for (observed, expected) in observed.into_iter().zip(expected) {
        if expected < 5.0 {
            rest = (rest.0 + observed, rest.1 + expected);
        } else {
            statistic += (observed - expected).powi(2) / expected;
            cells += 1;
        }
    }
    if rest.1 > 0.0 {
        statistic += (rest.0 - rest.1).powi(2) / rest.1.max(1e-9);
        cells += 1;
    }
    let chi_squared = ChiSquared::new(cells as f64 - 1.0).expect("at least two cells");
    1.0 - chi_squared.cdf(statistic)
}

#[test]
fn samples_follow_the_density() {
    for entry in entries() {
        let model = trained(entry);
        if let (Some(sampler), Some(density)) = (model.sampler(), model.density()) {
            let p = p_value(sampler, density, 0);
            assert!(p > ALPHA, "{}: p = {p}", entry.name);
        }
    }
}

#[test]
fn a_sampler_of_another_model_is_caught() {
    let independent = trained(zoo::find("independent").expect("registered"));
    let markov = trained(zoo::find("markov").expect("registered"));
    let (Some(sampler), Some(density)) = (independent.sampler(), markov.density()) else {
        panic!("tables can do both")
    };
    assert!(p_value(sampler, density, 0) < ALPHA);
}

#[test]
fn samples_lie_on_their_support_and_depend_on_the_seed_alone() {
    for entry in entries() {
        let model = trained(entry);
        let Some(sampler) = model.sampler() else { continue };
        let draw = |seed| sampler.sample(50, &mut Noise::new(seed, "law", 0));
        assert_eq!(draw(1), draw(1), "{}", entry.name);
        assert_ne!(draw(1), draw(2), "{}", entry.name);
        let samples = draw(1);
        assert_eq!((samples.len(), samples.image_len), (50, PIXELS), "{}", entry.name);
        let binary = sampler.support() == protocol::Support::Binary;
        let fits = |pixel: &f32| if binary { *pixel == 0.0 || *pixel == 1.0 } else { (0.0..=1.0).contains(pixel) };
        assert!(samples.pixels.iter().all(fits), "{}", entry.name);
    }
}

#[test]
fn incremental_sampling_is_naive_sampling() {
    let mut asked = 0;
    for entry in entries() {
        let model = trained(entry);
        let Some(autoregressive) = model.autoregressive() else { continue };
        let uniforms = Noise::new(5, "law", 0).uniforms(200 * PIXELS);
        assert_eq!(autoregressive.sample_from(&uniforms), autoregressive.sample_naive(&uniforms), "{}", entry.name);
        asked += 1;
    }
    assert!(asked >= 3, "only {asked} models were asked");
}
