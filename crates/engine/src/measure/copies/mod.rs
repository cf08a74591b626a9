//! Copy check: distances of samples to training images, compared with those of test images.

mod near;
mod picture;
#[cfg(test)]
mod tests;

use data::Split;
use nn::simd;
use protocol::{Control, Direction, Kind, Measurement, Problem, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::near::NearCopies;
use super::{BadModel, MeasureConfig, MeasureError, Subject};

/// Copies of training images among samples.
///
/// - `copy_ratio`: median distance of samples to their nearest training image, divided by that of test images. New
///   images of the data have a ratio of 1; copies have a ratio far below 1.
/// - `copies`: share of samples that equal a training image.
/// - `copies_real`: share of test images that equal a training image.
/// - `near_copies`: share of samples whose distance to the nearest training image is small for the distance of that image
///   to the nearest other one. The threshold of this ratio is the largest that at most 5% of the validation images reach.
/// - `near_copies_real`: the same share of test images.
///
/// Distances are Euclidean over pixels. Meehan, Chaudhuri and Dasgupta, 2020, compare the first two distributions by a
/// rank test. A model that draws training images is the control of all figures. The picture `nearest.png` has samples with the
/// nearest training image below each.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Copies {
    /// Number of samples, and maximum number of test images, 1 to 100,000.
    #[schemars(range(min = 1, max = 100_000))]
    samples: usize,
}

impl Default for Copies {
    fn default() -> Self {
        Self { samples: 400 }
    }
}

impl MeasureConfig for Copies {
    const NAME: &'static str = "copies";
    const ABOUT: &'static str =
        "distance of samples to their nearest training image, against that of test images; share of exact copies";

    fn check(&self, _data: &data::DataShape) -> Result<(), Problem> {
        if self.samples == 0 || self.samples > 100_000 {
            return Err(
                Problem::new("samples", format!("{} is out of range", self.samples)).help("between 1 and 100000")
            );
        }
        Ok(())
    }

    fn controls(&self) -> Vec<Control> {
        let real = ["copies", "near_copies"].map(Control::real);
        real.into_iter().chain(["copy_ratio", "copies", "near_copies"].map(Control::memoriser)).collect()
    }

    fn exposes(&self) -> &'static [BadModel] {
        &[BadModel::Memoriser]
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let none = |reason: &str| Ok(FIGURES.map(|figure| absent(figure, reason)).to_vec());
        let Some(sampler) = subject.model.sampler() else { return none("the model has no sampler") };
        let train = &subject.data.train;
        let real = subject.data.test.take(self.samples);
        if train.is_empty() || real.is_empty() {
            return none("a split has no images");
        }
        let fake = match subject.samples(sampler, self.samples, "measure/copies") {
            Ok(fake) => fake,
            Err(reason) => return none(reason),
        };
        picture::write(&subject.dir.join("samples"), &fake, train, &subject.data.shape)?;
        let (to_real, to_fake) = (nearest(&real, train), nearest(&fake, train));
        let scale = median(&to_real);
        let ratio = if scale > 0.0 { Ok(median(&to_fake) / scale) } else { Err(UNDEFINED.to_owned()) };
        let equal = |distances: &[f64]| {
            distances.iter().filter(|distance| **distance == 0.0).count() as f64 / distances.len() as f64
        };
        let near = NearCopies::calibrated(train, &subject.data.validation.take(self.samples));
        let remark = near.as_ref().ok().map(|near| format!("near: a ratio of distances up to {:.3}", near.threshold));
        let near = |images: &Split| near.as_ref().map(|near| near.share(images)).map_err(Clone::clone);
        let values = [ratio, Ok(equal(&to_fake)), Ok(equal(&to_real)), near(&fake), near(&real)];
        let figure = |(at, value): (usize, Result<f64, String>)| {
            let (of_real, (name, direction)) = (FIGURES[at].0.ends_with("_real"), FIGURES[at]);
            let n = if of_real { real.len() } else { fake.len() };
            let figure = match value {
                Ok(value) => Measurement::new(name, Kind::Estimate, Unit::One, direction, value),
                Err(reason) => return absent(FIGURES[at], &reason),
            };
            // All figures but the ratio are shares.
            let se =
                figure.value.filter(|_| at > 0).map_or(f64::NAN, |share| (share * (1.0 - share) / n as f64).sqrt());
            let figure = figure.with_se(se).with_n(n).on(sampler.support());
            match &remark {
                Some(remark) if name == "near_copies" => figure.remark(remark.clone()),
                _ => figure,
            }
        };
        Ok(values.into_iter().enumerate().map(figure).collect())
    }
}

const FIGURES: [(&str, Direction); 5] = [
    ("copy_ratio", Direction::Neither),
    ("copies", Direction::Lower),
    ("copies_real", Direction::Neither),
    ("near_copies", Direction::Lower),
    ("near_copies_real", Direction::Neither),
];
const UNDEFINED: &str = "most test images equal a training image, so that the ratio is undefined";

fn absent((name, direction): (&str, Direction), reason: &str) -> Measurement {
    Measurement::absent(name, Kind::Estimate, Unit::One, direction, reason)
}

/// Squared distance of an image to each of `others`.
fn squared_distances(image: &[f32], others: &Split) -> impl Iterator<Item = f32> {
    others.images().map(|other| simd::squared_distance(image, other))
}

/// Distance of each image to its nearest neighbour among `others`.
fn nearest(images: &Split, others: &Split) -> Vec<f64> {
    let to_nearest = |image| f64::from(squared_distances(image, others).fold(f32::INFINITY, f32::min)).sqrt();
    simd::dispatch(|| images.images().map(to_nearest).collect())
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { 0.5 * (sorted[middle - 1] + sorted[middle]) }
}
