//! Tests of the theorem by enumeration and by draws, and of suboptimal discriminators.

use data::{Chain, DataConfig, Dataset, Noise};

use super::*;
use crate::{ExplicitDensity, GenerativeModel, Sampler};

/// Independent pixels, each 1 with probability 0.3, and a D that is off by `bias`.
struct Coins {
    truth: std::sync::Arc<dyn ExactDensity>,
    bias: f64,
}

impl GenerativeModel for Coins {
    fn parameters(&self) -> u64 {
        0
    }

    fn critic(&self) -> Option<&dyn Critic> {
        Some(self)
    }
}

impl ExplicitDensity for Coins {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        let log = |pixel: &f32| if *pixel > 0.5 { 0.3f64.ln() } else { 0.7f64.ln() };
        images.images().map(|image| image.iter().map(log).sum()).collect()
    }
}

impl Sampler for Coins {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let pixels = (0..count * 9).map(|_| f32::from(u8::from(noise.bernoulli(0.3)))).collect();
        Split::new(pixels, 9)
    }
}

impl Critic for Coins {
    fn log_odds(&self, images: &Split) -> Vec<f64> {
        let generator = self.log_density(images);
        log_truth(&*self.truth, images).iter().zip(generator).map(|(data, own)| data - own + self.bias).collect()
    }

    fn generator_density(&self) -> &dyn ExplicitDensity {
        self
    }

    fn generator_sampler(&self) -> &dyn Sampler {
        self
    }
}

fn chain() -> Dataset {
    Chain { height: 3, width: 3, q: 0.2, test: 4_000, ..Chain::default() }.load().expect("in range")
}

fn coins(data: &Dataset, bias: f64) -> Coins {
    Coins { truth: data.truth.clone().expect("a chain's density is known"), bias }
}

fn listed(critic: &Coins) -> Points {
    Points::listed(critic, &*critic.truth, &all_images(9))
}

#[test]
fn the_closed_form_attains_the_optimum() {
    let critic = coins(&chain(), 0.0);
    let points = listed(&critic);
    let [error, worst, objective, optimal, gap, jsd] = points.figures().map(|figure| figure.value);
    assert!(error < 1e-12 && worst < 1e-12, "{error} {worst}");
    assert!((objective - optimal).abs() < 1e-9, "{objective} {optimal}");
    assert!((points.objective_of_optimal() - optimal).abs() < 1e-9);
    assert!(gap.abs() < 1e-9);
    // The divergence once more, from its definition over both densities.
    let all = all_images(9);
    let (data, own) = (log_truth(&*critic.truth, &all), critic.log_density(&all));
    let term = |(a, b): (&f64, &f64)| {
        let mean = (0.5 * (a.exp() + b.exp())).ln();
        0.5 * (a.exp() * (a - mean) + b.exp() * (b - mean))
    };
    let by_definition: f64 = data.iter().zip(&own).map(term).sum();
    assert!((jsd - by_definition).abs() < 1e-12 && jsd > 0.1 && jsd < 2f64.ln(), "{jsd}");
}

#[test]
fn any_other_discriminator_stays_below_the_optimum() {
    let data = chain();
    for sign in [1.0, -1.0] {
        let mut last = 0.0;
        for bias in [0.1, 0.5, 2.0, 20.0].map(|size| sign * size) {
            let [error, worst, objective, optimal, gap, _] =
                listed(&coins(&data, bias)).figures().map(|figure| figure.value);
            assert!(objective < optimal && worst > error && error > 0.0);
            assert!((optimal - objective - gap).abs() < 1e-9);
            assert!(gap > last, "the gap grows with the bias: {gap} after {last}");
            last = gap;
        }
    }
}

#[test]
fn draws_estimate_what_enumeration_sums() {
    let data = chain();
    let critic = coins(&data, 0.7);
    let fake = critic.sample(data.test.len(), &mut Noise::new(0, "test", 0));
    let drawn = Points::drawn(&critic, &*critic.truth, &data.test, &fake);
    for (name, (exact, estimate)) in FIGURES.iter().zip(listed(&critic).figures().iter().zip(drawn.figures())) {
        if name.0 == "discriminator_worst" {
            assert!(estimate.value <= exact.value + 1e-12);
            continue;
        }
        let se = estimate.se.expect("draws have a standard error");
        assert!((estimate.value - exact.value).abs() < 4.0 * se, "{}: {} {}", name.0, estimate.value, exact.value);
        assert!(se < 0.05, "{}: {se}", name.0);
    }
}

#[test]
fn without_a_critic_or_the_truth_there_is_a_reason() {
    struct Nothing;
    impl GenerativeModel for Nothing {
        fn parameters(&self) -> u64 {
            0
        }
    }
    let data = chain();
    let unknown = Dataset { truth: None, ..data.clone() };
    let critic = coins(&data, 0.0);
    let cases: [(&dyn GenerativeModel, &Dataset, &str); 2] =
        [(&Nothing, &data, "no discriminator"), (&critic, &unknown, "is unknown")];
    for (model, data, reason) in cases {
        let nowhere = std::path::Path::new("");
        let subject = Subject { model, data, data_sha256: "", seed: 0, dir: nowhere, cache: nowhere };
        let figures = OptimalDiscriminator::default().measure(&subject).expect("no file is touched");
        assert!(figures.iter().all(|figure| figure.value.is_none()));
        assert!(figures[0].reason.as_ref().expect("a reason").contains(reason));
    }
}
