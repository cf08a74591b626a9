//! Calibration of a bound with a gap, such as `ais`: the gap next to the distances of the variant's other values from the bound.

use protocol::Kind;
use stats::{Difference, Interval, Part};

use super::super::images::paired_part;
use super::estimator::Estimator;
use crate::summary::{Figure, FigureSummary, Spread};

/// A bound of one variant with its gap, and the distances of the other estimators of the same variant, in nats per image.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// Label of the variant.
    pub variant: String,
    /// The bound as a log-likelihood.
    pub figure: Figure,
    /// Its mean on all its test images.
    pub bound: f64,
    /// Number of its test images.
    pub images: Option<u64>,
    /// Upper minus lower bound on images drawn from the model: mean over seeds.
    pub gap: f64,
    /// 95% interval of the gap over seeds and these images; `None` if an error is unknown.
    pub gap_interval: Option<Interval>,
    /// The other estimators of the variant, in the order in which they were measured.
    pub others: Vec<Distance>,
}

/// An estimator minus the bound, on the first test images, which both took.
#[derive(Clone, Debug, PartialEq)]
pub struct Distance {
    /// The other figure as a log-likelihood.
    pub figure: Figure,
    /// Relation of the other figure to the log-likelihood.
    pub kind: Kind,
    /// Number of images.
    pub images: Option<u64>,
    /// Mean difference over seeds and images.
    pub mean: f64,
    /// Its 95% interval over seeds and test images, from differences per image; `None` if an error is unknown.
    pub interval: Option<Interval>,
}

/// Position of an exact value relative to the bracket from the bound to the bound plus its gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BracketPosition {
    /// Its interval meets the bracket.
    Within,
    /// Its interval is wholly above the bracket: the gap on test images is larger than on images drawn from the model.
    Above,
    /// Its interval is wholly below the bound, which is then no lower bound.
    Below,
}

impl Calibration {
    /// Calibrations of a variant with these estimators: one per bound with a gap.
    pub(super) fn all(estimators: &[Estimator<'_>]) -> Vec<Self> {
        estimators.iter().filter_map(|bound| Self::of(bound, estimators)).collect()
    }

    fn of(bound: &Estimator<'_>, estimators: &[Estimator<'_>]) -> Option<Self> {
        let gap = bound.gap.filter(|_| bound.kind() == Kind::LowerBound)?;
        let others = estimators.iter().filter(|other| !std::ptr::eq(*other, bound));
        Some(Self {
            variant: bound.variant.variant.clone(),
            figure: bound.summed.figure.clone(),
            bound: bound.summed.spread?.mean,
            images: bound.summed.images,
            gap: gap.spread?.mean,
            gap_interval: interval(gap, gap.se_test.and_then(|se| part_of_images(se, gap.images))),
            others: others.filter_map(|other| Distance::of(other, bound)).collect(),
        })
    }

    /// Position of an exact value of [`Self::others`]; `None` for another kind and without an interval.
    #[must_use]
    pub fn position(&self, exact: &Distance) -> Option<BracketPosition> {
        let interval = exact.interval.filter(|_| exact.kind == Kind::Exact)?;
        Some(match () {
            () if interval.low > self.gap_interval.map_or(self.gap, |gap| gap.high) => BracketPosition::Above,
            () if interval.high < 0.0 => BracketPosition::Below,
            () => BracketPosition::Within,
        })
    }
}

impl Distance {
    /// `None` if the two took different images and one kept no terms per image, or if they have other seeds.
    fn of(other: &Estimator<'_>, bound: &Estimator<'_>) -> Option<Self> {
        let images = match (other.summed.images, bound.summed.images) {
            (Some(ours), Some(theirs)) => Some(ours.min(theirs)),
            (None, None) => None,
            _ => return None,
        };
        let on = |one: &Estimator<'_>| images.map_or_else(|| Some(one.summed.clone()), |images| one.on(images));
        let (ours, theirs) = (on(other)?, on(bound)?);
        if ours.trials != theirs.trials {
            return None;
        }
        let values: Vec<f64> = ours.values.iter().zip(&theirs.values).map(|(ours, theirs)| ours - theirs).collect();
        let difference = FigureSummary { spread: Spread::of(&values), values, ..ours };
        let of_images = images.and_then(|n| paired_part(other.averaged(n)?, bound.averaged(n)?));
        Some(Self {
            figure: other.summed.figure.clone(),
            kind: other.kind(),
            images,
            mean: difference.spread?.mean,
            interval: interval(&difference, of_images),
        })
    }
}

/// 95% interval of a mean over seeds and images. One seed has no interval.
fn interval(summed: &FigureSummary, of_images: Option<Part>) -> Option<Interval> {
    let spread = summed.spread?;
    let of_seeds = Part::of_mean(spread.sd?, spread.n)?;
    Difference::cautious(spread.mean, &[of_seeds, of_images?])?.interval(0.95)
}

fn part_of_images(se: f64, images: Option<u64>) -> Option<Part> {
    let degrees = images.map_or(f64::INFINITY, |n| (n as f64 - 1.0).max(1.0));
    (se > 0.0).then_some(Part { variance: se * se, degrees })
}
