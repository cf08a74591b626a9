//! Analyses after every seed: verdicts, the family, lost seeds, sides without spread, and rates.

use protocol::{Compare, Direction, InterimAnalyses};
use stats::{AnyTime, Part, Verdict, discordant_pairs};

use super::tests::S::{self, Lost, V};
use super::tests::{compared, summed, variant};
use super::*;
use crate::summary::{Spread, Summary, VariantSummary};

fn any_time(cap: usize) -> Compare {
    let interim = Some(InterimAnalyses { at: (3..=cap).collect(), by: Vec::new(), any_time: true });
    Compare { interim, ..Compare::default() }
}

/// Values near `mean`; two sides with different factors have differences that vary.
fn near(mean: f64, factor: f64, count: usize) -> Vec<S> {
    (0..count).map(|seed| V(mean + factor * (seed as f64 * 2.3).sin())).collect()
}

fn without_images(name: &str, seeds: &[S]) -> VariantSummary {
    let mut variant = variant(name, seeds);
    variant.figures[0].se_test = None;
    variant
}

fn one(seeds: &[S], baseline: &[S], compare: &Compare) -> Comparison {
    compared(vec![without_images("base", baseline), without_images("v", seeds)], compare).rows.remove(0)
}

fn called_for(variants: Vec<VariantSummary>, compare: &Compare) -> Vec<(String, usize)> {
    let summary = Summary { grid: "g".into(), about: String::new(), variants };
    seeds_needed(&summary, compare, &ImageTerms::none()).into_iter().collect()
}

#[test]
fn a_clear_difference_is_decided_at_the_first_analyses_and_stays_decided() {
    let row = one(&near(10.0, 0.1, 8), &near(90.0, 0.3, 8), &any_time(32));
    let at = row.analysis.unwrap();
    assert_eq!((row.verdict, at.number, at.of, at.seeds, row.seeds), (Verdict::Better, 1, 30, 3, (3, 3)));
    assert_eq!(row.reason, "analysis at 3 seeds: p is valid at any time");
    let differences: Vec<f64> = (0..3).map(|seed| -80.0 - 0.2 * (f64::from(seed) * 2.3).sin()).collect();
    let spread = Spread::of(&differences).unwrap();
    let test = AnyTime { effect: spread.mean, observations: Part::of_mean(spread.sd.unwrap(), 3), shared: None };
    assert!((row.p.unwrap() / test.two_sided() - 1.0).abs() < 1e-9 && row.p == row.p_holm);
    assert!((row.effect.unwrap() - spread.mean).abs() < 1e-12 && row.interval.unwrap().high < -70.0);
}

#[test]
fn open_comparisons_get_one_seed_more_up_to_the_cap() {
    let alike =
        |count| vec![without_images("base", &near(90.0, 1.0, count)), without_images("v", &near(90.0, 2.0, count))];
    for count in 3..6 {
        let next = count + 1;
        assert_eq!(called_for(alike(count), &any_time(6)), [("base".to_owned(), next), ("v".to_owned(), next)]);
    }
    assert!(called_for(alike(6), &any_time(6)).is_empty());
    let reason = compared(alike(6), &any_time(6)).rows.remove(0).reason;
    assert!(
        reason.starts_with("undecided: corrected p = 1; more than 1000 seeds") || reason.contains("would decide it"),
        "{reason}"
    );
}

#[test]
fn decided_comparisons_keep_their_place_in_the_correction() {
    let seeds = |count| {
        let far = without_images("far", &near(10.0, 0.1, 4));
        vec![without_images("base", &near(90.0, 0.3, count)), far, without_images("v", &near(90.2, 1.0, count))]
    };
    let rows = compared(seeds(9), &any_time(32)).rows;
    assert_eq!((rows[0].verdict, rows[0].analysis.unwrap().seeds), (Verdict::Better, 3));
    assert_eq!((rows[1].verdict, rows[1].analysis.unwrap().seeds, rows[1].family), (Verdict::Undecided, 9, 2));
    // The decided one has the smallest p, so that Holm's factor of the other one is 1.
    assert_eq!(rows[1].p, rows[1].p_holm);
    assert_eq!(compared(seeds(4), &any_time(32)).rows[0], rows[0], "whatever was run since");
}

#[test]
fn equivalence_is_a_verdict() {
    let compare = Compare { margin: [("nll".to_owned(), 9.0)].into(), ..any_time(32) };
    let row = one(&near(90.0, 0.1, 8), &near(90.1, 0.3, 8), &compare);
    assert_eq!(row.verdict, Verdict::Equivalent, "{}", row.reason);
    assert!(row.interval.unwrap().low > -9.0 && row.interval.unwrap().high < 9.0);
}

#[test]
fn values_are_paired_in_the_order_of_their_seeds_and_lost_seeds_left_out() {
    let lost = [vec![Lost], near(90.0, 1.0, 5)].concat();
    let row = one(&lost, &near(90.0, 2.0, 6), &any_time(6));
    assert_eq!((row.seeds, row.lost, row.without_partner), ((5, 6), (1, 0), 1));
    assert!((row.effect.unwrap() - (0..5).map(|at| -(f64::from(at) * 2.3).sin() / 5.0).sum::<f64>()).abs() < 1e-9);
    let paired = Compare { paired: true, ..any_time(6) };
    assert_eq!(one(&lost, &near(90.0, 2.0, 6), &paired).part_variant.unwrap().degrees, 4.0);
    // A variant is not better by the loss of its seeds.
    let survivors = [near(90.0, 0.3, 7), vec![Lost]].concat();
    let row = one(&[vec![Lost], near(10.0, 0.1, 7)].concat(), &near(90.0, 0.3, 8), &any_time(8));
    assert_eq!(row.verdict, Verdict::Undecided, "{}", row.reason);
    assert_eq!(one(&near(10.0, 0.1, 8), &survivors, &any_time(8)).verdict, Verdict::Better);
}

#[test]
fn sides_without_spread_follow_the_rules_of_the_fixed_analysis() {
    let flat = vec![V(90.0); 6];
    let row = one(&near(90.0, 1.0, 6), &flat, &any_time(6));
    assert!(row.reason.contains("the spread of v is used for both"), "{}", row.reason);
    let mut closed = without_images("base", &flat);
    closed.closed_form = true;
    let exact = compared(vec![closed, without_images("v", &near(90.0, 1.0, 6))], &any_time(6)).rows.remove(0);
    assert!(exact.remark.is_none() && exact.effect == row.effect && exact.part_baseline.is_none());
    let variance = |row: &Comparison| row.part_variant.unwrap().variance;
    assert!((variance(&row) / variance(&exact) - 2.0).abs() < 1e-12);
    assert!((exact.interval.unwrap().low - row.interval.unwrap().low) > 0.0, "an error of one side is smaller");
    let none = one(&[V(80.0); 6], &flat, &any_time(6));
    assert!(none.p.is_none() && none.reason.contains("no evidence of how seeds vary"), "{}", none.reason);
    let parallel = one(&near(80.0, 1.0, 6), &near(90.0, 1.0, 6), &any_time(6));
    let reason = "undecided: all differences between seeds are equal, which is no evidence of how seeds vary";
    assert_eq!((parallel.p, parallel.reason.as_str()), (None, reason));
}

#[test]
fn rates_are_tested_by_pairs_that_differ() {
    let of = |name: &str, ones: usize| {
        let all: Vec<S> = (0..8).map(|seed| V(f64::from(u8::from(seed < ones)))).collect();
        VariantSummary { figures: vec![summed("collapsed", Direction::Lower, &all, name)], ..variant(name, &all) }
    };
    let row = |ours, theirs| compared(vec![of("base", theirs), of("v", ours)], &any_time(8)).rows.remove(0);
    let clear = row(0, 8);
    assert_eq!((clear.verdict, clear.analysis.unwrap().seeds), (Verdict::Better, 7));
    assert_eq!((clear.p, clear.margin), (Some(discordant_pairs(0, 7)), None));
    assert!(clear.reason.ends_with("a share of the seeds: p is from pairs of seeds that differ"), "{}", clear.reason);
    assert_eq!(row(3, 3).verdict, Verdict::Undecided);
}
