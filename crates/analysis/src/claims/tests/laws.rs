//! Laws of claims: opposites, order, and the rate of false outcomes.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use protocol::{Relation, Statement};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::*;
use crate::claims::ClaimOutcome::{Refuted, Supported, Undecided};

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    /// The opposite of a claim has the opposite outcome, whether it is written with `not` or with another relation.
    #[test]
    fn opposites_have_opposite_outcomes(
        a in prop::collection::vec(-2.0..2.0_f64, 2..6), b in prop::collection::vec(-2.0..2.0_f64, 2..6), margin in -3.0..3.0_f64
    ) {
        let made = Made::new().nll("a", &a).nll("b", &b);
        let with = |relation| compare(plus(figure("a", "nll"), number(margin)), relation, figure("b", "nll"));
        let outcome = |statement| made.outcome(statement).0;
        let less = outcome(with(Relation::Less));
        prop_assert_eq!(outcome(Statement::Not(Box::new(with(Relation::Less)))), less.opposite());
        prop_assert_eq!(outcome(with(Relation::AtLeast)), less.opposite());
        let mirrored = compare(figure("b", "nll"), Relation::Greater, plus(figure("a", "nll"), number(margin)));
        prop_assert_eq!(outcome(mirrored), less);
        // A claim that is supported with a margin is supported with a smaller one.
        let easier = compare(plus(figure("a", "nll"), number(margin - 1.0)), Relation::Less, figure("b", "nll"));
        prop_assert!(less != Supported || outcome(easier) == Supported);
        // The parts of a sum may come in any order.
        let swapped = compare(plus(number(margin), figure("a", "nll")), Relation::Less, figure("b", "nll"));
        prop_assert_eq!(outcome(swapped), less);
    }

    /// With as many seeds and as much spread as the advice states, the claim is decided.
    #[test]
    fn advice_is_sufficient(events in 0..4_usize, seeds in 4..12_usize, threshold in 0.05..0.95_f64) {
        let of = |events: usize, seeds: usize| {
            let seeds = (0..seeds).map(|seed| Some(vec![flag("collapsed", seed < events)])).collect();
            Made::new().variant("gan", seeds)
        };
        let claim = || less(rate("gan", "collapsed"), number(threshold));
        let (outcome, needs) = of(events, seeds).outcome(claim());
        prop_assert_eq!(outcome == Undecided, !needs.is_empty());
        let wanted = needs.split(' ').find_map(|word| word.parse::<usize>().ok());
        if let Some(wanted) = wanted.filter(|_| outcome == Undecided) {
            let scaled = (events as f64 / seeds as f64 * wanted as f64).round() as usize;
            prop_assert!(of(scaled, wanted).outcome(claim()).0 != Undecided, "{}", needs);
        }
    }
}

/// Two standard normal numbers.
fn normal(noise: &mut ChaCha8Rng) -> f64 {
    let (u, v): (f64, f64) = (noise.random(), noise.random());
    (-2.0 * (1.0 - u).ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

/// Share of false outcomes of claims at their limits, in 600 runs each. A share of 0.05 has a standard error of 0.009.
#[test]
fn false_outcomes_have_at_most_the_stated_rate() {
    let mut noise = ChaCha8Rng::seed_from_u64(7);
    let runs = 600;
    let (a, b) = (|| figure("a", "nll"), || figure("b", "nll"));
    for (seeds, spread) in [(3, 1.0), (3, 0.1), (6, 3.0)] {
        let mut wrong = [0_u32; 4];
        for _ in 0..runs {
            // Both means are 0, up to the error over test images.
            let mut side = |spread: f64| {
                let image = normal(&mut noise) * 0.3;
                let mut seed = || Some(vec![nll(normal(&mut noise) * spread + image).with_se(0.3)]);
                (0..seeds).map(|_| seed()).collect::<Vec<_>>()
            };
            let made = Made::new().variant("a", side(1.0)).variant("b", side(spread));
            let claims = [
                (less(a(), b()), Supported),
                (compare(a(), Relation::AtMost, b()), Refuted),
                (Statement::Or(vec![less(a(), b()), less(b(), a())]), Supported),
                (compare(a(), Relation::Equals, b()), Refuted),
            ];
            let (statements, false_outcomes): (Vec<_>, Vec<_>) = claims.into_iter().unzip();
            let found = made.judged_all(statements);
            for (at, (result, is_wrong)) in found.iter().zip(false_outcomes).enumerate() {
                wrong[at] += u32::from(result.outcome == is_wrong);
            }
        }
        let shares = wrong.map(|count| f64::from(count) / f64::from(runs));
        assert!(shares.iter().all(|share| *share <= 0.05 + 3.0 * 0.009), "{seeds} seeds, spread {spread}: {shares:?}");
        assert!(shares.iter().all(|share| *share >= 0.005), "a test that never decides: {shares:?}");
    }
}
