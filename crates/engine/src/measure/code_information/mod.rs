//! Information between codes and images, and between codes and classes.

mod assignment;
mod bound;
mod clusters;
mod purity;
mod sheets;
#[cfg(test)]
mod tests;

use data::{DataShape, Dataset, Split};
use protocol::{Control, ControlKind, Direction, Kind, Measurement, Problem, TrialDir, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};
use crate::progress::mean_se;
use crate::{Coded, Features};

/// Information between codes and images, for a model that generates images x from a code c and reads the code by
/// Q(c|x) (Chen et al., 2016).
///
/// - `code_information`: lower bound H(c) + E log Q(c|x) on the mutual information of category and image, in nats
///   (Barber and Agakov, 2003).
/// - `code_information_ceiling`: H(c) in nats, the logarithm of the number of categories. The mutual information cannot
///   exceed it.
/// - `code_information_continuous`: the same bound for all continuous numbers together. Each is uniform on [-1, 1] with
///   differential entropy ln 2, and Q is a Gaussian truncated to that interval. It has no ceiling.
/// - `code_accuracy`: share of test images whose most likely category is their class. Categories are assigned to
///   classes one to one, by the best assignment on the validation split.
/// - `code_purity`: share of generated images whose class is the one that is assigned to their category. Classes are the
///   modes of `collapse`: those of the true density, or those of the frozen classifier. The assignment is the best one to
///   one for half of the images; the share is that of the other half.
/// - `code_purity_chance`: the same with the categories in a random order; about one over the number of classes.
/// - `cluster_purity`: the same with clusters of the images by k-means in the place of categories, one for each class. It
///   is also taken for models without a code.
///
/// The measure writes pictures with one row per category, and per value of the first continuous numbers. Images in one
/// column differ only in that part of the code.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct CodeInformation {
    /// Number of codes drawn from the prior, and of images whose purity is measured, 4 to 1,000,000.
    #[schemars(range(min = 4, max = 1_000_000))]
    draws: usize,
}

impl Default for CodeInformation {
    fn default() -> Self {
        Self { draws: 2_000 }
    }
}

type Name = (&'static str, Kind, Unit, Direction);

const FIGURES: [Name; 4] = [
    ("code_information", Kind::LowerBound, Unit::Nats, Direction::Higher),
    ("code_information_ceiling", Kind::Exact, Unit::Nats, Direction::Neither),
    ("code_information_continuous", Kind::LowerBound, Unit::Nats, Direction::Higher),
    ("code_accuracy", Kind::Estimate, Unit::One, Direction::Higher),
];

impl MeasureConfig for CodeInformation {
    const NAME: &'static str = "code_information";
    const ABOUT: &'static str =
        "lower bound on the mutual information of codes and images, its ceiling, and agreement of codes with classes";
    // 2: purities of generated images.
    const VERSION: u32 = 2;

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        if (4..=1_000_000).contains(&self.draws) {
            return Ok(());
        }
        Err(Problem::new("draws", format!("{} is out of range", self.draws)).help("between 4 and 1000000"))
    }

    fn controls(&self) -> Vec<Control> {
        vec![
            Control::new("code_information", ControlKind::Ceiling, "ceiling"),
            Control::new("code_purity", ControlKind::Chance, "chance"),
        ]
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let mut figures = match subject.model.coded() {
            Some(model) => self.of_code(model, subject)?,
            None => FIGURES.map(|name| absent(name, "the model has no code")).to_vec(),
        };
        figures.extend(purity::figures(subject, self.draws)?);
        Ok(figures)
    }
}

impl CodeInformation {
    fn of_code(&self, model: &dyn Coded, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        sheets::draw(model, subject, &TrialDir(subject.dir.to_owned()).samples())?;
        let shape = model.shape();
        let mut noise = subject.noise("measure/code_information");
        let codes = shape.draw(self.draws, &mut noise);
        let read = model.read(&model.draw_by(&codes, &mut noise));
        let ceiling = (shape.categories as f64).ln();
        let of_categories = (shape.categories > 0).then(|| bound::of_categories(&codes, &read));
        let of_numbers = (shape.continuous > 0).then(|| bound::of_numbers(&codes, &read));
        let bound = |name, terms: Option<Vec<f64>>, reason: &str| match terms {
            Some(terms) => {
                let (mean, se) = mean_se(&terms);
                figure(name, mean).with_se(se.unwrap_or(f64::NAN)).with_n(terms.len())
            }
            None => absent(name, reason),
        };
        let exact = of_categories.is_some().then_some(ceiling);
        let accuracy = Accuracy::of(model, subject.data);
        Ok(vec![
            bound(FIGURES[0], of_categories, "the code has no category"),
            exact.map_or_else(|| absent(FIGURES[1], "the code has no category"), |exact| figure(FIGURES[1], exact)),
            bound(FIGURES[2], of_numbers, "the code has no continuous number"),
            accuracy.map_or_else(|reason| absent(FIGURES[3], reason), |accuracy| accuracy.figure(subject.data)),
        ])
    }
}

fn absent((name, kind, unit, direction): Name, reason: &str) -> Measurement {
    Measurement::absent(name, kind, unit, direction, reason)
}

fn figure((name, kind, unit, direction): Name, value: f64) -> Measurement {
    Measurement::new(name, kind, unit, direction, value)
}

/// Number of test images whose assigned category is right, and the accuracy on the validation split.
struct Accuracy {
    right: usize,
    validation: f64,
}

impl Accuracy {
    fn of(model: &dyn Coded, data: &Dataset) -> Result<Self, &'static str> {
        if model.shape().categories == 0 {
            return Err("the code has no category");
        }
        let Some(classes) = data.shape.classes else { return Err("the images have no labels") };
        let is_labelled = |split: &Split| split.labels.is_some() && !split.is_empty();
        if !is_labelled(&data.validation) || !is_labelled(&data.test) {
            return Err("a split has no labels or no images");
        }
        let (validation, test) = (pairs(model, &data.validation)?, pairs(model, &data.test)?);
        let mut counts = vec![vec![0.0; classes]; model.shape().categories];
        for (category, class) in &validation {
            counts[*category][*class] += 1.0;
        }
        let class_of = assignment::best(&counts);
        let right = |pairs: &[(usize, usize)]| {
            pairs.iter().filter(|(category, class)| class_of[*category] == Some(*class)).count()
        };
        Ok(Self { right: right(&test), validation: right(&validation) as f64 / validation.len() as f64 })
    }

    fn figure(&self, data: &Dataset) -> Measurement {
        let n = data.test.len();
        let share = self.right as f64 / n as f64;
        let se = (share * (1.0 - share) / n as f64).sqrt();
        let on_validation = 100.0 * self.validation;
        figure(FIGURES[3], share)
            // If no image or every image is right, the binomial estimate is 0, which does not mean certainty.
            .with_se(if se > 0.0 { se } else { f64::NAN })
            .with_n(n)
            .remark(format!(
                "{on_validation:.1}% on the validation split, which determines the assignment of categories to classes"
            ))
    }
}

/// Most likely category and class of each image; the error is the reason why there is none.
fn pairs(model: &dyn Coded, split: &Split) -> Result<Vec<(usize, usize)>, &'static str> {
    let classes = split.labels.iter().flatten().map(|label| usize::from(*label));
    let read = model.read(split).log_categories;
    if read.values.iter().any(|value| value.is_nan()) {
        return Err("a probability of Q is NaN");
    }
    Ok(most_likely(&read).into_iter().zip(classes).collect())
}

/// Index of the largest number in each row, the first of equal numbers.
fn most_likely(rows: &Features) -> Vec<usize> {
    let largest = |row: &[f64]| {
        row.iter()
            .enumerate()
            .fold((0, f64::NEG_INFINITY), |best, (at, value)| if *value > best.1 { (at, *value) } else { best })
            .0
    };
    rows.rows().map(largest).collect()
}
