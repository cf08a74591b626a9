//! Of discriminators against a fixed generator: none exceeds 2 JSD - log 4, and training nears it.

use std::path::Path;

use data::{DataConfig, Dataset, Ising, Split};
use engine::measure::{Subject as Measured, built_in};
use engine::{Critic, ExplicitDensity, GenerativeModel, Sampler};
use protocol::{MeasureSpec, Measurement};
use serde_json::json;

use crate::subject::{Subject, flex, subjects};

/// The rounding of sums of 512 terms in f64, and D's own in f32.
const TOLERANCE: f64 = 1e-6;

/// 3x3 images of the Ising model, whose density is known.
fn ising() -> Dataset {
    Ising { height: 3, width: 3, beta: 0.5, train: 8_192, validation: 256, test: 256, ..Ising::default() }
        .load()
        .expect("in range")
}

fn measured(model: &dyn GenerativeModel, data: &Dataset) -> Vec<Measurement> {
    let spec = MeasureSpec::new("optimal_discriminator", 1, json!({}));
    let nowhere = Path::new("");
    let subject = Measured { model, data, data_sha256: "", seed: 0, dir: nowhere, cache: nowhere };
    built_in().find(&spec.name).expect("registered").take(&spec, &subject).expect("no file is touched")
}

fn value(figures: &[Measurement], name: &str) -> f64 {
    figures.iter().find(|figure| figure.name == name).and_then(|figure| figure.value).expect("measured")
}

fn obeys(model: &dyn GenerativeModel, data: &Dataset) -> Result<(), String> {
    let figures = measured(model, data);
    let (objective, optimal) = (value(&figures, "objective"), value(&figures, "objective_optimal"));
    let jsd = value(&figures, "jsd");
    if objective > optimal + TOLERANCE {
        return Err(format!("an objective of {objective}, above {optimal}"));
    }
    let image = |index: usize| (0..9).map(move |pixel| (index >> pixel & 1) as f32);
    let all = Split::new((0..1 << 9).flat_map(image).collect(), 9);
    let generator = model.critic().ok_or("no critic")?.generator_density().log_density(&all);
    let total: f64 = generator.iter().map(|nats| nats.exp()).sum();
    if (total - 1.0).abs() > 1e-5 {
        return Err(format!("the generator's density sums to {total}"));
    }
    let in_range = (0.0..=2f64.ln()).contains(&jsd) && (optimal - (2.0 * jsd - 4f64.ln())).abs() < TOLERANCE;
    if in_range { Ok(()) } else { Err(format!("a divergence of {jsd} with an optimum of {optimal}")) }
}

fn critics() -> Vec<Subject> {
    let data = ising();
    let critics = subjects().into_iter().filter(|subject| subject.entry.name == "critic");
    critics.map(|subject| Subject { data: data.clone(), ..subject }).collect()
}

#[test]
fn training_nears_the_optimal_discriminator_and_never_passes_it() {
    let critics = critics();
    for critic in &critics {
        let device = flex();
        let mut trainer = critic.fresh(0, &device);
        // The generator stays as it is from here on: the optimum before and after is the same.
        critic.advance(&mut *trainer, 0, 0..4, &device);
        let before = trainer.snapshot();
        critic.advance(&mut *trainer, 0, 4..1_000, &device);
        let after = trainer.snapshot();
        let gap = |model: &dyn GenerativeModel| {
            obeys(model, &critic.data).unwrap_or_else(|error| panic!("{critic}: {error}"));
            value(&measured(model, &critic.data), "objective_gap")
        };
        let error = |model: &dyn GenerativeModel| value(&measured(model, &critic.data), "discriminator_error");
        assert!(gap(&*after) < 0.3 * gap(&*before), "{critic}: {} to {}", gap(&*before), gap(&*after));
        assert!(error(&*after) < 0.6 * error(&*before), "{critic}: {} to {}", error(&*before), error(&*after));
    }
    assert!(critics.len() > 3, "only {} generators were asked", critics.len());
}

/// A generator whose density is that of another: doubled, it does not sum to one.
struct Doubled(Box<dyn GenerativeModel>);

impl Doubled {
    fn critic(&self) -> &dyn Critic {
        self.0.critic().expect("a critic")
    }
}

impl GenerativeModel for Doubled {
    fn parameters(&self) -> u64 {
        0
    }

    fn critic(&self) -> Option<&dyn Critic> {
        Some(self)
    }
}

impl ExplicitDensity for Doubled {
    fn support(&self) -> protocol::Support {
        self.critic().generator_density().support()
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        let nats = self.critic().generator_density().log_density(images);
        nats.iter().map(|nats| nats + 2f64.ln()).collect()
    }
}

impl Critic for Doubled {
    fn log_odds(&self, images: &Split) -> Vec<f64> {
        self.critic().log_odds(images)
    }

    fn generator_density(&self) -> &dyn ExplicitDensity {
        self
    }

    fn generator_sampler(&self) -> &dyn Sampler {
        self.critic().generator_sampler()
    }
}

#[test]
fn a_generator_whose_density_is_wrong_is_caught() {
    let critic = critics().swap_remove(0);
    let model = Doubled(critic.trained());
    assert!(obeys(&model, &critic.data).is_err());
}
