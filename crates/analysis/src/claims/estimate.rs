//! Estimate of an expression over means: its standard error over seeds and test images, and degrees of freedom.

use std::collections::BTreeMap;

use protocol::TrialId;
use stats::{Difference, t_quantile};

use super::expression::{Expression, Results};
use super::sample::Sample;
use crate::summary::Spread;

/// More degrees of freedom than these are a normal distribution.
const MOST_DEGREES: f64 = 1e6;

/// A value with its error. The seeds of each variant and the test images are independent parts of the error.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Estimate {
    pub(super) value: f64,
    /// The part of each variant whose seeds differ.
    pub(super) seeds: Vec<Part>,
    /// The part of the test images.
    pub(super) images: Option<Part>,
    /// Variants whose seeds have equal values; they are taken to vary as the others.
    pub(super) flat: Vec<String>,
}

/// Part of the error: a mean over `n` seeds or images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Part {
    /// Variance of one seed or image.
    pub(super) variance: f64,
    pub(super) n: f64,
    /// `true` if the variance is estimated from the `n` terms, `false` if it is taken as known.
    pub(super) is_estimated: bool,
}

impl Part {
    fn of_mean(self) -> f64 {
        self.variance / self.n
    }

    fn variance_of_mean(self) -> stats::Part {
        let degrees = if self.is_estimated { self.n - 1.0 } else { f64::INFINITY };
        stats::Part { variance: self.of_mean(), degrees }
    }
}

impl Estimate {
    /// Estimates a difference. `Ok(None)` if it has no mean over seeds.
    ///
    /// # Errors
    /// The reason why the error of a mean is unknown.
    pub(super) fn of(difference: &Expression, results: &Results) -> Result<Option<Self>, String> {
        let mut by_variant: BTreeMap<&str, Vec<(f64, &Sample)>> = BTreeMap::new();
        for (at, sample) in results.means() {
            if let Some(slope) = difference.slopes.get(&at) {
                by_variant.entry(&sample.variant).or_default().push((*slope, sample));
            }
        }
        if by_variant.is_empty() {
            return Ok(None);
        }
        let (mut seeds, mut flat) = (Vec::new(), Vec::new());
        for (variant, terms) in &by_variant {
            match seed_part(variant, terms)? {
                SeedPart::None => {}
                SeedPart::Known(part) => seeds.push(part),
                SeedPart::Flat(n) => flat.push((*variant, n)),
            }
        }
        // As in comparisons: a side without spread is taken to vary as the other one, and both are one part.
        let widest = seeds.iter_mut().max_by(|a, b| a.variance.total_cmp(&b.variance));
        match (widest, flat.as_slice()) {
            (_, []) => {}
            (None, [(variant, n), ..]) => {
                return Err(format!("{n} seeds of {variant} have equal values, which is no evidence of their spread"));
            }
            (Some(part), all) => part.variance *= 1.0 + all.iter().map(|(_, n)| part.n / *n as f64).sum::<f64>(),
        }
        let flat = flat.into_iter().map(|(variant, _)| variant.to_owned()).collect();
        let all: Vec<(f64, &Sample)> = by_variant.into_values().flatten().collect();
        Ok(Some(Self { value: difference.value, seeds, images: image_part(&all), flat }))
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        self.seeds.iter().chain(&self.images)
    }

    /// Standard error: the root of the sum of all parts.
    pub(super) fn se(&self) -> f64 {
        self.parts().map(|part| part.of_mean()).sum::<f64>().sqrt()
    }

    /// Share of the test images in the variance.
    pub(super) fn share_of_images(&self) -> f64 {
        let all: f64 = self.parts().map(|part| part.of_mean()).sum();
        let images = self.images.map_or(0.0, |part| part.of_mean());
        if all > 0.0 { images / all } else { 0.0 }
    }

    /// Degrees of freedom, as in the verdicts of comparisons.
    pub(super) fn degrees(&self) -> f64 {
        let parts: Vec<stats::Part> = self.parts().map(|part| part.variance_of_mean()).collect();
        Difference::cautious(self.value, &parts).map_or(MOST_DEGREES, |test| test.degrees.clamp(1.0, MOST_DEGREES))
    }

    /// Distance of the one-sided bound at this level from the value.
    pub(super) fn reach(&self, level: f64) -> f64 {
        let se = self.se();
        if se == 0.0 { 0.0 } else { t_quantile(self.degrees(), 1.0 - level).map_or(f64::INFINITY, |t| t * se) }
    }
}

/// The part of a variant's seeds.
enum SeedPart {
    /// The model is closed form: repeats are one observation.
    None,
    Known(Part),
    /// Number of seeds, all of one value.
    Flat(usize),
}

/// The spread of the expression over the seeds of a variant, computed for each seed.
fn seed_part(variant: &str, terms: &[(f64, &Sample)]) -> Result<SeedPart, String> {
    if terms.iter().all(|(_, sample)| sample.is_closed_form) {
        return Ok(SeedPart::None);
    }
    let of_trial = |(id, _): &(TrialId, f64)| -> Option<f64> {
        terms.iter().map(|(slope, sample)| Some(slope * sample.value(id)?)).sum()
    };
    let combined: Vec<f64> =
        terms.first().map(|(_, sample)| sample.values.iter().filter_map(of_trial).collect()).unwrap_or_default();
    if terms.iter().any(|(_, sample)| sample.values.len() != combined.len()) {
        return Err(format!("the quantities of {variant} are not of the same seeds"));
    }
    match Spread::of(&combined) {
        Some(Spread { n, sd: Some(sd), .. }) if sd > 0.0 => {
            Ok(SeedPart::Known(Part { variance: sd * sd, n: n as f64, is_estimated: true }))
        }
        Some(Spread { n, sd: Some(_), .. }) => Ok(SeedPart::Flat(n)),
        _ => Err(format!("{variant} needs at least 2 seeds")),
    }
}

/// The part of the test images, from differences per image if all terms are of the same images.
fn image_part(terms: &[(f64, &Sample)]) -> Option<Part> {
    let with_images: Vec<&(f64, &Sample)> = terms.iter().filter(|(_, sample)| sample.se_test.is_some()).collect();
    let (_, first) = with_images.first()?;
    if let Some(paired) = paired(&with_images, &first.data) {
        return Some(paired);
    }
    let variance = with_images.iter().filter_map(|(slope, sample)| Some((slope * sample.se_test?).powi(2))).sum();
    Some(Part { variance, n: 1.0, is_estimated: false })
}

fn paired(terms: &[&(f64, &Sample)], data: &str) -> Option<Part> {
    let mut sums: Vec<f64> = Vec::new();
    for (slope, sample) in terms {
        let of_images = sample.terms.as_ref().filter(|_| sample.data == data)?;
        if !sums.is_empty() && sums.len() != of_images.len() {
            return None;
        }
        sums.resize(of_images.len(), 0.0);
        sums.iter_mut().zip(of_images).for_each(|(sum, term)| *sum += slope * term);
    }
    let Spread { n, sd: Some(sd), .. } = Spread::of(&sums)? else { return None };
    // Equal differences show no error only where they cannot be equal by chance.
    let is_known = sd > 0.0 || terms.iter().all(|(_, sample)| sample.is_continuous);
    is_known.then_some(Part { variance: sd * sd, n: n as f64, is_estimated: true })
}
