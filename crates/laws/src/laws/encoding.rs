//! Features are finite, depend only on their image, and differ between images.

use data::Split;
use engine::{Encoder, Features, GenerativeModel};

use crate::defect::{Defect, DefectIn, altered};
use crate::law::{Law, Outcome};
use crate::subject::Subject;

/// Largest difference between the features of an image alone and in a batch.
const ALONE: f64 = 1e-5;
/// Smallest difference between the features of two images that counts as different.
const DIFFERENT: f64 = 1e-3;

pub(super) const ENCODING: Law = Law {
    name: "features_depend_only_on_their_image",
    statement: "Features are finite, do not depend on the other images of a batch, and differ between images.",
    tolerance: "1e-5 between an image alone and in a batch (products of other sizes sum in another order in f32); two \
                images differ by more than 1e-3.",
    source: "Contract of `Encoder`; the common violation is a statistic of the batch at evaluation.",
    in_every_ordering: false,
    check,
    defects: &[
        Defect {
            name: "centred features",
            statement: "the mean over the batch is subtracted",
            message: "in a batch",
            target: DefectIn::Trainer(|trainer| altered(trainer, |model| Altered { model, change: centre })),
        },
        Defect {
            name: "dead encoder",
            statement: "all features are 0",
            message: "equal features",
            target: DefectIn::Trainer(|trainer| {
                altered(trainer, |model| Altered { model, change: |features| features.values.fill(0.0) })
            }),
        },
        Defect {
            name: "not a number",
            statement: "a feature is NaN",
            message: "a feature of NaN",
            target: DefectIn::Trainer(|trainer| {
                altered(trainer, |model| Altered { model, change: |features| features.values[0] = f64::NAN })
            }),
        },
    ],
};

fn check(subject: &Subject<'_>) -> Outcome {
    match subject.capability(|model| model.encoder()) {
        Some(encoder) => features_are_sound(&subject.data.test, encoder).into(),
        None => Outcome::DoesNotApply("the model has no encoder"),
    }
}

fn features_are_sound(images: &Split, encoder: &dyn Encoder) -> Result<(), String> {
    let all = encoder.encode(images);
    if all.width == 0 || all.values.len() != images.len() * all.width {
        return Err(format!("{} numbers of width {} for {} images", all.values.len(), all.width, images.len()));
    }
    if let Some(value) = all.values.iter().find(|value| !value.is_finite()) {
        return Err(format!("a feature of {value}"));
    }
    for (index, row) in all.rows().enumerate().take(20) {
        let alone = encoder.encode(&images.select(&[index])).values;
        if let Some((a, b)) = row.iter().zip(&alone).find(|(a, b)| (*a - *b).abs() > ALONE) {
            return Err(format!("a feature of image {index} is {a} in a batch and {b} alone"));
        }
    }
    let first = all.values[..all.width].to_vec();
    let differs = |row: &[f64]| row.iter().zip(&first).any(|(a, b)| (a - b).abs() > DIFFERENT);
    if all.rows().any(differs) { Ok(()) } else { Err("all images have equal features".to_owned()) }
}

/// Subtracts the mean over the images of a batch.
fn centre(features: &mut Features) {
    let mean = features.values.iter().sum::<f64>() / features.values.len() as f64;
    features.values.iter_mut().for_each(|value| *value -= mean);
}

/// Model that changes the features of each batch.
struct Altered {
    model: Box<dyn GenerativeModel>,
    change: fn(&mut Features),
}

impl GenerativeModel for Altered {
    fn parameters(&self) -> u64 {
        self.model.parameters()
    }

    fn encoder(&self) -> Option<&dyn Encoder> {
        self.model.encoder().is_some().then_some(self)
    }
}

impl Encoder for Altered {
    fn encode(&self, images: &Split) -> Features {
        let mut features = self.model.encoder().expect("it has one").encode(images);
        (self.change)(&mut features);
        features
    }
}
