//! Law 2: samples follow the density. Law 7: incremental sampling is naive sampling.

use data::{Noise, Split};
use engine::{ExplicitDensity, Sampler};
use protocol::Support;
use statrs::distribution::{ChiSquared, ContinuousCDF};

use crate::subject::{Subject, in_every_ordering, subject, subjects};

const DRAWS: usize = 50_000;
/// How rarely a right sampler may fail.
const ALPHA: f64 = 1e-6;

/// The p-value of the chi-square test of `DRAWS` samples against the density, cells under 5 pooled.
fn p_value(subject: &Subject, sampler: &dyn Sampler, density: &dyn ExplicitDensity, seed: u64) -> f64 {
    let samples = sampler.sample(DRAWS, &mut Noise::new(seed, "law", 0));
    let all = subject.all_images();
    let mut observed = vec![0.0; all.len()];
    samples.images().filter_map(|image| subject.index(image)).for_each(|index| observed[index] += 1.0);
    let volume = subject.volume() * DRAWS as f64;
    let expected: Vec<f64> = density.log_density(&all).iter().map(|nats| nats.exp() * volume).collect();
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
    for subject in subjects() {
        let model = subject.trained();
        if let (Some(sampler), Some(density)) = (model.sampler(), model.density()) {
            let p = p_value(&subject, sampler, density, 0);
            assert!(p > ALPHA, "{subject}: p = {p}");
        }
    }
}

#[test]
fn a_sampler_of_another_model_is_caught() {
    let markov = subject("markov");
    let (other, model) = (subject("independent").trained(), markov.trained());
    let (Some(sampler), Some(density)) = (other.sampler(), model.density()) else { panic!("tables can do both") };
    assert!(p_value(&markov, sampler, density, 0) < ALPHA);
}

#[test]
fn samples_lie_on_their_support_and_depend_on_the_seed_alone() {
    for subject in subjects() {
        let model = subject.trained();
        let Some(sampler) = model.sampler() else { continue };
        let draw = |seed| sampler.sample(50, &mut Noise::new(seed, "law", 0));
        assert_eq!(draw(1), draw(1), "{subject}");
        assert_ne!(draw(1), draw(2), "{subject}");
        let samples = draw(1);
        assert_eq!((samples.len(), samples.image_len), (50, subject.pixels()), "{subject}");
        let fits = |pixel: &f32| match sampler.support() {
            Support::Binary => *pixel == 0.0 || *pixel == 1.0,
            Support::Levels(levels) => {
                let level = pixel * f32::from(levels - 1);
                (0.0..=1.0).contains(pixel) && (level - level.round()).abs() < 1e-4
            }
            Support::Continuous => (0.0..=1.0).contains(pixel),
            Support::Real => pixel.is_finite(),
        };
        assert!(samples.pixels.iter().all(fits), "{subject}");
    }
}

/// Binary and grey draws agree exactly; real-valued ones to rounding.
fn alike(a: &Split, b: &Split, support: Support) -> bool {
    let tolerance = if support == Support::Real { 1e-4 } else { 0.0 };
    a.pixels.len() == b.pixels.len() && a.pixels.iter().zip(&b.pixels).all(|(a, b)| (a - b).abs() <= tolerance)
}

#[test]
fn incremental_sampling_is_naive_sampling() {
    let mut asked = 0;
    for subject in in_every_ordering() {
        let model = subject.trained();
        let Some(autoregressive) = model.autoregressive() else { continue };
        let uniforms = Noise::new(5, "law", 0).uniforms(200 * subject.pixels());
        let (fast, naive) = (autoregressive.sample_from(&uniforms), autoregressive.sample_naive(&uniforms));
        assert!(alike(&fast, &naive, subject.data.shape.support), "{subject}");
        asked += 1;
    }
    assert!(asked > 10, "only {asked} models were asked");
}
