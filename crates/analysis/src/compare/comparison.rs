//! Comparison of one figure of two variants.

use protocol::{Control, Direction};
use stats::{
    Bootstrap, Interval, Tails, Verdict, equivalent_paired, equivalent_unpaired, paired, ranked, ranked_pairs,
    reach_paired, reach_unpaired, unpaired,
};

use super::interim::Analysis;
use super::sides::Sides;
use crate::summary::{Figure, FigureSummary, Spread, VariantSummary};

/// Seed of all random draws, so that equal figures give equal tables.
const SEED: u64 = 0;

/// Comparison of a variant with a baseline in one figure, over their seeds.
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
    /// Numbers of seeds with a value, of the variant and of the baseline.
    pub seeds: (usize, usize),
    /// Numbers of seeds that ended without a value, of the variant and of the baseline.
    pub lost: (usize, usize),
    /// Number of seeds of both variants that have not run.
    pub not_run: usize,
    /// Number of seeds without a partner in a paired comparison.
    pub without_partner: usize,
    /// Mean of the variant minus mean of the baseline, in the unit of the figure.
    pub effect: Option<f64>,
    /// 95% confidence interval of the effect over seeds, by stratified bootstrap.
    pub interval: Option<Interval>,
    /// Standard error of the effect over seeds.
    pub se_seeds: Option<f64>,
    /// Standard error of the effect over test images.
    pub se_test: Option<f64>,
    /// `true` if `se_test` is computed from differences per image; `false` if it treats the images of the two variants
    /// as different ones.
    pub images_paired: bool,
    /// Both tails of the permutation test.
    pub tails: Option<Tails>,
    /// Smallest p-value that the seeds can reach.
    pub reach: Option<f64>,
    /// Largest difference that does not matter.
    pub margin: Option<f64>,
    /// p-value of the equivalence test: a difference of the margin or more.
    pub p_margin: Option<f64>,
    /// Number of comparisons that share the correction.
    pub family: usize,
    /// Two-sided p-value, corrected for the family.
    pub p_holm: Option<f64>,
    /// Smallest corrected p-value that the seeds of the family can reach.
    pub reach_holm: Option<f64>,
    /// `p_margin`, corrected for the family.
    pub p_equivalent: Option<f64>,
    /// Interim analysis of this comparison, if seeds are added until comparisons are decided.
    pub analysis: Option<Analysis>,
    /// Verdict of the comparison.
    pub verdict: Verdict,
    /// Reason of the verdict, and remarks on the numbers.
    pub reason: String,
}

impl Comparison {
    /// Two-sided p-value before correction.
    #[must_use]
    pub fn p(&self) -> Option<f64> {
        self.tails.map(|tails| tails.two_sided())
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
            seeds: (0, 0),
            lost: (variant.failed(), baseline.failed()),
            not_run: variant.not_run() + baseline.not_run(),
            without_partner: 0,
            effect: None,
            interval: None,
            se_seeds: None,
            se_test: None,
            images_paired: false,
            tails: None,
            reach: None,
            margin: None,
            p_margin: None,
            family: 0,
            p_holm: None,
            reach_holm: None,
            p_equivalent: None,
            analysis: None,
            verdict: Verdict::Undecided,
            reason: String::new(),
        }
    }

    /// Computes one comparison, without the correction for its family.
    pub(super) fn of(
        first: (&VariantSummary, &FigureSummary),
        second: (&VariantSummary, &FigureSummary),
        is_paired: bool,
        margin: Option<f64>,
    ) -> Self {
        let sides = if is_paired { Sides::paired(first, second) } else { Sides::unpaired(first, second) };
        let lower = first.1.figure.direction == Direction::Lower;
        let lost = sides.lost();
        let estimated = Estimated::of(&sides, is_paired);
        let equivalence = margin.filter(|_| lost == (0, 0));
        let (mut tails, mut p_margin) = (None, None);
        // No test before all seeds have run: a run must not be stopped at a convenient moment.
        if sides.not_run == 0 && is_paired {
            let pairs: Vec<_> = sides.first.iter().copied().zip(sides.second.iter().copied()).collect();
            let pairs = ranked_pairs(&pairs, lower);
            tails = paired(&pairs, SEED);
            p_margin = equivalence.and_then(|margin| equivalent_paired(&pairs, margin, SEED));
        } else if sides.not_run == 0 {
            let ranks = || ranked(&sides.first, &sides.second, lower);
            let (a, b) = estimated.whole.clone().unwrap_or_else(ranks);
            tails = unpaired(&a, &b, SEED);
            p_margin = equivalence.and_then(|margin| equivalent_unpaired(&a, &b, margin, SEED));
        }
        let (a, b) = sides.planned;
        let reach = if is_paired { reach_paired(a) } else { reach_unpaired(a, b) };
        let squared = |summed: &FigureSummary| summed.se_test.map(|se| se * se);
        let se_test = squared(first.1).zip(squared(second.1)).map(|(a, b)| (a + b).sqrt());
        Self {
            figure: Some(first.1.figure.clone()),
            seeds: (sides.first.len() - lost.0, sides.second.len() - lost.1),
            lost,
            not_run: sides.not_run,
            without_partner: sides.without_partner,
            effect: estimated.effect,
            interval: estimated.interval,
            se_seeds: estimated.se,
            se_test,
            tails,
            reach,
            margin,
            p_margin,
            ..Self::empty(first.0, second.0, is_paired)
        }
    }
}

/// Effect over the seeds that have a value.
struct Estimated {
    effect: Option<f64>,
    interval: Option<Interval>,
    se: Option<f64>,
    /// Values of both sides; `None` if a seed is lost.
    whole: Option<(Vec<f64>, Vec<f64>)>,
}

impl Estimated {
    fn of(sides: &Sides, is_paired: bool) -> Self {
        let bootstrap = Bootstrap { seed: SEED, ..Bootstrap::default() };
        if is_paired {
            let both = sides.first.iter().zip(&sides.second);
            let differences: Vec<f64> = both.filter_map(|(a, b)| Some((*a)? - (*b)?)).collect();
            let spread = Spread::of(&differences);
            let interval = bootstrap.interval_of_each(&[&differences], mean, |means| means[0]);
            return Self {
                effect: spread.map(|spread| spread.mean),
                interval,
                se: spread.and_then(|spread| Some(spread.sd? / (spread.n as f64).sqrt())),
                whole: None,
            };
        }
        let values = |side: &[Option<f64>]| side.iter().copied().flatten().collect::<Vec<f64>>();
        let (a, b) = (values(&sides.first), values(&sides.second));
        let spreads = Spread::of(&a).zip(Spread::of(&b));
        let variance = |spread: Spread| spread.sd.map(|sd| sd * sd / spread.n as f64);
        let interval = bootstrap.interval_of_each(&[&a, &b], mean, |means| means[0] - means[1]);
        Self {
            effect: spreads.map(|(a, b)| a.mean - b.mean),
            interval,
            se: spreads.and_then(|(a, b)| Some((variance(a)? + variance(b)?).sqrt())),
            whole: (sides.lost() == (0, 0)).then_some((a, b)),
        }
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
