//! What a linear classifier, and a vote of neighbours, read from the model's representation of an image.

mod neighbours;
#[cfg(test)]
mod tests;

use data::{DataShape, Dataset, Split};
use nalgebra::{Cholesky, DMatrix};
use protocol::{Direction, Kind, Measurement, Problem, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::neighbours::VOTERS;
use super::{MeasureConfig, MeasureError, Subject};
use crate::Features;

/// Penalties tried, on features of variance 1, from weak to strong.
const PENALTIES: [f64; 6] = [1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0];

/// `linear_probe`: the share of test images whose class is read rightly from the model's features, and
/// `linear_probe_pixels`: the same from the pixels themselves.
///
/// The classifier is a ridge regression of each class's indicator on standardised features (Hastie,
/// Tibshirani and Friedman, 2009, The Elements of Statistical Learning, sections 3.4.1 and 4.2), in f64
/// and in closed form; the class with the highest value wins. The penalty that is best on the validation
/// split is taken, the strongest if several are.
///
/// `knn` and `knn_pixels`: the same by a majority of the k nearest training images, k of [`VOTERS`] by the validation
/// split too, the smallest if several are best (Cover and Hart, 1967, Nearest Neighbor Pattern Classification).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct LinearProbe {
    /// Training images at most; 0 takes all.
    train: usize,
}

impl Default for LinearProbe {
    fn default() -> Self {
        Self { train: 5_000 }
    }
}

impl MeasureConfig for LinearProbe {
    const NAME: &'static str = "linear_probe";
    const ABOUT: &'static str =
        "test accuracy of a linear classifier and of nearest neighbours on the model's features, and on the pixels";
    const VERSION: u32 = 2;

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        match self.train {
            1 => Err(Problem::new("train", "one image teaches no classifier").help("at least 2, or 0 for all")),
            _ => Ok(()),
        }
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let Some(encoder) = subject.model.encoder() else {
            return Ok(FIGURES.map(|figure| absent(figure, "the model has no representation of an image")).to_vec());
        };
        let parts = match Parts::of(subject.data, self.train) {
            Ok(parts) => parts,
            Err(reason) => return Ok(FIGURES.map(|figure| absent(figure, reason)).to_vec()),
        };
        let (own, bare) = (parts.encoded(|images| encoder.encode(images)), parts.encoded(pixels));
        let answers = [parts.linear(&own), parts.linear(&bare), parts.nearest(&own), parts.nearest(&bare)];
        Ok(FIGURES.into_iter().zip(answers).map(|(figure, answer)| parts.figure(figure, answer)).collect())
    }
}

const FIGURES: [(&str, Direction); 4] = [
    ("linear_probe", Direction::Higher),
    ("linear_probe_pixels", Direction::Neither),
    ("knn", Direction::Higher),
    ("knn_pixels", Direction::Neither),
];

fn absent((name, direction): (&str, Direction), reason: &str) -> Measurement {
    Measurement::absent(name, Kind::Estimate, Unit::One, direction, reason)
}

fn pixels(images: &Split) -> Features {
    Features { values: images.pixels.iter().map(|pixel| f64::from(*pixel)).collect(), width: images.image_len }
}

/// The features of each part.
struct Encoded {
    train: Features,
    validation: Features,
    test: Features,
}

/// 1 for each test image whose class is named and else 0, and what was chosen on the validation split.
type Answer = Option<(Vec<f64>, String)>;

/// Images with labels: to learn from, to choose by, to judge by.
struct Parts<'a> {
    train: Split,
    data: &'a Dataset,
    classes: usize,
}

impl<'a> Parts<'a> {
    fn of(data: &'a Dataset, most: usize) -> Result<Self, &'static str> {
        let is_labelled = |split: &Split| split.labels.is_some() && !split.is_empty();
        let Some(classes) = data.shape.classes else { return Err("the images have no labels") };
        if ![&data.train, &data.validation, &data.test].into_iter().all(is_labelled) {
            return Err("a split has no labels or no images");
        }
        let count = if most == 0 { data.train.len() } else { most.min(data.train.len()) };
        // As the model sees them: under dynamic binarization the training split itself is grey.
        let train = data.batch(&(0..count).collect::<Vec<_>>(), 0);
        Ok(Self { train, data, classes })
    }

    /// The features of all parts; `None` if one is not finite.
    fn encoded(&self, encode: impl Fn(&Split) -> Features) -> Option<Encoded> {
        let [train, validation, test] = [&self.train, &self.data.validation, &self.data.test].map(encode);
        let sound = [&train, &validation, &test].into_iter().all(Features::are_sound);
        sound.then_some(Encoded { train, validation, test })
    }

    fn linear(&self, encoded: &Option<Encoded>) -> Answer {
        let Encoded { train, validation, test } = encoded.as_ref()?;
        let scale = Scale::of(train);
        let (targets, prior) = self.targets();
        let x = scale.apply(train);
        let n = x.nrows() as f64;
        let transposed = x.transpose();
        let gram = &transposed * &x / n;
        let moments = &transposed * targets / n;
        let validation = scale.apply(validation);
        let mut best: Option<(f64, f64, DMatrix<f64>)> = None;
        for penalty in PENALTIES {
            let penalised = &gram + DMatrix::identity(gram.nrows(), gram.ncols()) * penalty;
            let weights = Cholesky::new(penalised)?.solve(&moments);
            let accuracy = share(&named(&validation, &weights, &prior, &self.data.validation));
            if best.as_ref().is_none_or(|(least, ..)| accuracy >= *least) {
                best = Some((accuracy, penalty, weights));
            }
        }
        let (_, penalty, weights) = best?;
        let right = named(&scale.apply(test), &weights, &prior, &self.data.test);
        Some((right, format!("penalty {penalty}")))
    }

    fn nearest(&self, encoded: &Option<Encoded>) -> Answer {
        let Encoded { train, validation, test } = encoded.as_ref()?;
        let classes: Vec<usize> = labels(&self.train).collect();
        let right = |images: &Features, split: &Split| {
            neighbours::guesses(train, &classes, images).map(|guesses| matches(guesses.into_iter(), split))
        };
        let on_validation = right(validation, &self.data.validation).map(|right| share(&right));
        let best = on_validation.iter().copied().fold(0.0, f64::max);
        let chosen = on_validation.iter().position(|accuracy| *accuracy == best)?;
        Some((right(test, &self.data.test)[chosen].clone(), format!("k = {}", VOTERS[chosen])))
    }

    /// 1 for an image's class less the class's share, `[image][class]`, and the shares.
    fn targets(&self) -> (DMatrix<f64>, Vec<f64>) {
        let labels: Vec<usize> = labels(&self.train).collect();
        let mut prior = vec![0.0; self.classes];
        labels.iter().for_each(|label| prior[*label] += 1.0 / labels.len() as f64);
        let target = |image: usize, class: usize| f64::from(u8::from(labels[image] == class)) - prior[class];
        (DMatrix::from_fn(labels.len(), self.classes, target), prior)
    }

    fn figure(&self, figure: (&str, Direction), answer: Answer) -> Measurement {
        let Some((right, chosen)) = answer else { return absent(figure, "a feature is not a finite number") };
        let (n, accuracy) = (self.data.test.len(), share(&right));
        let se = (accuracy * (1.0 - accuracy) / n as f64).sqrt();
        let mut counts = vec![0usize; self.classes];
        labels(&self.data.test).for_each(|label| counts[label] += 1);
        let commonest = counts.into_iter().max().unwrap_or_default() as f64 / n as f64;
        Measurement::new(figure.0, Kind::Estimate, Unit::One, figure.1, accuracy)
            // Of none wrong (or right) the binomial estimate would be 0: not knowing is not certainty.
            .with_se(if se > 0.0 { se } else { f64::NAN })
            .with_n(n)
            .of_images(right)
            .on(self.data.shape.support)
            .remark(format!(
                "{chosen}, chosen on validation images; the commonest class has {:.1}% of the test images",
                100.0 * commonest
            ))
    }
}

fn labels(split: &Split) -> impl Iterator<Item = usize> {
    split.labels.iter().flatten().map(|label| usize::from(*label))
}

/// 1 where a guess is the image's class, else 0.
fn matches(guesses: impl Iterator<Item = usize>, split: &Split) -> Vec<f64> {
    guesses.zip(labels(split)).map(|(guess, label)| f64::from(u8::from(guess == label))).collect()
}

fn share(right: &[f64]) -> f64 {
    right.iter().sum::<f64>() / right.len() as f64
}

/// 1 where the class that has the highest value (the first of equal ones) is the image's, else 0.
fn named(features: &DMatrix<f64>, weights: &DMatrix<f64>, prior: &[f64], split: &Split) -> Vec<f64> {
    let values = features * weights;
    let guess = |row: usize| {
        (0..prior.len())
            .map(|class| values[(row, class)] + prior[class])
            .enumerate()
            .fold((0, f64::NEG_INFINITY), |best, one| if one.1 > best.1 { one } else { best })
            .0
    };
    matches((0..split.len()).map(guess), split)
}

/// To mean 0 and variance 1 on the training images; a feature that never varies becomes 0.
struct Scale {
    mean: Vec<f64>,
    factor: Vec<f64>,
}

impl Scale {
    fn of(features: &Features) -> Self {
        let n = (features.values.len() / features.width.max(1)) as f64;
        let mut mean = vec![0.0; features.width];
        let mut variance = vec![0.0; features.width];
        for row in features.rows() {
            mean.iter_mut().zip(row).for_each(|(mean, value)| *mean += value / n);
        }
        for row in features.rows() {
            for ((variance, value), mean) in variance.iter_mut().zip(row).zip(&mean) {
                *variance += (value - mean).powi(2) / n;
            }
        }
        // Rounding alone makes a variance of about 1e-32 of the squared mean.
        let varies = |(variance, mean): (&f64, &f64)| *variance > 1e-20 * (1.0 + mean * mean);
        let factor = |pair: (&f64, &f64)| if varies(pair) || pair.0.is_nan() { 1.0 / pair.0.sqrt() } else { 0.0 };
        let factor = variance.iter().zip(&mean).map(factor).collect();
        Self { mean, factor }
    }

    /// `[image][feature]`.
    fn apply(&self, features: &Features) -> DMatrix<f64> {
        let count = features.values.len() / features.width.max(1);
        DMatrix::from_fn(count, features.width, |row, column| {
            (features.values[row * features.width + column] - self.mean[column]) * self.factor[column]
        })
    }
}
