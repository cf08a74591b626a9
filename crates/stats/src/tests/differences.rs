//! Equality with scipy and statsmodels on `tests/fixtures/differences.json`: estimates to 1e-12, p-values to 1e-9.

use serde::Deserialize;

use crate::*;

const FIXTURE: &str = include_str!("../../tests/fixtures/differences.json");

#[derive(Deserialize)]
struct Fixture {
    welch: Vec<Welch>,
    parts: Vec<Parts>,
    shares: Vec<Share>,
    two_shares: Vec<TwoShares>,
}

#[derive(Deserialize)]
struct Welch {
    a: Vec<f64>,
    b: Vec<f64>,
    effect: f64,
    se: f64,
    degrees: f64,
    p: f64,
    less: f64,
    low: f64,
    high: f64,
    margin: f64,
    equivalent: f64,
}

#[derive(Deserialize)]
struct Parts {
    variances: Vec<f64>,
    degrees: Vec<Option<f64>>,
    effect: f64,
    se: f64,
    df: f64,
    p: f64,
    quantile: f64,
}

#[derive(Deserialize)]
struct Share {
    k: u64,
    n: u64,
    exact: (f64, f64),
    score: (f64, f64),
}

#[derive(Deserialize)]
struct TwoShares {
    first: (u64, u64),
    second: (u64, u64),
    p: f64,
}

fn fixture() -> Fixture {
    serde_json::from_str(FIXTURE).unwrap()
}

#[track_caller]
fn estimate(ours: f64, theirs: f64) {
    assert!((ours - theirs).abs() <= 1e-12 * theirs.abs().max(1.0), "{ours} is not {theirs}");
}

#[track_caller]
fn probability(ours: f64, theirs: f64) {
    assert!((ours - theirs).abs() <= 1e-9, "{ours} is not {theirs}");
    // Small p-values are precise, too.
    assert!((ours - theirs).abs() <= 1e-7 * theirs, "{ours} is not {theirs}");
}

fn part(values: &[f64]) -> (f64, Part) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, Part::of_mean((squares / (values.len() - 1) as f64).sqrt(), values.len()).unwrap())
}

#[test]
fn the_test_of_two_samples_equals_scipy_and_statsmodels() {
    let cases = fixture().welch;
    assert_eq!(cases.len(), 24);
    for case in cases {
        let ((a, first), (b, second)) = (part(&case.a), part(&case.b));
        let difference = Difference::of(a - b, &[first, second]).unwrap();
        estimate(difference.effect, case.effect);
        estimate(difference.se, case.se);
        // The variance of values near 88 is known to about 1e-11.
        assert!((difference.degrees / case.degrees - 1.0).abs() < 1e-9, "{} {}", difference.degrees, case.degrees);
        probability(difference.two_sided(), case.p);
        probability(difference.below(0.0), case.less);
        probability(difference.equivalent(case.margin), case.equivalent);
        let interval = difference.interval(0.95).unwrap();
        assert!((interval.low - case.low).abs() < 1e-9 && (interval.high - case.high).abs() < 1e-9);
    }
}

#[test]
fn three_parts_have_the_degrees_of_satterthwaite() {
    let cases = fixture().parts;
    assert_eq!(cases.len(), 15);
    for case in cases {
        let degrees = case.degrees.iter().map(|degrees| degrees.unwrap_or(f64::INFINITY));
        let parts = case.variances.iter().zip(degrees).map(|(variance, degrees)| Part { variance: *variance, degrees });
        let difference = Difference::of(case.effect, &parts.collect::<Vec<_>>()).unwrap();
        estimate(difference.se / case.se, 1.0);
        estimate(difference.degrees / case.df, 1.0);
        probability(difference.two_sided(), case.p);
        probability(t_quantile(difference.degrees, 0.975).unwrap(), case.quantile);
    }
}

#[test]
fn intervals_of_shares_equal_statsmodels() {
    for case in fixture().shares {
        let pairs = [(clopper_pearson(case.k, case.n, 0.95), case.exact), (wilson(case.k, case.n, 0.95), case.score)];
        for (ours, (low, high)) in pairs {
            let ours = ours.unwrap();
            estimate(ours.low, low);
            estimate(ours.high, high);
        }
    }
}

#[test]
fn the_test_of_two_shares_equals_scipy() {
    for case in fixture().two_shares {
        probability(fisher(case.first, case.second).unwrap(), case.p);
    }
    assert!((reach_fisher(3, 3).unwrap() - 0.1).abs() < 1e-12, "0 of 3 against 3 of 3: 2 of 20 tables");
}
