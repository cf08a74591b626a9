//! No model has a higher mean log-density of test images than the true distribution.

use data::{ExactDensity, Split};
use engine::ExplicitDensity;
use engine::progress::mean_se;

use super::density::TooGood;
use crate::defect::{Defect, DefectIn, altered};
use crate::law::{Law, Outcome};
use crate::subject::Subject;

/// Number of standard errors over test images by which a model may be better by chance.
const ERRORS: f64 = 4.0;

pub(super) const TRUTH: Law = Law {
    name: "no_model_beats_the_truth",
    statement: "On test images the mean log-density does not exceed that of the true distribution.",
    tolerance: "4 standard errors of the mean difference over 256 test images: a correct model fails once in 30,000.",
    source: "Gibbs' inequality: E_p[log p - log q] >= 0.",
    in_every_ordering: false,
    check,
    defects: &[Defect {
        name: "half a nat",
        statement: "the log-density of every image is half a nat too high",
        message: "above the truth",
        target: DefectIn::Trainer(|trainer| altered(trainer, TooGood)),
    }],
};

fn check(subject: &Subject<'_>) -> Outcome {
    let Some(truth) = &subject.data.truth else {
        return Outcome::DoesNotApply("the true density of the data is not known");
    };
    match subject.capability(|model| model.density()) {
        Some(density) => is_below(&subject.data.test, &**truth, density).into(),
        None => Outcome::DoesNotApply("the model has no explicit density"),
    }
}

fn is_below(images: &Split, truth: &dyn ExactDensity, density: &dyn ExplicitDensity) -> Result<(), String> {
    let nats = density.log_density(images);
    let excess: Vec<f64> = images.images().zip(nats).map(|(image, nats)| truth.log_density(image) - nats).collect();
    let (mean, se) = mean_se(&excess);
    let se = se.unwrap_or(0.0);
    if mean > -ERRORS * se { Ok(()) } else { Err(format!("{} ± {se} nats above the truth", -mean)) }
}
