//! Progress quantity: the validation figure that selects the best state (`keep: best`) and stops training early. Lower
//! is better.

use data::{Captions, Noise, Split};
use protocol::{Direction, Kind, Measurement, Unit};

use crate::GenerativeModel;

/// Number of images in a score of samples.
const SCORE_IMAGES: usize = 500;

/// Value of the progress quantity on the validation split.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Name: `nll`, `negative_elbo`, `discriminator_loss`, `energy_distance` or `restoration_error`.
    pub quantity: &'static str,
    /// Unit: `nats` or `1`.
    pub unit: &'static str,
    /// The value; lower is better.
    pub value: f64,
    /// Standard error over images, if the value is a mean.
    pub se: Option<f64>,
    /// Number of images.
    pub n: usize,
}

/// Evaluates the progress quantity of a model on the validation split.
///
/// | the first capability that the model has | quantity |
/// |---|---|
/// | density | `nll`, nats per image |
/// | lower bound | `negative_elbo`, nats per image |
/// | critic | `discriminator_loss`, nats per image |
/// | translator, conditional sampler | `energy_distance` of translations or of images with their captions |
/// | restorer | `restoration_error`, root mean squared error of pixels |
/// | sampler | `energy_distance` of samples |
///
/// The noise is the same at every step, so that values of different steps are comparable. `None` if the model has none of
/// these capabilities, or if the split has too few images: one for a mean, two for an `energy_distance`.
#[must_use]
pub fn progress(model: &dyn GenerativeModel, validation: &Split, seed: u64) -> Option<Progress> {
    let mut noise = Noise::new(seed, "progress", 0);
    if validation.is_empty() {
        return None;
    }
    let mean = |quantity, values: Vec<f64>| {
        let (value, se) = mean_se(&values);
        Progress { quantity, unit: "nats", value, se, n: values.len() }
    };
    if let Some(density) = model.density() {
        return Some(mean("nll", density.log_density(validation).iter().map(|nats| -nats).collect()));
    }
    if let Some(bound) = model.bound() {
        let elbo = bound.elbo(validation, &mut noise);
        return Some(mean("negative_elbo", elbo.iter().map(|elbo| -elbo.nats()).collect()));
    }
    if let Some(critic) = model.critic() {
        let fake = critic.generator_sampler().sample(validation.len(), &mut noise);
        let pairs = critic.log_odds(validation).into_iter().zip(critic.log_odds(&fake));
        let softplus = |x: f64| x.max(0.0) + (-x.abs()).exp().ln_1p();
        return Some(mean("discriminator_loss", pairs.map(|(real, fake)| softplus(-real) + softplus(fake)).collect()));
    }
    let real = validation.take(SCORE_IMAGES);
    if real.len() < 2 && model.restorer().is_none_or(|_| real.parts.is_none()) {
        return None;
    }
    let (quantity, value) = sample_score(model, &real, &mut noise)?;
    Some(Progress { quantity, unit: "1", value, se: None, n: real.len() })
}

/// Progress quantity of a model without density, bound and critic.
fn sample_score(model: &dyn GenerativeModel, real: &Split, noise: &mut Noise) -> Option<(&'static str, f64)> {
    if let (Some(translator), Some(other)) = (model.translator(), &real.other) {
        // Images of each domain against translations into it, without the pairs.
        let [to_other, to_own] = [translator.forth(real), translator.back(other)];
        return Some(("energy_distance", energy_distance(other, &to_other) + energy_distance(real, &to_own)));
    }
    if let (Some(conditional), Some(captions)) = (model.conditional(), &real.captions) {
        let fake = conditional.sample_for(captions, noise);
        return Some((
            "energy_distance",
            energy_distance(&with_captions(real, captions), &with_captions(&fake, captions)),
        ));
    }
    if let (Some(restorer), Some(parts)) = (model.restorer(), &real.parts) {
        let restored = restorer.restore(parts, noise).images;
        let squares = restored.pixels.iter().zip(&real.pixels).map(|(a, b)| f64::from(a - b).powi(2));
        return Some(("restoration_error", (squares.sum::<f64>() / real.pixels.len() as f64).sqrt()));
    }
    let fake = model.sampler()?.sample(real.len(), noise);
    Some(("energy_distance", energy_distance(real, &fake)))
}

/// Appends the captions to the images as one-hot words, so that an image with a wrong caption is far from the data.
fn with_captions(images: &Split, captions: &Captions) -> Split {
    let vocabulary = captions.words.iter().max().map_or(0, |word| usize::from(*word) + 1);
    let mut pixels = Vec::new();
    for (image, caption) in images.images().zip(captions.rows()) {
        pixels.extend(image);
        for word in caption {
            pixels.extend((0..vocabulary).map(|other| f32::from(u8::from(other == usize::from(*word)))));
        }
    }
    Split::new(pixels, images.image_len + vocabulary * captions.caption_len)
}

/// Mean and its standard error; the standard error of a single value is `None`.
#[must_use]
pub fn mean_se(values: &[f64]) -> (f64, Option<f64>) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (values.len() > 1).then(|| (variance / n).sqrt()))
}

/// Figure with the mean of `terms`, one term per test image.
///
/// The figure includes the terms, so that two models can be compared image by image.
#[must_use]
pub fn mean_of_images(
    name: impl Into<String>,
    kind: Kind,
    unit: Unit,
    direction: Direction,
    terms: Vec<f64>,
) -> Measurement {
    let (mean, se) = mean_se(&terms);
    Measurement::new(name, kind, unit, direction, mean)
        .with_se(se.unwrap_or(f64::NAN))
        .with_n(terms.len())
        .of_images(terms)
}

/// Unbiased energy distance 2 E|X-Y| - E|X-X'| - E|Y-Y'| between two sets of images (Szekely and Rizzo, 2013, eq. 1.2,
/// as a U-statistic). Its expectation is 0 only for equal distributions. NaN if a set has fewer than two images, whose
/// distance from each other is unknown.
#[must_use]
pub fn energy_distance(a: &Split, b: &Split) -> f64 {
    let within = |images: &Split| {
        let n = images.len();
        let sum: f64 = (1..n)
            .flat_map(|i| (0..i).map(move |j| (i, j)))
            .map(|(i, j)| distance(images.image(i), images.image(j)))
            .sum();
        sum / (n as f64 * (n as f64 - 1.0) / 2.0)
    };
    let between: f64 = a.images().flat_map(|x| b.images().map(move |y| distance(x, y))).sum();
    2.0 * between / (a.len() as f64 * b.len() as f64) - within(a) - within(b)
}

fn distance(a: &[f32], b: &[f32]) -> f64 {
    f64::from(a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f32>()).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bernoulli(p: f64, purpose: &str) -> Split {
        let mut noise = Noise::new(0, purpose, 0);
        Split::new((0..200 * 16).map(|_| f32::from(u8::from(noise.bernoulli(p)))).collect(), 16)
    }

    #[test]
    fn energy_distance_separates_distributions() {
        let equal = energy_distance(&bernoulli(0.3, "a"), &bernoulli(0.3, "b"));
        let different = energy_distance(&bernoulli(0.3, "a"), &bernoulli(0.6, "b"));
        assert!(equal.abs() < 0.02, "{equal}");
        assert!(different > 0.2, "{different}");
    }

    #[test]
    fn sets_of_one_image_have_no_energy_distance() {
        let images = |count: usize| bernoulli(0.5, "few").take(count);
        for (a, b) in [(0, 0), (0, 2), (1, 1), (1, 2), (2, 1)] {
            assert!(energy_distance(&images(a), &images(b)).is_nan(), "{a} and {b}");
        }
        assert!(energy_distance(&images(2), &images(2)).is_finite());
    }

    #[test]
    fn one_value_has_no_standard_error() {
        assert_eq!(mean_se(&[3.0]), (3.0, None));
        assert_eq!(mean_se(&[1.0, 3.0]), (2.0, Some(1.0)));
    }
}
