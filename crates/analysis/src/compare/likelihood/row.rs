//! Value of one variant by one estimator, with its error.

use protocol::Kind;
use stats::{Difference, Interval, Part};

use super::super::error_parts::is_one_observation;
use super::bracket::with_gap;
use super::estimator::Estimator;
use crate::summary::{Figure, FigureSummary, Spread};

/// Log-likelihood of one variant by one estimator.
#[derive(Clone, Debug, PartialEq)]
pub struct LikelihoodRow {
    /// Label of the variant.
    pub variant: String,
    /// The figure as a log-likelihood: larger is better.
    pub figure: Figure,
    /// Name of the estimator.
    pub estimator: String,
    /// Relation to the log-likelihood.
    pub kind: Kind,
    /// Value on all images that the estimator took.
    pub own: LikelihoodValue,
    /// Value on the images that every estimator of the table took. `None` if the estimator took more and kept no terms per
    /// image.
    pub common: Option<LikelihoodValue>,
    /// Remarks, such as the observation model that a measure adds to a generator.
    pub remarks: Vec<String>,
}

/// Mean log-likelihood of test images in nats per image.
#[derive(Clone, Debug, PartialEq)]
pub struct LikelihoodValue {
    /// Number of images, the first ones of the test split.
    pub images: Option<u64>,
    /// Number of seeds.
    pub seeds: usize,
    /// Mean over seeds and images.
    pub mean: f64,
    /// Part of the error that is due to seeds; `None` for one seed and in closed form.
    pub part_seeds: Option<Part>,
    /// Part of the error that is due to test images.
    pub part_images: Option<Part>,
    /// Standard error over both with its degrees of freedom. `None` if a part is unknown.
    pub error: Option<Difference>,
    /// Mean distance of the bound from an upper one, on images drawn from the model.
    pub gap: Option<f64>,
    /// Mean of the bound plus that distance.
    pub upper: Option<f64>,
}

impl LikelihoodRow {
    pub(super) fn of(estimator: &Estimator<'_>, common: Option<u64>) -> Self {
        let value = |summed: FigureSummary| LikelihoodValue::of(estimator, &summed);
        Self {
            variant: estimator.variant.variant.clone(),
            figure: estimator.summed.figure.clone(),
            estimator: estimator.name.to_owned(),
            kind: estimator.kind(),
            own: value(estimator.summed.clone()),
            common: common.and_then(|images| estimator.on(images)).map(value),
            remarks: estimator.summed.reasons.clone(),
        }
    }
}

impl LikelihoodValue {
    fn of(estimator: &Estimator<'_>, summed: &FigureSummary) -> Self {
        let spread = summed.spread.unwrap_or(Spread { n: 0, mean: f64::NAN, sd: None, half: None });
        let closed_form = is_one_observation(estimator.variant, estimator.measured);
        let part_seeds = spread.sd.and_then(|sd| Part::of_mean(sd, spread.n)).filter(|_| !closed_form);
        let part_images = part_of_images(estimator, summed);
        let is_known = part_images.is_some() && (part_seeds.is_some() || closed_form);
        let parts: Vec<Part> = [part_seeds, part_images].into_iter().flatten().collect();
        let gap = estimator.gap.and_then(|gap| gap.spread).map(|gap| gap.mean);
        let upper = estimator.gap.and_then(|gap| with_gap(summed.clone(), gap)).and_then(|upper| upper.spread);
        Self {
            images: summed.images,
            seeds: spread.n,
            mean: spread.mean,
            part_seeds,
            part_images,
            error: Difference::cautious(spread.mean, &parts).filter(|_| is_known),
            gap,
            upper: upper.map(|upper| upper.mean),
        }
    }

    /// Standard error over seeds and test images.
    #[must_use]
    pub fn se(&self) -> Option<f64> {
        self.error.map(|error| error.se)
    }

    /// 95% confidence interval of the mean, over seeds and test images.
    #[must_use]
    pub fn interval(&self) -> Option<Interval> {
        self.error.and_then(|error| error.interval(0.95))
    }
}

/// Part of the test images: from terms that are averaged over seeds, else from the mean standard error of the seeds.
fn part_of_images(estimator: &Estimator<'_>, summed: &FigureSummary) -> Option<Part> {
    let images = summed.images?;
    let of_terms = estimator.averaged(images).and_then(Spread::of).and_then(|terms| Part::of_mean(terms.sd?, terms.n));
    let degrees = (images as f64 - 1.0).max(1.0);
    of_terms.or_else(|| summed.se_test.map(|se| Part { variance: se * se, degrees }))
}
