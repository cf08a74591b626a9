//! Code information: what an image says of the code that it was drawn by, and what the code says of classes.

mod assignment;
mod bound;
mod sheets;
#[cfg(test)]
mod tests;

use data::{DataShape, Dataset, Split};
use protocol::{Direction, Kind, Measurement, Problem, TrialDir, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};
use crate::progress::mean_se;
use crate::{Coded, Features};

/// Of a model that draws images x by a code c and reads the code by Q (Chen et al., 2016):
///
/// - `code_information`: H(c) + E log Q(c|x) of the category, in nats, over codes drawn from the prior and
///   images drawn by them: a lower bound of I(c; x) for every Q (Barber and Agakov, 2003);
///   `code_information_ceiling`: H(c), the log of the number of categories, which I cannot exceed;
/// - `code_information_continuous`: the same bound of the continuous numbers together, each uniform on
///   [-1, 1] and so of a differential entropy of ln 2; Q's Gaussian is cut off at the ends of that
///   interval and normalised. Its I has no ceiling;
/// - `code_accuracy`: the share of test images whose likeliest category is their class, under the
///   one-to-one assignment of categories to classes that is best on the validation split.
///
/// Pictures: a row for each category, and for values of each of the first numbers; images in one column
/// differ in nothing else.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct CodeInformation {
    /// Codes drawn.
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
        "a lower bound on what images tell of their code, its ceiling, and code-to-class accuracy";

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        if (2..=1_000_000).contains(&self.draws) {
            return Ok(());
        }
        Err(Problem::new("draws", "out of range").help("between 2 and 1000000"))
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let Some(model) = subject.model.coded() else {
            return Ok(FIGURES.map(|name| absent(name, "the model draws images by no code")).to_vec());
        };
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

/// How often the assigned category is right.
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
            // Of none wrong (or right) the binomial estimate would be 0: not knowing is not certainty.
            .with_se(if se > 0.0 { se } else { f64::NAN })
            .with_n(n)
            .remark(format!("{on_validation:.1}% on the validation split, which chose what each category stands for"))
    }
}

/// The likeliest category of each image, and its class; or why there is none.
fn pairs(model: &dyn Coded, split: &Split) -> Result<Vec<(usize, usize)>, &'static str> {
    let classes = split.labels.iter().flatten().map(|label| usize::from(*label));
    let read = model.read(split).log_categories;
    if read.values.iter().any(|value| value.is_nan()) {
        return Err("a probability that was read is not a number");
    }
    Ok(likeliest(&read).into_iter().zip(classes).collect())
}

/// The place of the largest number in each row, the first of equal ones.
fn likeliest(rows: &Features) -> Vec<usize> {
    let largest = |row: &[f64]| {
        row.iter()
            .enumerate()
            .fold((0, f64::NEG_INFINITY), |best, (at, value)| if *value > best.1 { (at, *value) } else { best })
            .0
    };
    rows.rows().map(largest).collect()
}
