//! Parzen-window estimate of a log-density from samples, for comparison with published figures.

use data::{DataShape, Split};
use nn::simd;
use protocol::{Direction, Kind, Measurement, Problem, Support, Unit};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};
use crate::log_sum_exp;
use crate::progress::mean_se;

/// Parzen-window estimate of the log-density of test images, in nats per image. Do not rank models by it.
///
/// `parzen` is the mean log-density of a mixture with one Gaussian around each sample. Its width is the candidate with
/// the highest likelihood of validation images.
///
/// Early papers compare GANs by this figure (Goodfellow et al., 2014, section 5, after Breuleux, Bengio and Vincent,
/// 2011). It does not order models by their likelihood, not even with a million samples (Theis, van den Oord and
/// Bethge, 2016, section 3.2; Wu et al., 2017, section 5.1). Compare it with `ais` to see this failure.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Parzen {
    /// Number of samples, 1 to 100,000.
    #[schemars(range(min = 1, max = 100_000))]
    samples: usize,
    /// Maximum number of test images and of validation images, 1 to 100,000.
    #[schemars(range(min = 1, max = 100_000))]
    images: usize,
}

impl Default for Parzen {
    fn default() -> Self {
        Self { samples: 2_000, images: 500 }
    }
}

/// Candidate standard deviations, each 1.2 times the previous one.
fn widths() -> impl Iterator<Item = f64> {
    (0..20).map(|step| 0.03 * 1.2f64.powi(step))
}

impl MeasureConfig for Parzen {
    const NAME: &'static str = "parzen";
    const ABOUT: &'static str = "log-density by Gaussians around samples, in nats; does not rank models";

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        for (key, count) in [("samples", self.samples), ("images", self.images)] {
            if !(1..=100_000).contains(&count) {
                return Err(Problem::new(key, format!("{count} is out of range")).help("between 1 and 100000"));
            }
        }
        Ok(())
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let absent = |reason: &str| {
            Ok(vec![Measurement::absent("parzen", Kind::Estimate, Unit::Nats, Direction::Neither, reason)])
        };
        let Some(sampler) = subject.model.sampler() else { return absent("the model has no sampler") };
        let (test, validation) = (subject.data.test.take(self.images), subject.data.validation.take(self.images));
        if validation.is_empty() {
            return absent("the data have no validation images to select the width");
        }
        let samples = match subject.samples(sampler, self.samples, "measure/parzen") {
            Ok(samples) => samples,
            Err(reason) => return absent(reason),
        };
        let to_validation = squared_distances(&validation, &samples);
        let pixels = samples.image_len;
        let mean_at = |width: f64| mean_se(&log_densities(&to_validation, pixels, width)).0;
        let scored = widths().map(|width| (mean_at(width), width));
        let Some((_, width)) = scored.max_by(|a, b| a.0.total_cmp(&b.0)) else {
            return absent("no width has a finite likelihood");
        };
        let (mean, se) = mean_se(&log_densities(&squared_distances(&test, &samples), pixels, width));
        let remark = format!(
            "{} Gaussians of width {width:.3}, selected on validation images; the figure does not rank models",
            samples.len()
        );
        Ok(vec![
            Measurement::new("parzen", Kind::Estimate, Unit::Nats, Direction::Neither, mean)
                .with_se(se.unwrap_or(f64::NAN))
                .with_n(test.len())
                .on(Support::Real)
                .remark(remark),
        ])
    }
}

/// Squared distances of each image to each sample.
fn squared_distances(images: &Split, samples: &Split) -> Vec<Vec<f64>> {
    let images: Vec<&[f32]> = images.images().collect();
    let to_all = |image: &&[f32]| {
        let between = |sample| f64::from(simd::squared_distance(image, sample));
        simd::dispatch(|| samples.images().map(between).collect())
    };
    images.par_iter().map(to_all).collect()
}

/// Logarithm of the mean of N(x; sample, width^2 I) over samples, for each image.
fn log_densities(squared: &[Vec<f64>], pixels: usize, width: f64) -> Vec<f64> {
    let variance = width * width;
    let scale = 0.5 * pixels as f64 * (std::f64::consts::TAU * variance).ln();
    let of_image = |distances: &Vec<f64>| {
        let terms = distances.iter().map(|distance| -0.5 * distance / variance);
        log_sum_exp(terms) - (distances.len() as f64).ln() - scale
    };
    squared.iter().map(of_image).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use data::{DataConfig, LinearGaussian, Noise};

    use super::*;
    use crate::{GenerativeModel, Sampler};

    /// Sampler that returns its images in order.
    struct Pool(Split);

    impl GenerativeModel for Pool {
        fn parameters(&self) -> u64 {
            0
        }
        fn sampler(&self) -> Option<&dyn Sampler> {
            Some(self)
        }
    }

    impl Sampler for Pool {
        fn support(&self) -> Support {
            Support::Real
        }
        fn sample(&self, count: usize, _: &mut Noise) -> Split {
            self.0.take(count)
        }
    }

    #[test]
    fn one_sample_is_one_gaussian() {
        let (origin, image) = (Split::new(vec![0.0; 3], 3), Split::new(vec![1.0, 0.0, 2.0], 3));
        let found = log_densities(&squared_distances(&image, &origin), 3, 0.5)[0];
        // -|x|^2 / (2 s^2) - 3/2 ln(2 pi s^2), with s^2 = 1/4.
        let right = -5.0 / 0.5 - 1.5 * (std::f64::consts::TAU * 0.25).ln();
        assert!((found - right).abs() < 1e-12, "{found} {right}");
    }

    /// In two dimensions, samples of the true distribution give nearly the true log-density.
    #[test]
    fn the_estimate_is_nearly_exact_in_two_dimensions() {
        let config = LinearGaussian { height: 1, width: 2, latent: 1, train: 5_000, ..LinearGaussian::default() };
        let data = config.load().expect("generated");
        let truth = data.truth.clone().expect("a density");
        let subject = Subject {
            model: &Pool(data.train.clone()),
            data: &data,
            data_sha256: "",
            seed: 0,
            dir: Path::new("."),
            cache: Path::new("."),
        };
        let figure = Parzen { samples: 5_000, images: 500 }.measure(&subject).expect("measured").swap_remove(0);
        let test = data.test.take(500);
        let right = test.images().map(|image| truth.log_density(image)).sum::<f64>() / test.len() as f64;
        let found = figure.value.expect("a figure");
        assert!(found <= right + 0.05 && found > right - 0.15, "{found}, the true value is {right}");
    }
}
