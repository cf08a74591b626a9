//! Tests against torch-fidelity, prdc and scipy, against known values, and on degenerate data.

use std::path::Path;

use data::{Dataset, Noise};
use serde::Deserialize;

use super::super::frechet::{Gaussian, frechet_distance};
use super::*;
use crate::{GenerativeModel, Sampler};

#[derive(Deserialize)]
struct Fixture {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    real: Vec<f64>,
    fake: Vec<f64>,
    dim: usize,
    frechet: Option<f64>,
    kid: Option<f64>,
    precision_recall_3: [f64; 2],
    neighbours: std::collections::BTreeMap<usize, [f64; 4]>,
}

#[test]
fn equal_to_the_reference_implementations() {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/sample_quality.json"));
    let fixture: Fixture = serde_json::from_str(text).expect("the fixture is JSON");
    assert_eq!(fixture.cases.len(), 6);
    for case in fixture.cases {
        let [real, fake] = [&case.real, &case.fake].map(|values| Features { values: values.clone(), width: case.dim });
        let distances = Distances::between(&real, &fake);
        for (k, [precision, recall, density, coverage]) in case.neighbours {
            let (near, balls) =
                (distances.precision_recall(k, Balls::Open), distances.density_coverage(k, Balls::Open));
            assert_eq!(
                [near.fidelity, near.variety, balls.variety],
                [precision, recall, coverage],
                "{} {k}",
                case.name
            );
            // One count over k n; Python divides in another order.
            assert!((balls.fidelity - density).abs() < 1e-12, "{} {k}", case.name);
        }
        let near = distances.precision_recall(3, Balls::Closed);
        for (ours, theirs) in [near.fidelity, near.variety].into_iter().zip(case.precision_recall_3) {
            // torch-fidelity's are in f32.
            assert!((ours - theirs).abs() < 1e-6, "{}", case.name);
        }
        if let Some(expected) = case.kid {
            let (kid, _) = kid(&fake, &real);
            assert!((kid - expected).abs() <= 1e-9 * expected.abs(), "{}: {kid} {expected}", case.name);
        }
        if let Some(expected) = case.frechet {
            let distance = frechet_distance(&Gaussian::fit(&case.real, case.dim), &Gaussian::fit(&case.fake, case.dim));
            assert!((distance - expected).abs() <= 1e-6 * expected, "{}: {distance} {expected}", case.name);
        }
    }
}

#[derive(Deserialize)]
struct Ties {
    cases: Vec<TiesCase>,
}

/// Precision, recall, density and coverage by k.
type Scores = std::collections::BTreeMap<usize, [f64; 4]>;

#[derive(Deserialize)]
struct TiesCase {
    name: String,
    real: Vec<f64>,
    fake: Vec<f64>,
    dim: usize,
    closed: Scores,
    open: Scores,
}

/// Closed balls are those of torch-fidelity, open ones those of prdc. The cases have so many equal distances that the two
/// differ in all four figures.
#[test]
fn points_at_the_radius_count_as_in_the_reference_implementations() {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/ball_ties.json"));
    let fixture: Ties = serde_json::from_str(text).expect("the fixture is JSON");
    let mut differ = [false; 4];
    for case in fixture.cases {
        let [real, fake] = [&case.real, &case.fake].map(|values| Features { values: values.clone(), width: case.dim });
        let distances = Distances::between(&real, &fake);
        for (balls, expected) in [(Balls::Closed, &case.closed), (Balls::Open, &case.open)] {
            for (k, expected) in expected {
                let (near, within) = (distances.precision_recall(*k, balls), distances.density_coverage(*k, balls));
                let found = [near.fidelity, near.variety, within.fidelity, within.variety];
                let close = found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12);
                assert!(close, "{} {balls:?} {k}: {found:?}, in numpy {expected:?}", case.name);
            }
        }
        for (closed, open) in case.closed.values().zip(case.open.values()) {
            differ.iter_mut().zip(closed.iter().zip(open)).for_each(|(differ, (a, b))| *differ |= a != b);
        }
    }
    assert_eq!(differ, [true; 4]);
}

#[test]
fn kid_by_hand_and_its_standard_error() {
    // On a line, k(x, y) = (xy + 1)^3: k(1, 2) = 27; k(1, 3), k(2, 3) = 64, 343.
    let line = |values: &[f64]| Features { values: values.to_vec(), width: 1 };
    let (value, _) = kid(&line(&[1.0, 2.0]), &line(&[3.0, 3.0]));
    assert_eq!(value, 27.0 + 1000.0 - (64.0 + 343.0));
    let mut draws = Vec::new();
    let mut errors = Vec::new();
    for repeat in 0..60 {
        let mut noise = Noise::new(0, "kid", repeat);
        let mut set = |shift: f64| Features { values: (0..200).map(|_| noise.normal() + shift).collect(), width: 2 };
        let (value, se) = kid(&set(0.0), &set(0.7));
        draws.push(value);
        errors.push(se);
    }
    let (_, se) = crate::progress::mean_se(&draws);
    let spread = se.unwrap() * 60f64.sqrt();
    let (stated, _) = crate::progress::mean_se(&errors);
    assert!((0.6..1.6).contains(&(stated / spread)), "stated {stated}, seen {spread}");
}

fn normal(n: usize, dim: usize, stream: u64, shift: f64) -> Features {
    let mut noise = Noise::new(3, "sample quality", stream);
    Features { values: (0..n * dim).map(|_| noise.normal() + shift).collect(), width: dim }
}

#[test]
fn figures_for_equal_distributions_agree_with_theory() {
    let (n, k, repeats) = (500, 5, 8);
    let mut sums = [0.0; 5];
    for repeat in 0..repeats {
        let distances = Distances::between(&normal(n, 4, 2 * repeat, 0.0), &normal(n, 4, 2 * repeat + 1, 0.0));
        let (balls, own) = (distances.density_coverage(k, Balls::Closed), distances.own_nearest());
        let (accuracy, tested) = distances.two_sample_accuracy();
        assert_eq!(tested, n);
        let figures = [balls.fidelity, balls.variety, own.fidelity, own.variety, accuracy];
        sums.iter_mut().zip(figures).for_each(|(sum, figure)| *sum += figure / repeats as f64);
    }
    let [density, coverage, own_samples, own_images, accuracy] = sums;
    assert!((density - 1.0).abs() < 0.05, "{density}");
    assert!((coverage - (1.0 - 0.5f64.powi(5))).abs() < 0.01, "{coverage}");
    for share in [own_samples, own_images, accuracy] {
        assert!((share - 0.5).abs() < 0.03, "{share}");
    }
}

#[test]
fn distant_sets_are_separated() {
    let distances = Distances::between(&normal(100, 3, 0, 0.0), &normal(80, 3, 1, 50.0));
    let none = neighbours::Pair { fidelity: 0.0, variety: 0.0 };
    let all = neighbours::Pair { fidelity: 1.0, variety: 1.0 };
    assert_eq!(
        [
            distances.precision_recall(3, Balls::Closed),
            distances.density_coverage(5, Balls::Closed),
            distances.own_nearest()
        ],
        [none, none, all]
    );
    assert_eq!(distances.two_sample_accuracy(), (1.0, 90));
}

/// Sampler with a given function.
struct Source(fn(usize, &mut Noise) -> Vec<f32>);

impl GenerativeModel for Source {
    fn parameters(&self) -> u64 {
        0
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }
}

impl Sampler for Source {
    fn support(&self) -> Support {
        Support::Real
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        Split::new((0..count).flat_map(|_| (self.0)(16, noise)).collect(), 16)
    }
}

fn data(image: fn(usize, &mut Noise) -> Vec<f32>) -> Dataset {
    let split = |name: &str, n: usize| {
        let mut noise = Noise::new(0, name, 0);
        Split::new((0..n).flat_map(|_| image(16, &mut noise)).collect(), 16)
    };
    let shape = DataShape::new([1, 4, 4], Support::Real, [64, 40, 60]);
    Dataset::new(shape, [split("train", 64), split("validation", 40), split("test", 60)])
}

fn take(model: &dyn GenerativeModel, data: &Dataset) -> Vec<Measurement> {
    let cache = tempfile::tempdir().expect("a folder");
    let subject = Subject { model, data, data_sha256: "x", seed: 0, dir: Path::new(""), cache: cache.path() };
    [FeaturesOf::Random, FeaturesOf::Autoencoder]
        .into_iter()
        .flat_map(|features| SampleQuality { features, ..SampleQuality::default() }.measure(&subject).expect("taken"))
        .collect()
}

fn gaussian(pixels: usize, noise: &mut Noise) -> Vec<f32> {
    noise.normals(pixels)
}

fn constant(pixels: usize, _: &mut Noise) -> Vec<f32> {
    vec![0.5; pixels]
}

fn not_a_number(pixels: usize, _: &mut Noise) -> Vec<f32> {
    vec![f32::NAN; pixels]
}

#[test]
fn a_perfect_model_scores_like_real_images() {
    let figures = take(&Source(gaussian), &data(gaussian));
    assert_eq!(figures.len(), 2 * 2 * FIGURES.len());
    for figure in &figures {
        if figure.name.starts_with("classifier_score") {
            assert_eq!(figure.reason.as_deref(), Some("the score needs a classifier, and the extractor is not one"));
            continue;
        }
        let value = figure.value.unwrap_or_else(|| panic!("{figure:?}"));
        assert_eq!(figure.n, Some(40));
        if ["precision", "recall", "coverage"].contains(&figure.name.as_str()) {
            assert!(value > 0.6, "{figure:?}");
        }
        if ["told_apart", "own_nearest_samples", "own_nearest_images"].contains(&figure.name.as_str()) {
            assert!((value - 0.5).abs() < 0.3, "{figure:?}");
        }
    }
}

#[test]
fn degenerate_images_have_figures_or_reasons_and_never_nan() {
    for (model, images) in [
        (Source(constant), data(gaussian)),
        (Source(gaussian), data(constant)),
        (Source(constant), data(constant)),
        (Source(not_a_number), data(gaussian)),
    ] {
        for figure in take(&model, &images) {
            assert!(figure.value.is_none_or(f64::is_finite) && figure.se.is_none_or(f64::is_finite), "{figure:?}");
            assert!(figure.value.is_some() || figure.reason.is_some(), "{figure:?}");
        }
    }
    let all_the_same = take(&Source(constant), &data(gaussian));
    let of = |name: &str| all_the_same.iter().find(|figure| figure.name == name).and_then(|figure| figure.value);
    assert_eq!(of("recall"), Some(0.0), "no ball of radius 0 reaches an image");
    assert_eq!(of("own_nearest_samples"), Some(1.0), "copies of one another");
    let broken = take(&Source(not_a_number), &data(gaussian));
    assert_eq!(broken[0].reason.as_deref(), Some("a pixel of the samples is not finite"));
    assert!(broken[1].value.is_some(), "real images are fine: {:?}", broken[1]);
}

#[test]
fn wrong_settings_are_refused() {
    let shape = DataShape::new([1, 4, 4], Support::Real, [64, 40, 60]);
    let ok = SampleQuality::default();
    assert!(ok.check(&shape).is_ok());
    let refused = [
        SampleQuality { dim: 0, ..ok.clone() },
        SampleQuality { samples: 19, ..ok.clone() },
        SampleQuality { precision_k: 0, ..ok.clone() },
        SampleQuality { coverage_k: 40, ..ok.clone() },
        SampleQuality { features: FeaturesOf::Classifier, ..ok },
    ];
    let keys = refused.map(|config| config.check(&shape).expect_err("refused").path);
    assert_eq!(keys, ["dim", "samples", "precision_k", "coverage_k", "features"]);
}
