//! Properties of arbitrary numbers.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::*;

fn values(most: usize) -> impl Strategy<Value = Vec<f64>> {
    // Few distinct values cause ties; a large offset causes rounding errors.
    let value =
        prop_oneof![(-3..3_i32).prop_map(f64::from), -1e3..1e3_f64, (0..5_u8).prop_map(|i| 1e6 + f64::from(i) / 10.0)];
    prop::collection::vec(value, 1..=most)
}

fn mirrored(one: Tails, other: Tails) -> bool {
    one.less == other.greater && one.greater == other.less && one.exact == other.exact
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn p_values_of_two_samples(a in values(6), b in values(6)) {
        let tails = unpaired(&a, &b, 0).unwrap();
        let p = tails.two_sided();
        prop_assert!(reach_unpaired(a.len(), b.len()).unwrap() <= p && p <= 1.0);
        prop_assert!(mirrored(tails, unpaired(&b, &a, 0).unwrap()), "exchanged");
        let negated = |values: &[f64]| values.iter().map(|value| -value).collect::<Vec<_>>();
        prop_assert!(mirrored(tails, unpaired(&negated(&a), &negated(&b), 0).unwrap()), "negated");
        let mut reversed = a.clone();
        reversed.reverse();
        prop_assert_eq!(tails, unpaired(&reversed, &b, 0).unwrap(), "in any order");
    }

    #[test]
    fn p_values_of_pairs(a in values(10), b in values(10)) {
        let pairs: Vec<_> = a.into_iter().zip(b).collect();
        let tails = paired(&pairs, 0).unwrap();
        let p = tails.two_sided();
        prop_assert!(reach_paired(pairs.len()).unwrap() <= p && p <= 1.0);
        let exchanged: Vec<_> = pairs.iter().map(|(a, b)| (*b, *a)).collect();
        prop_assert!(mirrored(tails, paired(&exchanged, 0).unwrap()));
    }

    #[test]
    fn corrected_p_values_keep_their_order(p in prop::collection::vec(0.0..=1.0_f64, 0..12), more in 0.0..=1.0_f64) {
        let corrected = holm(&p);
        for (i, one) in corrected.iter().enumerate() {
            prop_assert!(p[i] <= *one && *one <= 1.0);
            prop_assert!(*one <= (p[i] * p.len() as f64).min(1.0) || corrected.iter().zip(&p).any(|(c, q)| c == one && *q <= p[i]));
            for (j, other) in corrected.iter().enumerate() {
                prop_assert!(p[i] > p[j] || one <= other);
            }
        }
        // A larger family or a larger p-value never lowers another's.
        let wider = holm(&[p.clone(), vec![more]].concat());
        prop_assert!(corrected.iter().zip(&wider).all(|(one, wide)| one <= wide));
        let raised: Vec<_> = p.iter().map(|p| p.max(more)).collect();
        prop_assert!(corrected.iter().zip(holm(&raised)).all(|(one, up)| *one <= up));
    }

    #[test]
    fn the_interquartile_mean_lies_in_the_range(values in values(20)) {
        let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
        let mean = iqm(&values).unwrap();
        prop_assert!(low <= mean && mean <= high);
    }

    #[test]
    fn cached_intervals_equal_plain_ones_bit_for_bit(a in values(8), b in values(8), seed in 0..9_u64) {
        let bootstrap = Bootstrap { resamples: 500, seed, ..Bootstrap::default() };
        let middle = |sample: &[f64]| iqm(sample).unwrap();
        let mean = |sample: &[f64]| sample.iter().sum::<f64>() / sample.len() as f64;
        prop_assert_eq!(bootstrap.interval_of_one(&a, middle), bootstrap.interval(&[&a], |sample| middle(&sample[0])));
        let quick = bootstrap.interval_of_each(&[&a, &b], mean, |means| means[0] - means[1]);
        prop_assert_eq!(quick, bootstrap.interval(&[&a, &b], |sample| mean(&sample[0]) - mean(&sample[1])));
    }

    #[test]
    fn intervals_are_reproducible_and_in_the_range_of_the_values(values in values(8), seed in 0..9_u64) {
        let bootstrap = Bootstrap { resamples: 200, seed, ..Bootstrap::default() };
        let of = |values: &[f64]| bootstrap.interval(&[values], |sample| iqm(&sample[0]).unwrap());
        let interval = of(&values);
        prop_assert_eq!(interval, of(&values));
        prop_assert_eq!(interval.is_none(), values.len() < 2);
        if let Some(Interval { low, high }) = interval {
            let within = |x: f64| values.iter().any(|v| *v <= x) && values.iter().any(|v| *v >= x);
            prop_assert!(low <= high && within(low) && within(high));
        }
    }

    #[test]
    fn a_difference_has_mirrored_tests_and_the_interval_of_its_test(
        effect in -3.0..3.0_f64, variances in prop::collection::vec(1e-6..2.0_f64, 3), degrees in prop::collection::vec(1.0..40.0_f64, 3),
        margin in 0.0..4.0_f64,
    ) {
        let parts: Vec<Part> = variances.iter().zip(&degrees).map(|(v, d)| Part { variance: *v, degrees: *d }).collect();
        let of = |effect| Difference::of(effect, &parts).unwrap();
        let (one, other) = (of(effect), of(-effect));
        let smallest = degrees.iter().copied().fold(f64::MAX, f64::min);
        prop_assert!(smallest - 1e-9 <= one.degrees && one.degrees <= degrees.iter().sum::<f64>() + 1e-9);
        prop_assert!((one.two_sided() - other.two_sided()).abs() < 1e-12);
        prop_assert!((one.two_sided() - 2.0 * one.below(0.0).min(one.above(0.0))).abs() < 1e-9);
        prop_assert!((one.equivalent(margin) - other.equivalent(margin)).abs() < 1e-12);
        // The interval excludes 0 exactly if the test rejects.
        let Interval { low, high } = one.interval(0.95).unwrap();
        let p = one.two_sided();
        prop_assert!((p - 0.05).abs() < 1e-9 || (p < 0.05) == (low > 0.0 || high < 0.0));
        // Caution only takes degrees, and none from parts with equal degrees.
        let cautious = Difference::cautious(effect, &parts).unwrap();
        prop_assert!(cautious.se == one.se && smallest - 1e-9 <= cautious.degrees);
        let equal: Vec<Part> = parts.iter().map(|part| Part { degrees: 2.0, ..*part }).collect();
        let (plain, careful) = (Difference::of(effect, &equal).unwrap(), Difference::cautious(effect, &equal).unwrap());
        prop_assert!((plain.degrees / careful.degrees - 1.0).abs() < 1e-9);
        // A part more adds to the error; a difference beyond the margin is not equivalent.
        let more = [parts.clone(), vec![Part { variance: 0.1, degrees: 5.0 }]].concat();
        prop_assert!(Difference::of(effect, &more).unwrap().se > one.se);
        prop_assert!(effect.abs() <= margin || one.equivalent(margin) >= 0.5);
    }

    #[test]
    fn intervals_of_shares_hold_the_share_and_mirror(n in 1..60_u64, k in 0..60_u64, more in 1..40_u64) {
        let k = k.min(n);
        let share = k as f64 / n as f64;
        for of in [wilson, clopper_pearson] {
            let one = of(k, n, 0.95).unwrap();
            let other = of(n - k, n, 0.95).unwrap();
            prop_assert!(0.0 <= one.low && one.low <= share + 1e-12 && share <= one.high + 1e-12 && one.high <= 1.0);
            prop_assert!(one.low < one.high, "no share is certain");
            prop_assert!((one.low - (1.0 - other.high)).abs() < 1e-9);
            let narrower = of(0, n + more, 0.95).unwrap().high < of(0, n, 0.95).unwrap().high;
            prop_assert!(narrower);
        }
        let p = fisher((k, n), (0, more)).unwrap();
        prop_assert!(p >= reach_fisher(n, more).unwrap() - 1e-12 && p <= 1.0);
        prop_assert!((p - fisher((0, more), (k, n)).unwrap()).abs() < 1e-9);
    }

    /// Summed over all tables of a common share, exact methods hold their levels.
    #[test]
    fn exact_methods_hold_their_levels(n in 1..12_u64, m in 1..12_u64, share in 0.0..=1.0_f64) {
        let probability = |k: u64, n: u64| {
            let ways = (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product::<f64>();
            ways * share.powi(k as i32) * (1.0 - share).powi((n - k) as i32)
        };
        let covered = |k: u64| clopper_pearson(k, n, 0.95).is_some_and(|i| i.low <= share && share <= i.high);
        let coverage: f64 = (0..=n).filter(|k| covered(*k)).map(|k| probability(k, n)).sum();
        prop_assert!(coverage >= 0.95 - 1e-9, "{coverage}");
        let tables = (0..=n).flat_map(|a| (0..=m).map(move |b| (a, b)));
        let rejected = tables.filter(|(a, b)| fisher((*a, n), (*b, m)).unwrap() <= 0.05);
        let level: f64 = rejected.map(|(a, b)| probability(a, n) * probability(b, m)).sum();
        prop_assert!(level <= 0.05 + 1e-9, "{level}");
    }
}

#[test]
fn no_error_and_no_trials_have_no_result() {
    assert_eq!(Difference::of(1.0, &[]), None);
    assert_eq!(Difference::of(1.0, &[Part { variance: 0.0, degrees: 3.0 }]), None);
    assert_eq!(Difference::of(f64::NAN, &[Part { variance: 1.0, degrees: 3.0 }]), None);
    assert_eq!((Part::of_mean(1.0, 1), wilson(0, 0, 0.95), clopper_pearson(2, 1, 0.95)), (None, None, None));
    assert_eq!((fisher((0, 0), (1, 1)), reach_fisher(0, 3)), (None, None));
}

#[test]
fn reachable_p_values() {
    // Printed in any table of the Mann-Whitney and the sign test.
    for (seeds, p) in [(1, 1.0), (2, 1.0 / 3.0), (3, 0.1), (4, 2.0 / 70.0), (5, 2.0 / 252.0), (7, 2.0 / 3432.0)] {
        assert_eq!(reach_unpaired(seeds, seeds), Some(p));
        let (a, b): (Vec<_>, Vec<_>) = (0..seeds).map(|seed| (seed as f64, 100.0 + seed as f64)).unzip();
        assert!((unpaired(&a, &b, 0).unwrap().two_sided() - p).abs() < 1e-15, "{seeds} seeds reach it");
    }
    for (pairs, p) in [(1, 1.0), (5, 0.0625), (6, 0.03125), (8, 0.0078125)] {
        assert_eq!(reach_paired(pairs), Some(p));
    }
    assert_eq!((reach_unpaired(0, 3), reach_paired(0)), (None, None));
    assert!(unpaired(&[], &[1.0], 0).is_none() && paired(&[], 0).is_none() && iqm(&[]).is_none());
}

#[test]
fn sampled_p_values_agree_with_counting() {
    // Two samples of 11 have 705,432 splits, so they are sampled. The expected value is that of the normal approximation.
    let a: Vec<f64> = (0..11).map(|i| f64::from(i) * 1.5).collect();
    let b: Vec<f64> = (0..11).map(|i| f64::from(i) + 5.0).collect();
    let tails = unpaired(&a, &b, 7).unwrap();
    assert!(!tails.exact && tails == unpaired(&a, &b, 7).unwrap());
    assert!(tails.less > 0.0 && tails.greater > 0.0 && (tails.less + tails.greater - 1.0).abs() < 0.05);
    let far: Vec<f64> = b.iter().map(|value| value + 1e6).collect();
    assert_eq!(unpaired(&a, &far, 7).unwrap().two_sided(), reach_unpaired(11, 11).unwrap());
    assert_eq!(reach_unpaired(40, 40), Some(1e-5));
    // 18 pairs: twice the share of 17 heads or more among 18 coins is 38 / 2^18.
    let mut coins = vec![(1.0, 0.0); 18];
    coins[0] = (0.0, 1.0);
    let tails = paired(&coins, 7).unwrap();
    assert!(!tails.exact && (tails.greater - 19.0 / 262_144.0).abs() < 1e-4, "{tails:?}");
    assert_eq!(reach_paired(100), Some(1e-5));
}

#[test]
fn unpaired_tests_hold_their_level() {
    // Under the null hypothesis the p-value is uniform over the 252 splits of 10 distinct values.
    let pooled: [f64; 10] = [1.0, 2.5, 3.1, 4.7, 5.9, 7.3, 8.8, 11.2, 13.0, 20.1];
    let mut rejected = 0;
    for chosen in (0..1_u32 << 10).filter(|chosen| chosen.count_ones() == 5) {
        let side =
            |want: bool| (0..10).filter(|i| (chosen >> i & 1 == 1) == want).map(|i| pooled[i]).collect::<Vec<_>>();
        rejected += u32::from(unpaired(&side(true), &side(false), 0).unwrap().two_sided() <= 0.05);
    }
    assert!(f64::from(rejected) / 252.0 <= 0.05 && rejected > 0, "{rejected}");
}
