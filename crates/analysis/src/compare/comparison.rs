//! One figure of one variant against that of another.

use super::interim::Analysis;
use super::side::Sides;
use crate::summary::{Figure, FigureSummary, Spread, VariantSummary};
use protocol::Direction;
use stats::{
    Bootstrap, Interval, Tails, Verdict, equivalent_paired, equivalent_unpaired, paired, ranked, ranked_pairs,
    reach_paired, reach_unpaired, unpaired,
};

/// The seed of everything drawn at random: the same figures give the same table.
const SEED: u64 = 0;

/// What the seeds say of a variant against another, in one figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The variant's label.
    pub variant: String,
    /// The label of what it is held against.
    pub baseline: String,
    /// The variant's section.
    pub section: Option<String>,
    /// The data set of both.
    pub data: String,
    /// What is compared; `None` if one of them has no trial that is done.
    pub figure: Option<Figure>,
    /// Trials of equal seed are pairs.
    pub paired: bool,
    /// Seeds with a value, of the variant and of the other.
    pub seeds: (usize, usize),
    /// Seeds that are over and have no value, of the two.
    pub lost: (usize, usize),
    /// Seeds of the two that have not run.
    pub not_run: usize,
    /// Seeds without a partner, if pairs meet.
    pub alone: usize,
    /// The mean of the variant's values less that of the other's, in the figure's unit.
    pub effect: Option<f64>,
    /// The effect's 95% interval over seeds, by stratified bootstrap.
    pub interval: Option<Interval>,
    /// The effect's standard error over seeds.
    pub se_seeds: Option<f64>,
    /// The effect's standard error over test images.
    pub se_test: Option<f64>,
    /// Whether that is of differences on the same images; else it takes them for different ones.
    pub images_paired: bool,
    /// Both tails of the permutation test.
    pub tails: Option<Tails>,
    /// The smallest p-value that the seeds can reach.
    pub reach: Option<f64>,
    /// The difference that does not matter.
    pub margin: Option<f64>,
    /// The p-value of a difference of the margin or more.
    pub p_margin: Option<f64>,
    /// How many comparisons share the correction.
    pub family: usize,
    /// The two-sided p-value, corrected for the family.
    pub p_holm: Option<f64>,
    /// The smallest corrected p-value that the seeds of the family can reach.
    pub reach_holm: Option<f64>,
    /// `p_margin`, corrected for the family.
    pub p_equivalent: Option<f64>,
    /// The interim analysis that it is based on, if seeds are added until comparisons are decided.
    pub analysis: Option<Analysis>,
    /// What it comes to.
    pub verdict: Verdict,
    /// Why, and what must be known of the numbers.
    pub reason: String,
}

impl Comparison {
    /// The two-sided p-value before correction.
    #[must_use]
    pub fn p(&self) -> Option<f64> {
        self.tails.map(|tails| tails.two_sided())
    }

    /// Two variants of which one has nothing to compare.
    pub(super) fn empty(variant: &VariantSummary, baseline: &VariantSummary, paired: bool) -> Self {
        Self {
            variant: variant.variant.clone(),
            baseline: baseline.variant.clone(),
            section: variant.section.clone(),
            data: variant.data.clone(),
            figure: None,
            paired,
            seeds: (0, 0),
            lost: (variant.failed(), baseline.failed()),
            not_run: variant.not_run() + baseline.not_run(),
            alone: 0,
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

    /// What one comparison says for itself; its family is not known yet.
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
        // Stopping on a good day must not count: nothing is tested before all have run.
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
            alone: sides.alone,
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

/// The effect over the seeds that have a value.
struct Estimated {
    effect: Option<f64>,
    interval: Option<Interval>,
    se: Option<f64>,
    /// Both samples, if no seed is lost.
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
        let survivors = |side: &[Option<f64>]| side.iter().copied().flatten().collect::<Vec<f64>>();
        let (a, b) = (survivors(&sides.first), survivors(&sides.second));
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
