//! Equality with scipy and rliable on `tests/fixtures/seed_statistics.json`.

use serde::Deserialize;

use crate::bootstrap::{percentile, resampled};
use crate::*;

const FIXTURE: &str = include_str!("../../tests/fixtures/seed_statistics.json");

#[derive(Deserialize)]
struct Fixture {
    iqm: Vec<Iqm>,
    unpaired: Vec<Unpaired>,
    paired: Vec<Paired>,
    decimals: Vec<Decimals>,
    holm: Vec<Corrected>,
    bootstrap: Vec<Resampled>,
}

#[derive(Deserialize)]
struct Iqm {
    values: Vec<f64>,
    iqm: f64,
}

#[derive(Deserialize)]
struct P {
    less: f64,
    greater: f64,
    #[serde(rename = "two-sided")]
    two_sided: f64,
}

#[derive(Deserialize)]
struct Unpaired {
    a: Vec<f64>,
    b: Vec<f64>,
    p: P,
}

#[derive(Deserialize)]
struct Paired {
    pairs: Vec<(f64, f64)>,
    p: P,
}

#[derive(Deserialize)]
struct Decimals {
    a: Vec<f64>,
    b: Vec<f64>,
    unpaired: P,
    paired: P,
}

#[derive(Deserialize)]
struct Corrected {
    p: Vec<f64>,
    corrected: Vec<f64>,
}

#[derive(Deserialize)]
struct Resampled {
    strata: Vec<Vec<f64>>,
    indices: Vec<Vec<Vec<usize>>>,
    low: f64,
    high: f64,
}

fn fixture() -> Fixture {
    serde_json::from_str(FIXTURE).unwrap()
}

#[track_caller]
fn close(ours: f64, theirs: f64) {
    assert!((ours - theirs).abs() <= 1e-12 * theirs.abs().max(1.0), "{ours} is not {theirs}");
}

#[track_caller]
fn same(ours: Tails, theirs: &P) {
    assert!(ours.exact);
    close(ours.less, theirs.less);
    close(ours.greater, theirs.greater);
    close(ours.two_sided(), theirs.two_sided);
}

#[test]
fn the_interquartile_mean_equals_rliable() {
    let cases = fixture().iqm;
    assert_eq!(cases.len(), 10);
    for case in cases {
        close(iqm(&case.values).unwrap(), case.iqm);
    }
}

#[test]
fn p_values_of_two_samples_equal_scipy() {
    let cases = fixture().unpaired;
    assert_eq!(cases.len(), 30);
    for case in cases {
        same(unpaired(&case.a, &case.b, 0).unwrap(), &case.p);
    }
}

#[test]
fn p_values_of_pairs_equal_scipy() {
    let cases = fixture().paired;
    assert_eq!(cases.len(), 30);
    for case in cases {
        same(paired(&case.pairs, 0).unwrap(), &case.p);
    }
}

#[test]
fn sums_within_rounding_are_ties() {
    let cases = fixture().decimals;
    assert_eq!(cases.len(), 4);
    for case in cases {
        same(unpaired(&case.a, &case.b, 0).unwrap(), &case.unpaired);
        let pairs: Vec<_> = case.a.into_iter().zip(case.b).collect();
        same(paired(&pairs, 0).unwrap(), &case.paired);
    }
}

#[test]
fn corrected_p_values_equal_statsmodels() {
    for case in fixture().holm {
        for (ours, theirs) in holm(&case.p).into_iter().zip(case.corrected) {
            close(ours, theirs);
        }
    }
}

#[test]
fn intervals_on_equal_resamples_equal_rliable_and_scipy() {
    let cases = fixture().bootstrap;
    assert_eq!(cases.len(), 8);
    for (number, case) in cases.iter().enumerate() {
        let strata: Vec<&[f64]> = case.strata.iter().map(Vec::as_slice).collect();
        let mut cursor = case.indices.iter().flatten().flatten();
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        // The first half of the cases is from rliable, the second from scipy.
        let statistic = |sample: &[Vec<f64>]| match number {
            0..4 => iqm(&sample.concat()).unwrap(),
            _ => mean(&sample[0]) - mean(&sample[1]),
        };
        let drawn = resampled(&strata, case.indices.len(), statistic, |_| *cursor.next().unwrap());
        let Interval { low, high } = percentile(drawn, 0.95).unwrap();
        assert!(cursor.next().is_none(), "every index was used");
        close(low, case.low);
        close(high, case.high);
    }
}
