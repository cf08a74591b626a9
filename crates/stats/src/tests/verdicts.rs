//! Verdicts of comparisons.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::*;

fn evidence(effect: f64, p: f64, lost: (f64, f64)) -> Evidence {
    Evidence { lower_is_better: true, effect, p_holm: Some(p), p_equivalent: None, lost }
}

const NONE: (f64, f64) = (0.0, 0.0);

#[test]
fn the_sign_and_the_direction_decide() {
    let low = evidence(-1.0, 0.01, NONE);
    assert_eq!(Verdict::of(&low), Verdict::Better);
    assert_eq!(Verdict::of(&Evidence { lower_is_better: false, ..low }), Verdict::Worse);
    assert_eq!(Verdict::of(&evidence(1.0, 0.01, NONE)), Verdict::Worse);
    assert_eq!(Verdict::of(&evidence(1.0, 0.3, NONE)), Verdict::Undecided);
    assert_eq!(Verdict::of(&Evidence { p_holm: Some(0.051), ..low }), Verdict::Undecided);
    assert_eq!(Verdict::of(&Evidence { p_holm: None, ..low }), Verdict::Undecided);
}

#[test]
fn a_variant_that_lost_a_larger_share_of_its_seeds_is_not_better() {
    // One seed of ten more is within the margin; one of eight is not.
    assert_eq!(Verdict::of(&evidence(-1.0, 0.01, (0.1, 0.0))), Verdict::Better);
    assert_eq!(Verdict::of(&evidence(-1.0, 0.01, (0.125, 0.0))), Verdict::Undecided);
    assert_eq!(Verdict::of(&evidence(-1.0, 0.01, (0.5, 0.5))), Verdict::Better);
    assert_eq!(Verdict::of(&evidence(1.0, 0.01, (0.5, 0.0))), Verdict::Worse);
    assert_eq!(Verdict::of(&evidence(1.0, 0.01, (0.0, 0.5))), Verdict::Undecided);
    let close = Evidence { p_equivalent: Some(0.01), ..evidence(0.5, 0.6, (0.5, 0.0)) };
    assert_eq!(Verdict::of(&close), Verdict::Undecided);
}

#[test]
fn a_difference_within_the_margin_does_not_matter() {
    let close = Evidence { p_equivalent: Some(0.04), ..evidence(-1.0, 0.01, NONE) };
    assert_eq!(Verdict::of(&close), Verdict::Equivalent);
    assert_eq!(Verdict::of(&Evidence { p_equivalent: Some(0.06), ..close }), Verdict::Better);
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn exchanged_sides_have_opposite_verdicts(
        effect in -1.0..1.0_f64, p in 0.0..0.2_f64, equivalent in prop::option::of(0.0..0.2_f64), lower: bool,
        lost in (0.0..1.0_f64, 0.0..1.0_f64),
    ) {
        let one = Evidence { lower_is_better: lower, p_equivalent: equivalent, ..evidence(effect, p, lost) };
        let other = Evidence { effect: -effect, lost: (lost.1, lost.0), ..one };
        let expected = match Verdict::of(&one) {
            Verdict::Better => Verdict::Worse,
            Verdict::Worse => Verdict::Better,
            same => same,
        };
        prop_assert_eq!(Verdict::of(&other), expected);
    }
}
