//! Linear probe and nearest neighbours on the model's features of an image.

mod neighbours;
mod scale;
#[cfg(test)]
mod tests;

use data::{DataShape, Dataset, Split};
use nalgebra::{Cholesky, DMatrix};
use protocol::{Control, ControlKind, Direction, Kind, Measurement, Problem, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::neighbours::VOTERS;
use self::scale::Scale;
use super::chance::chance;
use super::{BadModel, MeasureConfig, MeasureError, Subject};
use crate::Features;

/// Candidate penalties for features of variance 1, in increasing order.
const PENALTIES: [f64; 6] = [1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0];

/// Test accuracy of simple classifiers on the model's features of an image, 0 to 1.
///
/// - `linear_probe`: accuracy of a linear classifier on the features.
/// - `knn`: accuracy of a majority vote of the k nearest training images (Cover and Hart, 1967, Nearest Neighbor
///   Pattern Classification).
/// - `linear_probe_pixels`, `knn_pixels`: the same on the pixels.
/// - `linear_probe_untrained`, `knn_untrained`: the same on the features of the untrained model.
/// - `linear_probe_chance`, `knn_chance`: share of the most common class.
///
/// The linear classifier is a ridge regression of the class indicators on standardised features, in f64 and in closed
/// form (Hastie, Tibshirani and Friedman, 2009, The Elements of Statistical Learning, sections 3.4.1 and 4.2). The
/// validation split selects the penalty (the largest of equally good ones) and k from 1, 3, 5, 10 and 20 (the smallest
/// of equally good ones).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct LinearProbe {
    /// Maximum number of training images, at least 2; 0 means all.
    #[schemars(extend("not" = {"const": 1}))]
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
        "test accuracy of a linear classifier and of nearest neighbours on the model's features and on pixels";
    const VERSION: u32 = 2;

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        match self.train {
            1 => Err(Problem::new("train", "1 is out of range").help("at least 2, or 0 for all")),
            _ => Ok(()),
        }
    }

    fn controls(&self) -> Vec<Control> {
        let of = |of| [Control::untrained(of), Control::new(of, ControlKind::Baseline, "pixels"), chance(of)];
        ["linear_probe", "knn"].into_iter().flat_map(of).collect()
    }

    fn exposes(&self) -> &'static [BadModel] {
        &[BadModel::Untrained, BadModel::Constant]
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let Some(encoder) = subject.model.encoder() else {
            return Ok(FIGURES.map(|figure| absent(figure, "the model has no encoder")).to_vec());
        };
        let splits = match Splits::of(subject.data, self.train) {
            Ok(splits) => splits,
            Err(reason) => return Ok(FIGURES.map(|figure| absent(figure, reason)).to_vec()),
        };
        let (features, pixels) = (splits.encoded(|images| encoder.encode(images)), splits.encoded(pixels));
        let predictions =
            [splits.linear(&features), splits.linear(&pixels), splits.nearest(&features), splits.nearest(&pixels)];
        Ok(FIGURES
            .into_iter()
            .zip(predictions)
            .map(|(figure, predictions)| splits.figure(figure, predictions))
            .chain([splits.chance(FIGURES[4]), splits.chance(FIGURES[5])])
            .collect())
    }
}

const FIGURES: [(&str, Direction); 6] = [
    ("linear_probe", Direction::Higher),
    ("linear_probe_pixels", Direction::Neither),
    ("knn", Direction::Higher),
    ("knn_pixels", Direction::Neither),
    ("linear_probe_chance", Direction::Neither),
    ("knn_chance", Direction::Neither),
];

fn absent((name, direction): (&str, Direction), reason: &str) -> Measurement {
    Measurement::absent(name, Kind::Estimate, Unit::One, direction, reason)
}

fn pixels(images: &Split) -> Features {
    Features { values: images.pixels.iter().map(|pixel| f64::from(*pixel)).collect(), width: images.image_len }
}

/// Features of each split.
struct Encoded {
    train: Features,
    validation: Features,
    test: Features,
}

/// 1 for each test image with the right class, else 0; and the selected setting of the classifier.
type Predictions = Option<(Vec<f64>, String)>;

/// Labelled images for training, validation and test.
struct Splits<'a> {
    train: Split,
    data: &'a Dataset,
    classes: usize,
}

impl<'a> Splits<'a> {
    fn of(data: &'a Dataset, most: usize) -> Result<Self, &'static str> {
        let is_labelled = |split: &Split| split.labels.is_some() && !split.is_empty();
        let Some(classes) = data.shape.classes else { return Err("the images have no labels") };
        if ![&data.train, &data.validation, &data.test].into_iter().all(is_labelled) {
            return Err("a split has no labels or no images");
        }
        let count = if most == 0 { data.train.len() } else { most.min(data.train.len()) };
        // The images of a training step: with dynamic binarization the training split itself is grey.
        let train = data.batch(&(0..count).collect::<Vec<_>>(), 0);
        Ok(Self { train, data, classes })
    }

    /// Features of all splits; `None` if one is not finite.
    fn encoded(&self, encode: impl Fn(&Split) -> Features) -> Option<Encoded> {
        let [train, validation, test] = [&self.train, &self.data.validation, &self.data.test].map(encode);
        let sound = [&train, &validation, &test].into_iter().all(Features::are_sound);
        sound.then_some(Encoded { train, validation, test })
    }

    fn linear(&self, encoded: &Option<Encoded>) -> Predictions {
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
            let accuracy = share(&linear_matches(&validation, &weights, &prior, &self.data.validation));
            if best.as_ref().is_none_or(|(least, ..)| accuracy >= *least) {
                best = Some((accuracy, penalty, weights));
            }
        }
        let (_, penalty, weights) = best?;
        let right = linear_matches(&scale.apply(test), &weights, &prior, &self.data.test);
        Some((right, format!("penalty {penalty}")))
    }

    fn nearest(&self, encoded: &Option<Encoded>) -> Predictions {
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

    /// Class indicators minus the share of the class, `[image][class]`, and the shares.
    fn targets(&self) -> (DMatrix<f64>, Vec<f64>) {
        let labels: Vec<usize> = labels(&self.train).collect();
        let mut prior = vec![0.0; self.classes];
        labels.iter().for_each(|label| prior[*label] += 1.0 / labels.len() as f64);
        let target = |image: usize, class: usize| f64::from(u8::from(labels[image] == class)) - prior[class];
        (DMatrix::from_fn(labels.len(), self.classes, target), prior)
    }

    fn figure(&self, figure: (&str, Direction), predictions: Predictions) -> Measurement {
        let Some((right, chosen)) = predictions else { return absent(figure, "a feature is not finite") };
        let (n, accuracy) = (self.data.test.len(), share(&right));
        let se = (accuracy * (1.0 - accuracy) / n as f64).sqrt();
        Measurement::new(figure.0, Kind::Estimate, Unit::One, figure.1, accuracy)
            // If no image or every image is right, the binomial estimate is 0, which does not mean certainty.
            .with_se(if se > 0.0 { se } else { f64::NAN })
            .with_n(n)
            .of_images(right)
            .on(self.data.shape.support)
            .remark(format!("{chosen}, selected on validation images"))
    }

    /// Share of the most common class: the accuracy of a classifier that ignores the images.
    fn chance(&self, (name, direction): (&str, Direction)) -> Measurement {
        let mut counts = vec![0usize; self.classes];
        labels(&self.data.test).for_each(|label| counts[label] += 1);
        let share = counts.into_iter().max().unwrap_or_default() as f64 / self.data.test.len() as f64;
        Measurement::new(name, Kind::Estimate, Unit::One, direction, share)
            .with_n(self.data.test.len())
            .on(self.data.shape.support)
    }
}

fn labels(split: &Split) -> impl Iterator<Item = usize> {
    split.labels.iter().flatten().map(|label| usize::from(*label))
}

/// 1 if a guess equals the class of the image, else 0.
fn matches(guesses: impl Iterator<Item = usize>, split: &Split) -> Vec<f64> {
    guesses.zip(labels(split)).map(|(guess, label)| f64::from(u8::from(guess == label))).collect()
}

fn share(right: &[f64]) -> f64 {
    right.iter().sum::<f64>() / right.len() as f64
}

/// 1 if the class with the highest value (the first of equal ones) is the class of the image, else 0.
fn linear_matches(features: &DMatrix<f64>, weights: &DMatrix<f64>, prior: &[f64], split: &Split) -> Vec<f64> {
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
