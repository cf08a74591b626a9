//! Comparison of one figure of two variants.

use protocol::{Compare, Control, Direction, is_rate};
use stats::{ALPHA, Difference, Evidence, Interval, Part, Tails, Verdict, fisher};

use super::error_parts::{SeedParts, is_one_observation};
use super::images::ImageTerms;
use super::interim::Analysis;
use super::needed::what_would_decide;
use super::permutation::Permutation;
use super::reason;
use super::sides::Sides;
use crate::summary::{Figure, FigureSummary, Spread, VariantSummary};

/// Comparison of a variant with a baseline in one figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Label of the variant.
    pub variant: String,
    /// Label of the baseline; that of the variant itself in a comparison with a control.
    pub baseline: String,
    /// The control that the figure is compared with; `None` in a comparison of two variants.
    pub control: Option<Control>,
    /// Section of the variant.
    pub section: Option<String>,
    /// Data set of both variants.
    pub data: String,
    /// The compared figure; `None` if one of the variants has no finished trial.
    pub figure: Option<Figure>,
    /// `true` if trials of equal seeds are paired.
    pub paired: bool,
    /// `true` if the tests are valid at any time, on differences seed by seed.
    pub any_time: bool,
    /// Numbers of seeds with a value, of the variant and of the baseline.
    pub seeds: (usize, usize),
    /// Numbers of seeds that ended without a value or with a collapsed model, of the variant and of the baseline.
    pub lost: (usize, usize),
    /// Number of seeds of both variants that have not run.
    pub not_run: usize,
    /// Number of seeds without a partner in a paired comparison.
    pub without_partner: usize,
    /// Mean of the variant minus mean of the baseline, in the unit of the figure.
    pub effect: Option<f64>,
    /// 95% confidence interval of the effect, over seeds and test images.
    pub interval: Option<Interval>,
    /// Part of the error that is due to the seeds of the variant, or to the pairs. `None` without spread over seeds.
    pub part_variant: Option<Part>,
    /// Part of the error that is due to the seeds of the baseline.
    pub part_baseline: Option<Part>,
    /// Part of the error that is due to the test images, or to the draws of a sample set.
    pub part_images: Option<Part>,
    /// Standard deviations over seeds of the variant and of the baseline; of the pairs and 0 if paired.
    pub sd: (f64, f64),
    /// `true` if the part of the images is computed from differences per image; `false` if it treats the images of the two
    /// variants as different ones.
    pub images_paired: bool,
    /// The effect with its standard error and degrees of freedom; `None` for rates and if there is no error.
    pub difference: Option<Difference>,
    /// Two-sided p-value before correction: of Welch's test, or of Fisher's for a rate; 1/e if valid at any time.
    pub p: Option<f64>,
    /// Both tails of the permutation test over seeds. No verdict depends on it.
    pub tails: Option<Tails>,
    /// Smallest p-value that the permutation test can reach with these seeds.
    pub reach: Option<f64>,
    /// Largest difference that does not matter.
    pub margin: Option<f64>,
    /// p-value of the equivalence test: a difference of the margin or more.
    pub p_margin: Option<f64>,
    /// Number of comparisons that share the correction.
    pub family: usize,
    /// Two-sided p-value, corrected for the family.
    pub p_holm: Option<f64>,
    /// `p_margin`, corrected for the family.
    pub p_equivalent: Option<f64>,
    /// Interim analysis of this comparison, if seeds are added until comparisons are decided.
    pub analysis: Option<Analysis>,
    /// Reason why nothing can be tested.
    pub obstacle: Option<String>,
    /// Remark on the error.
    pub remark: Option<String>,
    /// Verdict of the comparison.
    pub verdict: Verdict,
    /// Reason of the verdict, and remarks on the numbers.
    pub reason: String,
    /// Values for the permutation test.
    pub(super) permutation: Permutation,
}

impl Comparison {
    /// Standard error of the effect, over seeds and test images.
    #[must_use]
    pub fn se(&self) -> Option<f64> {
        self.difference.map(|difference| difference.se)
    }

    /// Standard error of the effect over the seeds of both sides.
    #[must_use]
    pub fn se_seeds(&self) -> Option<f64> {
        let parts = [self.part_variant, self.part_baseline];
        let known = parts.iter().flatten().map(|part| part.variance).sum::<f64>();
        parts.iter().any(Option::is_some).then(|| known.sqrt())
    }

    /// Standard error of the effect over test images.
    #[must_use]
    pub fn se_test(&self) -> Option<f64> {
        self.part_images.map(|part| part.variance.sqrt())
    }

    /// Seeds or test images that decide an undecided comparison, else the reason why it is undecided; `None` for a decided
    /// comparison.
    #[must_use]
    pub fn needed(&self) -> Option<String> {
        let undecided = || reason::undecided(self).trim_start_matches("undecided: ").to_owned();
        let is_open = self.verdict == Verdict::Undecided;
        is_open.then(|| match self.p_holm {
            Some(p) if p > ALPHA => what_would_decide(self).unwrap_or_else(undecided),
            _ if self.figure.is_none() => self.reason.clone(),
            _ => undecided(),
        })
    }

    /// Comparison in which one of the variants has no figure.
    pub(super) fn empty(variant: &VariantSummary, baseline: &VariantSummary, paired: bool) -> Self {
        Self {
            variant: variant.variant.clone(),
            baseline: baseline.variant.clone(),
            control: None,
            section: variant.section.clone(),
            data: variant.data.clone(),
            figure: None,
            paired,
            any_time: false,
            seeds: (0, 0),
            lost: (variant.failed(), baseline.failed()),
            not_run: variant.not_run() + baseline.not_run(),
            without_partner: 0,
            effect: None,
            interval: None,
            part_variant: None,
            part_baseline: None,
            part_images: None,
            sd: (0.0, 0.0),
            images_paired: false,
            difference: None,
            p: None,
            tails: None,
            reach: None,
            margin: None,
            p_margin: None,
            family: 0,
            p_holm: None,
            p_equivalent: None,
            analysis: None,
            obstacle: None,
            remark: None,
            verdict: Verdict::Undecided,
            reason: String::new(),
            permutation: Permutation::default(),
        }
    }

    /// Computes one comparison, without the correction for its family.
    pub(super) fn of(
        first: (&VariantSummary, &FigureSummary),
        second: (&VariantSummary, &FigureSummary),
        compare: &Compare,
        margin: Option<f64>,
        images: &ImageTerms,
    ) -> Self {
        Self::with_images(first, second, (compare, margin), images.part(first.1, second.1), None)
    }

    /// The same with the part of the error that is due to paired test images, and one that is due to further images.
    pub(super) fn with_images(
        first: (&VariantSummary, &FigureSummary),
        second: (&VariantSummary, &FigureSummary),
        (compare, margin): (&Compare, Option<f64>),
        of_images: Option<Part>,
        of_further_images: Option<Part>,
    ) -> Self {
        // The one observation of a closed-form model has no partner.
        let is_paired =
            compare.paired && !is_one_observation(first.0, first.1) && !is_one_observation(second.0, second.1);
        let sides = if is_paired { Sides::paired(first, second) } else { Sides::unpaired(first, second) };
        let seeds = sides.values();
        let mut row = Self {
            figure: Some(first.1.figure.clone()),
            any_time: compare.is_any_time(),
            seeds,
            lost: sides.lost(),
            not_run: sides.not_run,
            without_partner: sides.without_partner,
            effect: effect(&sides, is_paired),
            margin,
            permutation: Permutation::of(&sides, is_paired),
            ..Self::empty(first.0, second.0, is_paired)
        };
        if is_rate(&first.1.figure.name) {
            row.margin = None;
            if row.any_time {
                row.test_rates_at_any_time(&sides)
            } else {
                row.test_rates(&sides)
            }
            return row;
        }
        let parts = SeedParts::of(&sides, first, second, is_paired);
        row.images_paired = of_images.is_some();
        let images = [of_images.or_else(|| unpaired_images(first.1, second.1)), of_further_images];
        row.part_images = images
            .into_iter()
            .flatten()
            .reduce(|a, b| Part { variance: a.variance + b.variance, degrees: a.degrees.min(b.degrees) });
        (row.part_variant, row.part_baseline, row.sd) = (parts.variant, parts.baseline, parts.sd);
        (row.obstacle, row.remark) = (parts.obstacle, parts.remark);
        if row.any_time {
            let is_constant = |(variant, summed), sd| is_one_observation(variant, summed) && sd == 0.0;
            row.use_differences(&sides, (is_constant(first, row.sd.0), is_constant(second, row.sd.1)));
        }
        row.test();
        row
    }

    /// Welch's test, or one that is valid at any time, and the equivalence test from the parts of the error.
    fn test(&mut self) {
        let Some(effect) = self.effect.filter(|_| self.obstacle.is_none()) else { return };
        let parts: Vec<Part> =
            [self.part_variant, self.part_baseline, self.part_images].into_iter().flatten().collect();
        self.difference = Difference::cautious(effect, &parts);
        let Some(difference) = self.difference else {
            self.obstacle = Some("the error of the difference is unknown".to_owned());
            return;
        };
        let any_time = self.any_time.then(|| self.at_any_time(effect));
        self.interval = any_time.map_or_else(|| difference.interval(0.95), |test| test.interval(0.95));
        // No test before all seeds have run: a run must not be stopped at a convenient moment.
        if self.not_run == 0 {
            self.p = Some(any_time.map_or_else(|| difference.two_sided(), |test| test.two_sided()));
            let equivalent =
                |margin| any_time.map_or_else(|| difference.equivalent(margin), |test| test.equivalent(margin));
            self.p_margin = self.margin.map(equivalent);
        }
    }

    /// Fisher's test of two shares of seeds.
    fn test_rates(&mut self, sides: &Sides) {
        let count = |side: &[Option<f64>]| {
            let values = || side.iter().flatten();
            (values().filter(|value| **value > 0.5).count() as u64, values().count() as u64)
        };
        if self.not_run == 0 {
            self.p = fisher(count(&sides.first), count(&sides.second));
        }
    }

    /// Evidence for the verdict.
    pub(super) fn evidence(&self) -> Evidence {
        let share = |seeds: usize, lost: usize| lost as f64 / (seeds + lost).max(1) as f64;
        Evidence {
            lower_is_better: self.figure.as_ref().is_some_and(|figure| figure.direction == Direction::Lower),
            effect: self.effect.unwrap_or_default(),
            p_holm: self.p_holm,
            p_equivalent: self.p_equivalent,
            lost: (share(self.seeds.0, self.lost.0), share(self.seeds.1, self.lost.1)),
        }
    }
}

/// Difference of the means of the seeds that have a value; of complete pairs if paired.
fn effect(sides: &Sides, is_paired: bool) -> Option<f64> {
    let mean = |values: &[f64]| Spread::of(values).map(|spread| spread.mean);
    if is_paired {
        return mean(&sides.differences());
    }
    let of = |side: &[Option<f64>]| mean(&side.iter().copied().flatten().collect::<Vec<_>>());
    Some(of(&sides.first)? - of(&sides.second)?)
}

/// The part of the images from the standard errors of the two figures, as if their images were different ones.
fn unpaired_images(first: &FigureSummary, second: &FigureSummary) -> Option<Part> {
    let variance = first.se_test?.powi(2) + second.se_test?.powi(2);
    let degrees = first.images.min(second.images).map_or(f64::INFINITY, |n| (n as f64 - 1.0).max(1.0));
    (variance > 0.0).then_some(Part { variance, degrees })
}
