//! Copy check: distances of samples to training images, compared with those of test images.

use data::Split;
use nn::simd;
use protocol::{Direction, Kind, Measurement, Problem, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};

/// Copies of training images among samples.
///
/// - `copy_ratio`: median distance of samples to their nearest training image, divided by that of test images. New
///   images of the data have a ratio of 1; copies have a ratio far below 1.
/// - `copies`: share of samples that equal a training image.
/// - `copies_real`: share of test images that equal a training image.
///
/// Distances are Euclidean over pixels. Meehan, Chaudhuri and Dasgupta, 2020, compare the same two distributions by a
/// rank test.
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

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        const FIGURES: [(&str, Direction); 3] =
            [("copy_ratio", Direction::Neither), ("copies", Direction::Lower), ("copies_real", Direction::Neither)];
        let absent = |reason: &str| {
            let absent = |(name, direction)| Measurement::absent(name, Kind::Estimate, Unit::One, direction, reason);
            FIGURES.map(absent).to_vec()
        };
        let Some(sampler) = subject.model.sampler() else { return Ok(absent("the model has no sampler")) };
        let train = &subject.data.train;
        let real = subject.data.test.take(self.samples);
        if train.is_empty() || real.is_empty() {
            return Ok(absent("a split has no images"));
        }
        let fake = match subject.samples(sampler, self.samples, "measure/copies") {
            Ok(fake) => fake,
            Err(reason) => return Ok(absent(reason)),
        };
        let (to_real, to_fake) = (nearest(&real, train), nearest(&fake, train));
        let share = |distances: &[f64]| {
            let n = distances.len() as f64;
            let share = distances.iter().filter(|distance| **distance == 0.0).count() as f64 / n;
            (share, (share * (1.0 - share) / n).sqrt())
        };
        let ((copies, copies_se), (real_copies, real_se)) = (share(&to_fake), share(&to_real));
        let scale = median(&to_real);
        let ratio = if scale > 0.0 {
            Measurement::new("copy_ratio", Kind::Estimate, Unit::One, Direction::Neither, median(&to_fake) / scale)
        } else {
            let reason = "most test images equal a training image, so that the ratio is undefined";
            Measurement::absent("copy_ratio", Kind::Estimate, Unit::One, Direction::Neither, reason)
        };
        let share = |name, direction, value, se, n| {
            Measurement::new(name, Kind::Estimate, Unit::One, direction, value).with_se(se).with_n(n)
        };
        Ok(vec![
            ratio.with_n(fake.len()).on(sampler.support()),
            share("copies", Direction::Lower, copies, copies_se, fake.len()).on(sampler.support()),
            share("copies_real", Direction::Neither, real_copies, real_se, real.len()).on(sampler.support()),
        ])
    }
}

/// Distance of each image to its nearest neighbour among `others`.
fn nearest(images: &Split, others: &Split) -> Vec<f64> {
    let to_nearest = |image| {
        let squared = others.images().map(|other| simd::squared_distance(image, other));
        f64::from(squared.fold(f32::INFINITY, f32::min)).sqrt()
    };
    simd::dispatch(|| images.images().map(to_nearest).collect())
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { 0.5 * (sorted[middle - 1] + sorted[middle]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_at_distance_zero() {
        let split = |pixels: &[f32]| Split::new(pixels.to_vec(), 2);
        let train = split(&[0.0, 0.0, 1.0, 1.0]);
        assert_eq!(nearest(&split(&[1.0, 1.0, 0.0, 1.0]), &train), [0.0, 1.0]);
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
    }
}
