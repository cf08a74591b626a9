//! Properties of any table.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use protocol::Kind;
use stats::Verdict;

use super::super::{LikelihoodComparison, Scope};
use super::fixture::{Made, Models, bound, exact, gap, log_p};

/// Names of the variants.
const NAMES: [&str; 4] = ["a", "b", "c", "d"];

/// A model with its true log-likelihood and its estimators: exact, bounds, or a bound with a sufficient gap.
fn model() -> impl Strategy<Value = (f64, Vec<Made>)> {
    let images = prop::sample::select(vec![10_usize, 20, 40]);
    let halves = |range: std::ops::Range<i32>| range.prop_map(|half| f64::from(half) / 2.0);
    (0..3_u8, halves(-60..-20), halves(0..6), halves(0..4), images).prop_map(|(kind, truth, slack, more, images)| {
        let below = truth - slack;
        let figures = match kind {
            0 => vec![exact(images, truth)],
            1 => vec![bound("elbo", 40, below - more), bound("iwae_50", images, below)],
            _ => vec![bound("ais", images, below), gap("ais_gap", "ais", slack + more)],
        };
        (truth, figures)
    })
}

fn models(made: &[(f64, Vec<Made>)], is_reversed: bool) -> Models {
    let mut named: Vec<_> = NAMES.iter().zip(made).collect();
    if is_reversed {
        named.reverse();
    }
    named.into_iter().fold(Models::default(), |models, (name, (_, figures))| models.with(name, figures))
}

fn mirrored(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Better => Verdict::Worse,
        Verdict::Worse => Verdict::Better,
        same => same,
    }
}

fn key(one: &LikelihoodComparison) -> (Scope, String, String) {
    (one.scope.clone(), one.row.variant.clone(), one.row.baseline.clone())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    /// The noise is far below half a nat, the unit of all differences.
    #[test]
    fn no_verdict_on_log_p_is_against_the_truth(made in prop::collection::vec(model(), 2..5)) {
        let table = models(&made, false).table();
        let truth = |name: &str| made[NAMES.iter().position(|known| *known == name).unwrap()].0;
        for one in table.comparisons.iter().filter(|one| one.scope == Scope::LogP) {
            let difference = truth(&one.row.variant) - truth(&one.row.baseline);
            match one.row.verdict {
                Verdict::Better => prop_assert!(difference > 0.0, "{one:?}"),
                Verdict::Worse => prop_assert!(difference < 0.0, "{one:?}"),
                Verdict::Equivalent | Verdict::Undecided => {}
            }
        }
    }

    #[test]
    fn the_reversed_order_mirrors_the_verdicts(made in prop::collection::vec(model(), 2..5)) {
        let (forward, backward) = (models(&made, false).table(), models(&made, true).table());
        prop_assert_eq!(forward.comparisons.len(), backward.comparisons.len());
        for one in &forward.comparisons {
            let (scope, variant, baseline) = key(one);
            let other = backward.comparisons.iter().find(|other| key(other) == (scope.clone(), baseline.clone(), variant.clone()));
            let other = other.expect("the same pair");
            prop_assert_eq!(other.row.verdict, mirrored(one.row.verdict));
            let close = |a: Option<f64>, b: Option<f64>| a.zip(b).map_or(a == b, |(a, b)| (a - b).abs() < 1e-9);
            prop_assert!(close(one.row.effect, other.row.effect.map(|effect| -effect)), "{:?} {:?}", one, other);
            prop_assert!(close(one.row.p_holm, other.row.p_holm));
        }
    }

    #[test]
    fn a_lower_bound_below_an_exact_value_is_undecided_whatever_the_difference(
        below in 0.0..1e6_f64, images in 2..40_usize,
    ) {
        let models = Models::default().with("base", &[exact(40, -20.0)]).with("v", &[bound("elbo", images, -20.1 - below)]);
        let one = models.log_p("v", "base");
        prop_assert_eq!(one.row.verdict, Verdict::Undecided);
        prop_assert!(one.row.reason.contains("a lower bound below an exact value of the other variant decides nothing"), "{}", one.row.reason);
    }

    #[test]
    fn the_exact_value_of_a_model_is_the_value_of_its_row(truth in -1e3..1e3_f64, images in 2..40_usize) {
        let models = Models::default().with("v", &[exact(images, truth)]);
        let (table, nll) = (models.table(), models.variants[0].figures[0].spread.unwrap().mean);
        prop_assert!((table.rows[0].own.mean + nll).abs() < 1e-9);
        prop_assert_eq!(table.rows[0].kind, Kind::Exact);
        prop_assert_eq!(Some(&table.rows[0].own), table.rows[0].common.as_ref());
        let against_itself = Models::default().with("v", &[exact(images, truth)]).with("w", &[exact(images, truth)]);
        prop_assert_ne!(against_itself.log_p("w", "v").row.verdict, Verdict::Equivalent);
    }

    /// Images beyond those of the bound have no part in its comparison, whatever their values.
    #[test]
    fn a_bound_on_a_subset_is_compared_on_that_subset(images in 2..30_usize, by in -1e3..1e3_f64, mean in -25.0..-15.0_f64) {
        let made = || Models::default().with("base", &[exact(40, -20.0)]).with("v", &[bound("ais", images, mean)]);
        let (plain, mut shifted) = (made(), made());
        shifted.shift("base", "nll", images, by);
        let (a, b) = (plain.log_p("v", "base"), shifted.log_p("v", "base"));
        prop_assert_eq!(a.images, Some(images as u64));
        prop_assert_eq!((a.row.verdict, a.row.effect, a.row.difference), (b.row.verdict, b.row.effect, b.row.difference));
        prop_assert!((a.row.effect.unwrap() - (mean + 20.0)).abs() < 0.05, "hard images cancel: {:?}", a.row.effect);
        let (plain, shifted) = (plain.table(), shifted.table());
        prop_assert_eq!(&plain.rows[0].common, &shifted.rows[0].common);
        prop_assert_eq!(plain.images, Some(images as u64));
        prop_assert!(log_p(&plain, "base", "v").is_none());
    }
}
