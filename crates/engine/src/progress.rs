//! The quantity by which training is watched and `keep: best` chooses: lower is better for all.

use data::{Noise, Split};

use crate::GenerativeModel;

/// How many images the two-sample score compares.
const SCORE_IMAGES: usize = 500;

/// A value of the progress quantity on the validation split.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// `nll`, `negative_elbo` or `energy_distance`.
    pub quantity: &'static str,
    /// `nats` or `1`.
    pub unit: &'static str,
    /// The value; lower is better.
    pub value: f64,
    /// Its standard error over images, where it is a mean.
    pub se: Option<f64>,
    /// Images it rests on.
    pub n: usize,
}

/// Evaluates the progress quantity: the NLL of a model with a density, the negative ELBO of one
/// with a bound, else the energy distance of its samples. The noise is the same at every step, so
/// that two states are compared on equal terms.
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
    let sampler = model.sampler()?;
    let real = validation.take(SCORE_IMAGES);
    let fake = sampler.sample(real.len(), &mut noise);
    let value = energy_distance(&real, &fake);
    Some(Progress { quantity: "energy_distance", unit: "1", value, se: None, n: real.len() })
}

/// The mean and its standard error (`None` for a single value).
#[must_use]
pub fn mean_se(values: &[f64]) -> (f64, Option<f64>) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (values.len() > 1).then(|| (variance / n).sqrt()))
}

/// The energy distance 2 E|X-Y| - E|X-X'| - E|Y-Y'| between two sets of images, unbiased
/// (Szekely and Rizzo, 2013, eq. 1.2, as a U-statistic). Zero in expectation iff they are alike.
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
    fn energy_distance_tells_unlike_from_alike() {
        let alike = energy_distance(&bernoulli(0.3, "a"), &bernoulli(0.3, "b"));
        let unlike = energy_distance(&bernoulli(0.3, "a"), &bernoulli(0.6, "b"));
        assert!(alike.abs() < 0.02, "{alike}");
        assert!(unlike > 0.2, "{unlike}");
    }

    #[test]
    fn one_value_has_no_standard_error() {
        assert_eq!(mean_se(&[3.0]), (3.0, None));
        assert_eq!(mean_se(&[1.0, 3.0]), (2.0, Some(1.0)));
    }
}
