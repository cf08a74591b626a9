//! Verdicts of comparisons.

use crate::*;

fn evidence(less: f64, greater: f64, lost: (usize, usize)) -> Evidence {
    let tails = Tails { less, greater, exact: true };
    Evidence { lower_is_better: true, tails: Some(tails), p_holm: tails.two_sided(), p_equivalent: None, lost }
}

#[test]
fn the_tail_and_the_direction_decide() {
    let low = evidence(0.01, 1.0, (0, 0));
    assert_eq!(Verdict::of(&low), Verdict::Better);
    assert_eq!(Verdict::of(&Evidence { lower_is_better: false, ..low }), Verdict::Worse);
    assert_eq!(Verdict::of(&evidence(1.0, 0.01, (0, 0))), Verdict::Worse);
    assert_eq!(Verdict::of(&evidence(0.3, 0.8, (0, 0))), Verdict::Undecided);
    assert_eq!(Verdict::of(&Evidence { p_holm: 0.051, ..low }), Verdict::Undecided);
    assert_eq!(Verdict::of(&Evidence { tails: None, ..low }), Verdict::Undecided);
}

#[test]
fn a_variant_with_a_lost_seed_can_be_worse_but_not_better() {
    assert_eq!(Verdict::of(&evidence(0.01, 1.0, (1, 0))), Verdict::Undecided);
    assert_eq!(Verdict::of(&evidence(0.01, 1.0, (0, 1))), Verdict::Better);
    assert_eq!(Verdict::of(&evidence(1.0, 0.01, (1, 0))), Verdict::Worse);
    assert_eq!(Verdict::of(&evidence(1.0, 0.01, (0, 1))), Verdict::Undecided);
    let close = Evidence { p_equivalent: Some(0.01), ..evidence(0.5, 0.6, (1, 0)) };
    assert_eq!(Verdict::of(&close), Verdict::Undecided);
}

#[test]
fn a_difference_within_the_margin_does_not_matter() {
    let close = Evidence { p_equivalent: Some(0.04), ..evidence(0.01, 1.0, (0, 0)) };
    assert_eq!(Verdict::of(&close), Verdict::Equivalent);
    assert_eq!(Verdict::of(&Evidence { p_equivalent: Some(0.06), ..close }), Verdict::Better);
}

#[test]
fn three_seeds_cannot_decide_and_a_lost_seed_prevents_better() {
    let (good, bad) = ([1.0, 1.1, 1.2], [2.0, 2.1, 2.2]);
    assert_eq!(unpaired(&good, &bad, 0).unwrap().two_sided(), 0.1);
    // Two samples of three seeds can just show equivalence, and only without correction.
    assert_eq!(equivalent_unpaired(&good, &good, 0.5, 0), Some(0.05));
    // Five values of six seeds are better than six; with the rank of the lost seed they are not.
    let survivors: Vec<_> = [1.0, 1.1, 1.2, 1.3, 1.4].map(Some).into_iter().chain([None]).collect();
    let others = [2.0, 2.1, 2.2, 2.3, 2.4, 2.5].map(Some);
    let (a, b) = ranked(&survivors, &others, true);
    let with_lost = unpaired(&a, &b, 0).unwrap().two_sided();
    let without = unpaired(&[1.0, 1.1, 1.2, 1.3, 1.4], &[2.0, 2.1, 2.2, 2.3, 2.4, 2.5], 0).unwrap().two_sided();
    assert!(without < 0.05 && with_lost > 0.05, "{without} {with_lost}");
}

#[test]
fn lost_pairs_differ_most() {
    let pairs = [(Some(1.0), Some(3.0)), (None, Some(2.0)), (None, None), (Some(5.0), Some(4.0))];
    let of = |pairs, lower| ranked_pairs(pairs, lower).iter().map(|(a, b)| a - b).collect::<Vec<_>>();
    assert_eq!(of(&pairs, true), [-3.0, 4.0, 0.0, 2.0]);
    assert_eq!(of(&pairs, false), [-3.0, -4.0, 0.0, 2.0]);
    assert_eq!(ranked_pairs(&pairs[..1], true), [(1.0, 3.0)]);
}
