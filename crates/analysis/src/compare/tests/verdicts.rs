//! Verdicts on two variants, and their reasons.

use protocol::Compare;
use stats::Verdict;

use super::S::{self, Lost, NotRun, V};
use super::{compared, margin, one, values, variant};
use crate::summary::VariantSummary;

#[test]
fn clear_differences_are_found_in_both_directions() {
    let row = one(&values(80.0, 5), &values(90.0, 5), &Compare::default());
    assert_eq!((row.verdict, row.reason.as_str(), row.reach), (Verdict::Better, "", Some(2.0 / 252.0)));
    assert!((row.effect.unwrap() + 10.0).abs() < 1e-12);
    // The variance of five values a hundredth apart is 2.5e-4; each side has an error of 0.3 over images.
    assert!((row.se_seeds().unwrap() - (2.0 * 2.5e-4 / 5.0_f64).sqrt()).abs() < 1e-12);
    assert!((row.se_test().unwrap() - 0.18_f64.sqrt()).abs() < 1e-12);
    assert!((row.se().unwrap() - (0.18 + 1e-4_f64).sqrt()).abs() < 1e-12);
    let interval = row.interval.unwrap();
    assert!(interval.low < -10.83 && -10.84 < interval.low && -9.17 < interval.high && interval.high < -9.16);
    assert_eq!(one(&values(90.0, 5), &values(80.0, 5), &Compare::default()).verdict, Verdict::Worse);
    let near = one(&values(90.5, 5), &values(90.0, 5), &Compare::default());
    assert_eq!(near.verdict, Verdict::Undecided, "within the error over test images");
    assert!(near.reason.contains("the error over test images dominates: more than "), "{}", near.reason);
}

#[test]
fn a_reason_states_what_would_decide() {
    let row = one(&values(80.0, 3), &values(90.0, 3), &Compare::default());
    assert_eq!(row.verdict, Verdict::Better, "three seeds suffice for a clear difference");
    let row = one(&values(80.0, 1), &values(90.0, 1), &Compare::default());
    assert_eq!((row.interval, row.se(), row.p), (None, None, None));
    assert_eq!(row.reason, "undecided: one seed of v shows no spread");
    let paired = Compare { paired: true, ..Compare::default() };
    let row = one(&values(80.0, 5), &values(90.0, 5), &paired);
    let reason = "undecided: all pairs have one difference, which is no evidence of how seeds vary";
    assert_eq!((row.verdict, row.reason.as_str()), (Verdict::Undecided, reason));
    let mixed = [V(1.0), V(5.0), V(2.0), V(6.0), V(3.0)];
    let row = one(&mixed, &[V(3.0), V(6.0), V(4.0), V(8.0), V(4.5)], &Compare::default());
    let words = row.reason.split("; ").nth(1).unwrap();
    assert!(
        row.reason.starts_with("undecided: corrected p = ") && words.ends_with("at the observed difference and spread"),
        "{}",
        row.reason
    );
    // With the stated number of seeds of this spread and difference, the comparison is decided.
    let seeds: usize = words.split(' ').next().unwrap().parse().unwrap();
    let spread = |mean: f64, sd: f64, n: usize| -> Vec<S> {
        let unit = ((n - 1) as f64 / n as f64).sqrt();
        (0..n).map(|at| V(mean + sd * unit * if at % 2 == 0 { 1.0 } else { -1.0 })).collect()
    };
    let even = seeds + seeds % 2;
    let (a, b) = row.sd;
    let more = one(&spread(3.4, a, even), &spread(5.1, b, even), &Compare::default());
    assert_eq!(more.verdict, Verdict::Better, "{seeds}: {}", more.reason);
    let fewer = one(&spread(3.4, a, even / 2), &spread(5.1, b, even / 2), &Compare::default());
    assert_eq!(fewer.verdict, Verdict::Undecided);
}

#[test]
fn equal_values_of_all_seeds_are_no_evidence_unless_the_model_is_in_closed_form() {
    let flat = |value: f64| vec![V(value); 6];
    let row = one(&flat(80.0), &flat(90.0), &Compare::default());
    let reason = "undecided: all seeds of a side have one value, which is no evidence of how seeds vary";
    assert_eq!((row.verdict, row.p, row.reason.as_str()), (Verdict::Undecided, None, reason));
    let row = one(&values(80.0, 5), &flat(90.0), &Compare::default());
    assert_eq!(row.verdict, Verdict::Better);
    let remark =
        "all seeds of base have one value, which is no evidence of how seeds vary: the spread of v is used for both";
    assert_eq!(row.reason, remark);
    // The spread of five seeds, for five and six seeds.
    assert!((row.se_seeds().unwrap() - (2.5e-4_f64 * (1.0 / 5.0 + 1.0 / 6.0)).sqrt()).abs() < 1e-12);

    let closed = |seeds: [Vec<S>; 2]| {
        let [base, v] = seeds;
        let variants = [variant("base", &base), variant("v", &v)];
        let variants = variants.map(|variant| VariantSummary { closed_form: true, ..variant }).to_vec();
        compared(variants, &Compare::default()).rows.remove(0)
    };
    // Repeats are one observation: the number of seeds changes nothing, and only the images have an error.
    let (one_seed, six) = (closed([flat(90.0), vec![V(89.0)]]), closed([flat(90.0), flat(89.0)]));
    assert_eq!((one_seed.p, one_seed.se_seeds(), six.p), (six.p, None, one_seed.p));
    assert_eq!((one_seed.verdict, six.verdict), (Verdict::Better, Verdict::Better));
    assert!((six.se().unwrap() - 0.18_f64.sqrt()).abs() < 1e-12);
    assert_eq!(closed([flat(90.0), flat(89.5)]).verdict, Verdict::Undecided, "within the error over test images");
}

#[test]
fn nothing_is_tested_before_all_seeds_have_run() {
    let row = one(&[values(80.0, 7), vec![NotRun]].concat(), &values(90.0, 8), &Compare::default());
    assert_eq!((row.p, row.p_holm, row.tails, row.verdict), (None, None, None, Verdict::Undecided));
    assert_eq!(row.reason, "undecided: 1 seed not run");
    assert!(row.effect.is_some());
    let row = one(&[Lost, Lost], &values(90.0, 2), &Compare::default());
    assert_eq!((&row.figure, row.lost.0, row.verdict), (&None, 2, Verdict::Undecided));
    assert_eq!(row.reason, "no seed of v is done: seeds 0, 1 diverged");
}

#[test]
fn within_the_margin_is_equivalent() {
    let row = one(&values(90.0, 5), &values(90.01, 5), &margin(1.0));
    assert!(row.verdict == Verdict::Equivalent && row.p_equivalent.unwrap() < 0.05);
    let row = one(&values(90.0, 5), &values(90.01, 5), &margin(0.001));
    assert_eq!(row.verdict, Verdict::Undecided);
    assert!(row.reason.contains(", of a difference of 0.001 or more "), "{}", row.reason);
    // A difference beyond doubt that does not matter.
    let row = one(&values(90.0, 8), &values(92.0, 8), &margin(5.0));
    assert!(row.p_holm.unwrap() < 0.001 && row.verdict == Verdict::Equivalent);
}

#[test]
fn pairs_are_formed_by_seed() {
    let paired = Compare { paired: true, ..Compare::default() };
    let shaky = |first: f64| (0..7).map(|seed| V(first + f64::from(seed * seed) / 100.0)).collect::<Vec<_>>();
    let (a, b) = (values(80.0, 7), [shaky(90.0)[..6].to_vec(), vec![Lost]].concat());
    let row = one(&a, &b, &paired);
    assert_eq!((row.verdict, row.seeds, row.lost), (Verdict::Better, (7, 6), (0, 1)));
    assert_eq!(row.tails.map(|tails| tails.two_sided()), Some(2.0 / 64.0), "over the six pairs that have both");
    let row = one(&a, &[shaky(90.0), values(90.0, 2)].concat(), &paired);
    assert_eq!(row.reason, "2 seeds without a partner excluded");
    assert_eq!((row.without_partner, row.seeds), (2, (7, 7)));
}
