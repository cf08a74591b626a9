//! Outcomes and advice of single claims.

use protocol::{Control, GridDir, Host, Measurement, Relation, Statement};
use stats::t_quantile;

use super::*;
use crate::claims::ClaimOutcome::{Refuted, Supported, Undecided};

fn two() -> Made {
    // Means 19 and 20; variances 0.04 and 0.16 over 5 and 3 seeds.
    Made::new().nll("a", &[18.8, 18.8, 19.0, 19.2, 19.2]).nll("b", &[19.6, 20.0, 20.4])
}

#[test]
fn a_difference_is_tested_by_welch() {
    let result = two().judged(less(figure("a", "nll"), figure("b", "nll")));
    let numbers = result.parts[0].estimate.unwrap();
    let (a, b): (f64, f64) = (0.04 / 5.0, 0.16 / 3.0);
    // A part with d degrees counts (d + 4) / d times: docs/statistics.md.
    let (twice, thrice) = (2.0 * a, 3.0 * b);
    let degrees = (twice + thrice).powi(2) / (twice * twice / 4.0 + thrice * thrice / 2.0);
    assert!((numbers.difference + 1.0).abs() < 1e-12);
    assert!((numbers.se.unwrap() - (a + b).sqrt()).abs() < 1e-12);
    assert!((numbers.degrees.unwrap() - degrees).abs() < 1e-9, "{numbers:?}");
    let reach = t_quantile(degrees, 0.95).unwrap() * (a + b).sqrt();
    assert!((numbers.high - (reach - 1.0)).abs() < 1e-9 && (numbers.low + 1.0 + reach).abs() < 1e-9);
    assert_eq!((result.outcome, result.needs()), (Supported, String::new()));
    assert_eq!(crate::claim_numbers(&result), "19.00 against 20.00: difference -1.000, bounds -1.646 and -0.3539");
}

#[test]
fn constants_are_part_of_the_difference() {
    let made = two();
    let with = |margin: f64| made.outcome(less(plus(figure("a", "nll"), number(margin)), figure("b", "nll")));
    assert_eq!((with(0.3).0, with(2.0).0), (Supported, Refuted));
    let (outcome, needs) = with(0.5);
    assert_eq!((outcome, needs.as_str()), (Undecided, "about 6 seeds of each variant at this spread (now at most 5)"));
    let scaled = times(number(2.0), figure("a", "nll"));
    assert_eq!(made.outcome(less(scaled, times(figure("b", "nll"), number(2.0)))).0, Supported);
}

#[test]
fn a_product_of_results_has_an_error_to_first_order() {
    let result = two().judged(less(times(figure("a", "nll"), figure("b", "nll")), number(385.0)));
    assert_eq!(result.outcome, Undecided);
    assert_eq!(result.parts[0].remarks, ["error to first order"]);
    // d(ab) = b da + a db.
    let se = (400.0_f64 * 0.04 / 5.0 + 361.0 * 0.16 / 3.0).sqrt();
    assert!((result.parts[0].estimate.unwrap().se.unwrap() - se).abs() < 1e-9);
}

#[test]
fn equality_needs_a_tolerance_or_exact_numbers() {
    let made = two();
    let within = |tolerance| made.outcome(equal(figure("a", "nll"), figure("b", "nll"), tolerance)).0;
    assert_eq!([within(2.0), within(1.0), within(0.01)], [Supported, Undecided, Refuted]);
    let same = |left, right| made.outcome(compare(left, Relation::Equals, right));
    assert_eq!(same(figure("a", "nll"), figure("b", "nll")).0, Refuted);
    let (outcome, needs) = same(figure("a", "nll"), number(19.0));
    assert!(outcome == Undecided && needs.contains("write `equal(a, b, tolerance)`"), "{needs}");
    assert_eq!(same(fact("4095"), number(4095.0)).0, Supported);
    assert_eq!(same(fact("4095"), number(4096.0)).0, Refuted);
}

#[test]
fn long_facts_are_compared_as_far_as_their_digits_go() {
    let made = Made::new();
    let long = || fact("101745825697… (237 digits)");
    assert_eq!(made.outcome(less(number(1e236), long())).0, Supported);
    assert_eq!(made.outcome(less(long(), number(1.02e236))).0, Supported);
    assert_eq!(made.outcome(compare(long(), Relation::Equals, number(1e9))).0, Refuted);
    let (outcome, needs) =
        made.outcome(compare(fact("18446744073709551615"), Relation::Equals, number(2_f64.powi(64))));
    assert!(outcome == Undecided && needs.contains("2^53"), "{needs}");
}

#[test]
fn exact_counts_have_no_error() {
    let count = |value| {
        let one = Measurement::new("parameters", Kind::Exact, Unit::Count, Direction::Neither, value);
        Some(vec![one])
    };
    let made = Made::new().variant("a", vec![count(4095.0); 2]).variant("b", vec![count(10.0), count(12.0)]);
    let equals = |variant: &str, value| compare(figure(variant, "parameters"), Relation::Equals, number(value));
    assert_eq!(made.outcome(equals("a", 4095.0)).0, Supported);
    assert_eq!(made.outcome(equals("a", 4094.0)).0, Refuted);
    // Seeds with different counts are a mean.
    assert_eq!(made.outcome(equals("b", 11.0)).0, Undecided);
}

#[test]
fn a_rate_needs_enough_clean_seeds() {
    let gan = |events: usize, seeds: usize| {
        let seeds = (0..seeds).map(|seed| Some(vec![flag("collapsed", seed < events)])).collect();
        Made::new().variant("gan", seeds)
    };
    let below = || less(rate("gan", "collapsed"), number(0.2));
    let (outcome, needs) = gan(0, 5).outcome(below());
    assert_eq!((outcome, needs.as_str()), (Undecided, "14 seeds without an event (now 5)"));
    assert_eq!((gan(0, 13).outcome(below()).0, gan(0, 14).outcome(below()).0), (Undecided, Supported));
    assert_eq!(gan(5, 5).outcome(below()).0, Refuted);
    let result = gan(1, 5).judged(below());
    assert_eq!(
        crate::claim_numbers(&result),
        "0.2000 against 0.2000: difference 0, bounds -0.1898 and 0.4574, 1 of 5 seeds"
    );
    let failed = Made::new().variant("gan", vec![None, Some(vec![]), Some(vec![]), Some(vec![])]);
    let result = failed.judged(less(rate("gan", "failed"), number(0.2)));
    assert_eq!(result.parts[0].remarks, ["1 of 4 seeds"]);
    let (outcome, needs) = gan(0, 5).outcome(less(number(0.5), rate("gan", "nll")));
    assert_eq!((outcome, needs.as_str()), (Undecided, "gan.nll was not measured"));
}

#[test]
fn two_rates_share_the_level() {
    let of = |label: &str, events: usize, made: Made| {
        made.variant(label, (0..10).map(|seed| Some(vec![flag("collapsed", seed < events)])).collect())
    };
    let made = of("b", 10, of("a", 0, Made::new()));
    let result = made.judged(less(rate("a", "collapsed"), rate("b", "collapsed")));
    let bound = 1.0 - 0.025_f64.powf(0.1);
    let numbers = result.parts[0].estimate.unwrap();
    assert!(result.outcome == Supported && (numbers.high - (2.0 * bound - 1.0)).abs() < 1e-12, "{numbers:?}");
}

#[test]
fn a_figure_and_its_control_are_compared_on_the_same_trials() {
    let seed = |score: f64, control: f64| {
        let one = |name: &str, value| Measurement::new(name, Kind::Estimate, Unit::One, Direction::Higher, value);
        let untrained = Measurement { control: Some(Control::untrained("probe")), ..one("probe_untrained", control) };
        Some(vec![one("probe", score), untrained])
    };
    // The spread over seeds is 0.1, that of the difference 0.01.
    let made = Made::new().variant("vae", vec![seed(0.7, 0.65), seed(0.8, 0.74), seed(0.9, 0.86)]);
    let result = made.judged(less(control("vae", "probe", "untrained"), figure("vae", "probe")));
    let numbers = result.parts[0].estimate.unwrap();
    assert_eq!((result.outcome, numbers.degrees), (Supported, Some(2.0)));
    assert!((numbers.se.unwrap() - 0.01 / 3.0_f64.sqrt()).abs() < 1e-12);
    let (outcome, needs) = made.outcome(less(control("vae", "probe", "pixels"), number(1.0)));
    assert_eq!((outcome, needs.as_str()), (Undecided, "control(vae.probe, pixels) was not measured"));
}

#[test]
fn results_that_decide_nothing() {
    let needs = |made: &Made, statement| {
        let (outcome, needs) = made.outcome(statement);
        assert_eq!(outcome, Undecided);
        needs
    };
    let below = || less(figure("a", "nll"), number(30.0));
    assert_eq!(needs(&two().not_run("a"), below()), "1 seed of a has not run");
    assert_eq!(needs(&Made::new().nll("a", &[1.0]), below()), "a needs at least 2 seeds");
    let equal = Made::new().nll("a", &[1.0; 3]);
    assert_eq!(needs(&equal, below()), "3 seeds of a have equal values, which is no evidence of their spread");
    assert_eq!(needs(&Made::new(), below()), "the variant a is not in the plan");
    let absent = Measurement { value: None, reason: Some("has no density".into()), ..nll(0.0) };
    let made = Made::new().variant("a", vec![Some(vec![absent])]);
    assert_eq!(needs(&made, below()), "a.nll has no value: has no density");
    assert_eq!(
        needs(&two(), less(number(1.0), Quantity::Quotient(Box::new([figure("a", "nll"), number(0.0)])))),
        "a.nll / 0 divides by 0"
    );
}

/// As in comparisons: one estimate of the spread serves both sides.
#[test]
fn a_side_without_spread_has_that_of_the_other_side() {
    let made = Made::new().nll("a", &[1.0; 4]).nll("b", &[2.0, 2.1, 1.9]);
    let result = made.judged(less(figure("a", "nll"), figure("b", "nll")));
    let numbers = result.parts[0].estimate.unwrap();
    let variance = 0.01f64;
    assert!((numbers.se.unwrap() - (variance / 3.0 + variance / 4.0).sqrt()).abs() < 1e-12);
    assert!((numbers.degrees.unwrap() - 2.0).abs() < 1e-9, "one estimate from three seeds: {numbers:?}");
    assert_eq!(result.outcome, Supported);
    assert_eq!(
        result.parts[0].remarks,
        ["all seeds of a have one value: the spread of the other side is used for both"]
    );
}

#[test]
fn lost_seeds_decide_nothing_in_favour_of_their_variant() {
    let seed = |value: f64| Some(vec![nll(value)]);
    let made = Made::new().variant("a", vec![seed(1.0), seed(1.1), seed(0.9), None]).nll("b", &[3.0, 3.1, 2.9]);
    let (outcome, needs) = made.outcome(less(figure("a", "nll"), figure("b", "nll")));
    assert!(outcome == Undecided && needs.starts_with("a lost seeds"), "{needs}");
    // Against the variant they change nothing.
    let result = made.judged(less(figure("a", "nll"), number(0.5)));
    assert_eq!(
        (result.outcome, result.parts[0].remarks.as_slice()),
        (Refuted, ["a lost 1 of 4 seeds".to_owned()].as_slice())
    );
    assert_eq!(made.outcome(compare(figure("a", "nll"), Relation::Greater, figure("b", "nll"))).0, Undecided);
    assert_eq!(made.outcome(equal(figure("a", "nll"), number(1.0), 5.0)).0, Undecided);
    assert_eq!(made.outcome(equal(figure("a", "nll"), number(0.0), 0.1)).0, Refuted);
}

#[test]
fn times_of_one_machine_are_compared() {
    let mut made = two();
    let relation = || less(wall("a"), times(number(3.0), wall("b")));
    let result = made.judged(relation());
    assert_eq!((result.outcome, result.parts[0].estimate.unwrap().left), (Supported, 12.0));
    let outcome = made.records.last_mut().unwrap().outcome.as_mut().unwrap();
    outcome.host = Host { cpu: "B".into(), ..Host::default() };
    assert_eq!(made.outcome(relation()), (Undecided, "times of different machines are not compared: A; B".to_owned()));
}

/// Two models on the same four images: the error of the difference is that of the images on which they differ.
#[test]
fn images_are_paired_if_their_terms_are_known() {
    let folder = tempfile::tempdir().unwrap();
    let mut made = Made::in_folder(GridDir::new(folder.path(), "g"));
    for (label, shift) in [("a", [0.0, 0.2, 0.0, 0.2]), ("b", [1.0; 4])] {
        let seed = |at: f64| Some(vec![nll(20.0 + at + shift.iter().sum::<f64>() / 4.0).with_se(5.0)]);
        made = made.variant(label, vec![seed(0.0), seed(0.1)]);
        for (at, trial) in made.plan.trials.iter().filter(|trial| trial.variant == label).enumerate() {
            let terms = (0..4).map(|image| [10.0, 30.0, 15.0, 25.0][image] + at as f64 * 0.1 + shift[image]).collect();
            let path = made.grid.trial(&trial.id()).per_image("nll", &serde_json::Value::Null);
            crate::tables::keep_terms(&path, terms);
        }
    }
    let se =
        |made: &Made| made.judged(less(figure("a", "nll"), figure("b", "nll"))).parts[0].estimate.unwrap().se.unwrap();
    let seeds = 2.0 * 0.005 / 2.0;
    assert!((se(&made) - (seeds + 0.04 / 3.0 / 4.0_f64).sqrt()).abs() < 1e-9, "{}", se(&made));
    std::fs::remove_dir_all(folder.path()).unwrap();
    assert!((se(&made) - (seeds + 50.0_f64).sqrt()).abs() < 1e-9, "without terms, the errors add");
    let (_, needs) = made.outcome(less(figure("a", "nll"), figure("b", "nll")));
    assert!(needs.contains("times as many test images"), "{needs}");
}

#[test]
fn parts_of_or_share_the_level_of_support() {
    // The upper bound of the difference is just below 0 at 5%, and above 0 at 2.5%.
    let made = Made::new().nll("a", &[-0.1, -0.5, -0.1, -0.5]);
    let strict = || less(plus(figure("a", "nll"), number(0.02)), number(0.0));
    let part = made.judged(strict()).parts[0].estimate.unwrap();
    assert!(part.high < 0.0, "{part:?}");
    assert_eq!(made.outcome(strict()).0, Supported);
    let either = Statement::Or(vec![strict(), less(figure("a", "nll"), number(-9.0))]);
    assert_eq!(made.outcome(either).0, Undecided);
    // An exact part takes nothing.
    let with_fact = Statement::Or(vec![strict(), less(fact("3"), number(2.0))]);
    assert_eq!(made.outcome(with_fact).0, Supported);
    let both = Statement::And(vec![strict(), less(fact("1"), number(2.0))]);
    assert_eq!(made.outcome(both).0, Supported);
    let opposite = Statement::Not(Box::new(strict()));
    assert_eq!(made.outcome(opposite).0, Refuted);
}

#[test]
fn exit_codes() {
    let result = |outcome| ClaimResult { outcome, ..two().judged(less(fact("1"), number(2.0))) };
    let code = |outcomes: &[ClaimOutcome]| {
        crate::claims_exit_code(&outcomes.iter().map(|one| result(*one)).collect::<Vec<_>>())
    };
    assert_eq!(code(&[]), 4);
    assert_eq!(code(&[Supported]), 0);
    assert_eq!(code(&[Supported, Undecided]), 5);
    assert_eq!(code(&[Undecided, Refuted, Supported]), 3);
}
