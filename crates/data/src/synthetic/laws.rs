//! Laws of the sets with an exact density, over the registry and over many settings.

mod real;

use std::sync::Arc;

use proptest::prelude::*;
use protocol::Support;
use serde_json::{Value, json};
use statrs::distribution::{ChiSquared, ContinuousCDF};

pub(crate) use self::real::moments;
use crate::{DataError, DataSource, Dataset, Entropy, ExactDensity, Split, built_in};

/// All binary images of `len` pixels.
pub(crate) fn all_images(len: usize) -> impl Iterator<Item = Vec<f32>> {
    (0..1usize << len).map(move |code| (0..len).map(|at| (code >> at & 1) as f32).collect())
}

/// Difference between the sum of p over all images and 1.
fn excess(density: &dyn ExactDensity, len: usize) -> f64 {
    all_images(len).map(|image| density.log_density(&image).exp()).sum::<f64>() - 1.0
}

/// The entropy by enumeration.
fn enumerated_entropy(density: &dyn ExactDensity, len: usize) -> f64 {
    all_images(len).map(|image| density.log_density(&image)).map(|log_p| -log_p * log_p.exp()).sum()
}

/// Chi-square p-value of the frequencies of all images in `split`. Expected counts below 5 are pooled.
pub(crate) fn agreement(density: &dyn ExactDensity, split: &Split) -> f64 {
    let mut counts = vec![0.0; 1 << split.image_len];
    for image in split.images() {
        let code: usize = image.iter().enumerate().map(|(at, pixel)| (*pixel as usize) << at).sum();
        counts[code] += 1.0;
    }
    let (mut statistic, mut cells, mut pooled) = (0.0, 0u32, (0.0, 0.0));
    let mut cell = |seen: f64, expected: f64| {
        statistic += (seen - expected).powi(2) / expected;
        cells += 1;
    };
    for (image, seen) in all_images(split.image_len).zip(counts) {
        let expected = density.log_density(&image).exp() * split.len() as f64;
        if expected < 5.0 {
            pooled = (pooled.0 + seen, pooled.1 + expected);
        } else {
            cell(seen, expected);
        }
    }
    if pooled.1 > 0.0 {
        cell(pooled.0, pooled.1);
    }
    ChiSquared::new(f64::from(cells - 1)).unwrap().sf(statistic)
}

fn open(name: &str, settings: &Value) -> Result<Arc<dyn DataSource>, DataError> {
    let sets = built_in();
    (sets.find(name).unwrap().open)(settings, &sets).map_err(|mut problems| problems.swap_remove(0).into())
}

fn load(name: &str, settings: &Value) -> Result<Dataset, DataError> {
    open(name, settings)?.load()
}

/// `settings` at this size and with this many training images.
fn sized(settings: &Value, height: usize, width: usize, train: usize) -> Value {
    let mut settings = settings.clone();
    for (key, value) in [("height", height), ("width", width), ("train", train), ("validation", 10), ("test", 10)] {
        settings[key] = value.into();
    }
    settings
}

/// Settings other than the defaults, for every distribution and both boundaries.
fn cases() -> Vec<(&'static str, Value)> {
    vec![
        ("chain", json!({"q": 0.05})),
        ("chain", json!({"q": 0.7})),
        ("ising", json!({"boundary": "torus", "beta": 0.0})),
        ("ising", json!({"boundary": "torus", "beta": 0.25})),
        ("ising", json!({"boundary": "torus", "beta": 0.6})),
        ("ising", json!({"boundary": "free", "beta": 0.0})),
        ("ising", json!({"boundary": "free", "beta": 0.44})),
        ("ising", json!({"boundary": "free", "beta": 1.2})),
        ("mesh", json!({"strength": 0.5})),
        ("mesh", json!({"strength": 3.0, "theta_seed": 7})),
        ("mixture", json!({"templates": 1, "eps": 0.2})),
        ("mixture", json!({"templates": 5, "eps": 0.1, "template_seed": 3})),
        ("linear_gaussian", json!({"latent": 1, "sigma": 0.2})),
        ("linear_gaussian", json!({"latent": 7, "sigma": 1.5, "weight_seed": 2})),
        ("gaussian_mixture", json!({"components": 1, "sigma": 0.3})),
        ("gaussian_mixture", json!({"components": 5, "sigma": 1.5, "mean_seed": 4})),
    ]
}

/// The defaults of all registered sets with an exact density, then the cases.
fn everything() -> Vec<(&'static str, Value)> {
    let all = built_in().iter().map(|entry| (entry.name, (entry.defaults)())).collect::<Vec<_>>();
    let exact =
        |(name, settings): &(&str, Value)| open(name, settings).unwrap().describe().is_ok_and(|shape| shape.exact);
    let registered: Vec<_> = all.into_iter().filter(exact).collect();
    let has = |name| registered.iter().any(|(other, _)| *other == name);
    let all = ["chain", "ising", "mesh", "mixture", "linear_gaussian", "gaussian_mixture"];
    assert!(all.into_iter().all(has), "{registered:?}");
    registered.into_iter().chain(cases()).collect()
}

/// The sets of [`everything`] on this support.
fn over(support: Support) -> impl Iterator<Item = (&'static str, Value)> {
    let is_over = move |(name, settings): &(&'static str, Value)| {
        open(name, settings).unwrap().describe().unwrap().support == support
    };
    everything().into_iter().filter(is_over)
}

#[test]
fn p_sums_to_one_and_the_entropy_equals_enumeration() {
    for (name, settings) in over(Support::Binary) {
        for (height, width) in [(2, 3), (3, 2), (3, 3)] {
            let len = height * width;
            let truth = load(name, &sized(&settings, height, width, 10)).unwrap().truth.unwrap();
            let excess = excess(&*truth, len);
            assert!(excess.abs() < 1e-12, "{name} {settings} {height}x{width}: {excess}");
            let Entropy { nats, se } = truth.entropy();
            let (off, allowed) = (nats - enumerated_entropy(&*truth, len), se.map_or(1e-9, |se| 4.0 * se + 1e-12));
            assert!(off.abs() < allowed, "{name} {settings} {height}x{width}: off by {off}, {allowed} allowed");
        }
    }
}

#[test]
fn laws_hold_for_images_of_one_row_or_column() {
    for (name, settings) in over(Support::Binary).filter(|(_, settings)| settings["boundary"] != "torus") {
        for (height, width) in [(1, 1), (1, 5), (5, 1)] {
            let data = load(name, &sized(&settings, height, width, 5_000)).unwrap();
            let truth = data.truth.unwrap();
            assert!(excess(&*truth, height * width).abs() < 1e-12, "{name} {settings} {height}x{width}");
            let p = agreement(&*truth, &data.train);
            assert!(p > 1e-6, "{name} {settings} {height}x{width}: p = {p}");
        }
    }
}

#[test]
fn frequencies_agree_with_the_density() {
    for (name, settings) in over(Support::Binary) {
        for (height, width) in [(2, 3), (3, 2)] {
            let data = load(name, &sized(&settings, height, width, 50_000)).unwrap();
            let p = agreement(&**data.truth.as_ref().unwrap(), &data.train);
            assert!(p > 1e-6, "{name} {settings} {height}x{width}: p = {p}");
        }
    }
}

#[test]
fn the_mean_of_minus_log_p_over_drawn_images_is_the_entropy() {
    for (name, settings) in everything() {
        let data = load(name, &sized(&settings, 8, 7, 4_000)).unwrap();
        let truth = data.truth.unwrap();
        let surprises: Vec<f64> = data.train.images().map(|image| -truth.log_density(image)).collect();
        let n = surprises.len() as f64;
        let mean = surprises.iter().sum::<f64>() / n;
        let variance = surprises.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let Entropy { nats, se } = truth.entropy();
        let se = (variance / n + se.unwrap_or_default().powi(2)).sqrt();
        assert!((mean - nats).abs() < 4.0 * se + 1e-9, "{name} {settings}: {mean} {nats} +- {se}");
    }
}

/// A density that is wrong on purpose.
struct Broken<F>(F);

impl<F: Fn(&[f32]) -> f64 + Send + Sync> ExactDensity for Broken<F> {
    fn log_density(&self, image: &[f32]) -> f64 {
        (self.0)(image)
    }

    fn entropy(&self) -> Entropy {
        Entropy { nats: 0.0, se: None }
    }
}

#[test]
fn laws_detect_wrong_densities() {
    for (name, settings) in over(Support::Binary) {
        let truth = load(name, &sized(&settings, 2, 3, 10)).unwrap().truth.unwrap();
        let unnormalised = Broken(move |image: &[f32]| truth.log_density(image) + 1e-6);
        assert!(excess(&unnormalised, 6).abs() > 1e-7, "{name} {settings}");
    }
    // This density sums to 1, so only the frequencies detect it.
    let data = load("chain", &sized(&json!({"q": 0.05}), 2, 3, 50_000)).unwrap();
    let truth = data.truth.clone().unwrap();
    let permuted = Broken(move |image: &[f32]| {
        let mut image = image.to_vec();
        image.swap(1, 4);
        truth.log_density(&image)
    });
    assert!(excess(&permuted, 6).abs() < 1e-12);
    assert!(agreement(&permuted, &data.train) < 1e-6);
}

#[test]
fn outside_the_support_the_density_is_zero() {
    for (name, settings) in everything() {
        let data = load(name, &sized(&settings, 2, 3, 10)).unwrap();
        let log_density = |image: &[f32]| data.truth.as_ref().unwrap().log_density(image);
        for image in [vec![f32::NAN; 6], vec![f32::INFINITY; 6], vec![1.0; 5], vec![]] {
            assert_eq!(log_density(&image), f64::NEG_INFINITY, "{name} {image:?}");
        }
        let half = log_density(&[0.5, 0.0, 0.0, 1.0, 1.0, 1.0]);
        assert_eq!(half == f64::NEG_INFINITY, data.shape.support == Support::Binary, "{name} {half}");
    }
}

#[test]
fn splits_have_streams_of_their_own() {
    for (name, settings) in everything() {
        let load = |train, seed: u64| {
            let mut settings = sized(&settings, 6, 5, train);
            settings["seed"] = seed.into();
            load(name, &settings).unwrap()
        };
        let (short, long, other) = (load(10, 0), load(30, 0), load(10, 1));
        assert_eq!(short.sha256(), load(10, 0).sha256(), "{name}");
        assert_eq!(short.train, long.train.take(10), "{name} {settings}");
        assert_eq!((&short.validation, &short.test), (&long.validation, &long.test), "{name}");
        assert_ne!(short.train.pixels, other.train.pixels, "{name} {settings}");
        assert_ne!(short.train.pixels, short.validation.pixels, "{name} {settings}");
        assert_ne!(short.validation.pixels, short.test.pixels, "{name} {settings}");
        let labelled = short.shape.classes.is_some();
        assert_eq!([&short.train, &short.validation, &short.test].map(|s| s.labels.is_some()), [labelled; 3]);
        assert!(short.shape.exact);
    }
}

#[test]
fn settings_out_of_range_are_refused_by_name() {
    let refused = [
        ("chain", json!({"q": 0.0}), "q"),
        ("chain", json!({"q": 1.0}), "q"),
        ("chain", json!({"width": 0}), "width"),
        ("chain", json!({"height": 257}), "height"),
        ("chain", json!({"train": 0}), "train"),
        ("chain", json!({"test": 1_000_000_000_000u64}), "test"),
        ("ising", json!({"beta": -0.1}), "beta"),
        ("ising", json!({"beta": 11.0}), "beta"),
        ("ising", json!({"sweeps": 0}), "sweeps"),
        ("ising", json!({"width": 1}), "width"),
        ("ising", json!({"height": 1}), "height"),
        ("ising", json!({"boundary": "free", "height": 21, "width": 30}), "height"),
        ("ising", json!({"boundary": "free", "height": 28, "width": 28}), "width"),
        ("ising", json!({"boundary": "open"}), "boundary"),
        ("mesh", json!({"strength": -1.0}), "strength"),
        ("mesh", json!({"validation": 0}), "validation"),
        ("mixture", json!({"eps": 0.0}), "eps"),
        ("mixture", json!({"eps": 0.6}), "eps"),
        ("mixture", json!({"templates": 0}), "templates"),
        ("linear_gaussian", json!({"sigma": 0.0}), "sigma"),
        ("linear_gaussian", json!({"sigma": 2_000.0}), "sigma"),
        ("linear_gaussian", json!({"latent": 0}), "latent"),
        ("linear_gaussian", json!({"latent": 257}), "latent"),
        ("gaussian_mixture", json!({"sigma": -1.0}), "sigma"),
        ("gaussian_mixture", json!({"components": 0}), "components"),
    ];
    for (name, settings, path) in refused {
        let described = open(name, &settings).and_then(|set| set.describe());
        for error in [described.err(), load(name, &settings).err()] {
            let Some(DataError::Setting(problem)) = error else { panic!("{name} {settings}: {error:?}") };
            assert_eq!(problem.path, path, "{name} {settings}: {problem}");
            assert!(problem.path == "boundary" || problem.help.is_some(), "{name} {settings}: {problem}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn p_sums_to_one_at_any_setting(
        name in prop::sample::select(vec!["chain", "ising", "mesh", "mixture"]),
        height in 2usize..4,
        width in 2usize..5,
        share in 0.001f64..0.999,
        seed in 0u64..1_000,
        free in any::<bool>(),
    ) {
        let settings = match name {
            "chain" => json!({"q": share}),
            "ising" => json!({"beta": 3.0 * share, "boundary": if free { "free" } else { "torus" }}),
            "mesh" => json!({"strength": 20.0 * share, "theta_seed": seed}),
            _ => json!({"eps": share / 2.0, "templates": 1 + seed % 20, "template_seed": seed}),
        };
        let truth = load(name, &sized(&settings, height, width, 1)).unwrap().truth.unwrap();
        prop_assert!(excess(&*truth, height * width).abs() < 1e-12);
    }
}
