//! Law 1: an explicit density sums to one. Law 9: no model beats the truth.

use data::Split;
use engine::progress::mean_se;
use engine::{ExplicitDensity, GenerativeModel};
use protocol::Support;

use crate::subject::{Subject, in_every_ordering, subject, subjects};

/// The rounding of 64 sums in f32.
const TOLERANCE: f64 = 1e-5;
/// By quadrature over cells, with what lies outside.
const QUADRATURE_TOLERANCE: f64 = 1e-3;
/// Fresh weights are near uniform and would pass almost anything.
const SPAN_NATS: f64 = 5.0;

fn sums_to_one(subject: &Subject, density: &dyn ExplicitDensity) -> Result<(), String> {
    let nats = density.log_density(&subject.all_images());
    let total: f64 = nats.iter().map(|nats| nats.exp() * subject.volume()).sum();
    let tolerance = if density.support() == Support::Real { QUADRATURE_TOLERANCE } else { TOLERANCE };
    if (total - 1.0).abs() > tolerance { Err(format!("the density sums to {total}")) } else { Ok(()) }
}

fn span(subject: &Subject, density: &dyn ExplicitDensity) -> f64 {
    let nats = density.log_density(&subject.all_images());
    nats.iter().copied().fold(f64::NEG_INFINITY, f64::max) - nats.iter().copied().fold(f64::INFINITY, f64::min)
}

#[test]
fn explicit_densities_sum_to_one() {
    let mut asked = 0;
    for subject in in_every_ordering() {
        let model = subject.trained();
        let Some(density) = model.density() else { continue };
        let span = span(&subject, density);
        assert!(span > SPAN_NATS, "{subject}: log p spans only {span} nats");
        assert_eq!(density.support(), subject.data.shape.support, "{subject}");
        sums_to_one(&subject, density).unwrap_or_else(|error| panic!("{subject}: {error}"));
        asked += 1;
    }
    assert!(asked > 10, "only {asked} models with a density were asked");
}

/// A double sigmoid, the classic defect: probabilities taken for log-odds.
struct DoubleSigmoid<'a>(&'a dyn GenerativeModel);

impl ExplicitDensity for DoubleSigmoid<'_> {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        let logits = self.0.autoregressive().expect("asked of autoregressive models").conditionals(images).numbers;
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        logits
            .chunks_exact(images.image_len)
            .zip(images.images())
            // The probability of a 0 is forgotten to be doubled as well, so that it does not sum to one.
            .map(|(logits, image)| {
                logits
                    .iter()
                    .zip(image)
                    .map(|(logit, pixel)| {
                        let p = sigmoid(f64::from(*logit));
                        if *pixel > 0.5 { sigmoid(p).ln() } else { (1.0 - p).ln() }
                    })
                    .sum()
            })
            .collect()
    }
}

#[test]
fn a_double_sigmoid_is_caught() {
    for subject in subjects().iter().filter(|subject| subject.data.shape.support == Support::Binary) {
        let model = subject.trained();
        if model.autoregressive().is_some() {
            assert!(sums_to_one(subject, &DoubleSigmoid(&*model)).is_err(), "{subject}");
        }
    }
}

/// The mean of log p_true - log p_model, and its standard error; the truth is a table of log p.
fn excess(subject: &Subject, truth: &[f64], model: &dyn ExplicitDensity) -> (f64, f64) {
    let images = &subject.data.test;
    let nats = model.log_density(images);
    let truth = |image: &[f32]| truth[subject.index(image).expect("binary images are all listed")];
    let excess: Vec<f64> = images.images().zip(nats).map(|(image, nats)| truth(image) - nats).collect();
    let (mean, se) = mean_se(&excess);
    (mean, se.unwrap_or(0.0))
}

/// log p of the laws' binary data, exactly.
fn truth(subject: &Subject) -> Vec<f64> {
    const PATTERNS: [[f32; 6]; 2] = [[1.0, 0.0, 1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0, 1.0, 1.0]];
    let given = |image: &[f32], pattern: &[f32]| -> f64 {
        image.iter().zip(pattern).map(|(a, b)| if a == b { 0.9f64 } else { 0.1 }).product()
    };
    subject
        .all_images()
        .images()
        .map(|image| (0.7 * given(image, &PATTERNS[0]) + 0.3 * given(image, &PATTERNS[1])).ln())
        .collect()
}

#[test]
fn no_model_beats_the_truth_on_test_images() {
    let truth = truth(&subject("independent"));
    assert!((truth.iter().map(|nats| nats.exp()).sum::<f64>() - 1.0).abs() < 1e-12);
    for subject in subjects().iter().filter(|subject| subject.data.shape.support == Support::Binary) {
        let model = subject.trained();
        let Some(density) = model.density() else { continue };
        let (mean, se) = excess(subject, &truth, density);
        assert!(mean > -4.0 * se, "{subject}: {mean} ± {se} nats below the entropy");
    }
}

/// Claims more than probability allows, everywhere.
struct TooGood<'a>(&'a dyn ExplicitDensity);

impl ExplicitDensity for TooGood<'_> {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        self.0.log_density(images).iter().map(|nats| nats + 0.5).collect()
    }
}

#[test]
fn a_model_that_is_too_good_is_caught() {
    let markov = subject("markov");
    let model = markov.trained();
    let broken = TooGood(model.density().expect("a table has a density"));
    assert!(sums_to_one(&markov, &broken).is_err());
    let (mean, se) = excess(&markov, &truth(&markov), &broken);
    assert!(mean < -4.0 * se, "{mean} ± {se}");
}
