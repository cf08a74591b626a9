//! Energy statistic of a change in a series, with a permutation test.

use rand::distr::{Distribution, Uniform};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// Energy statistic of every split of a series: element `at` is that of the split into `series[..at]` and `series[at..]`.
///
/// With m and n values in the two parts it is mn / (m + n) (2 E|X - Y| - E|X - X'| - E|Y - Y'|): 0 for equal
/// distributions, and larger the more they differ (Matteson and James, 2014, A Nonparametric Approach for Multiple Change Point
/// Analysis of Multivariate Data). The means include the distance of a value from itself, so that a part may have one value.
/// Element 0, a split without a first part, is 0.
///
/// ```
/// let all = stats::energy_statistics(&[1.0, 1.0, 4.0, 4.0]);
/// // 2 * 2 / 4 * (2 * 3 - 0 - 0)
/// assert_eq!(all[2], 6.0);
/// ```
#[must_use]
pub fn energy_statistics(series: &[f64]) -> Vec<f64> {
    let sums = distance_sums(series);
    let mut all = Vec::with_capacity(series.len());
    for_each_split(series, &sums, |statistic| all.push(statistic));
    all
}

/// p-value of a change at `at`: the probability that a random order of the values has a split whose energy statistic is at least
/// that of the split at `at`.
///
/// The largest statistic of an order counts, so the p-value also holds if `at` was chosen because its statistic is large. It
/// is (1 + number of such orders) / (1 + `permutations`), with orders drawn with `seed`. `None` if a part is empty or a value is
/// not finite.
///
/// ```
/// let series = [1.0, 1.1, 0.9, 1.2, 1.0, 2.0, 2.1, 1.9, 2.2, 2.0];
/// assert!(stats::energy_p(&series, 5, 999, 1).unwrap() < 0.02);
/// assert!(stats::energy_p(&series[..5], 2, 999, 1).unwrap() > 0.3);
/// ```
#[must_use]
pub fn energy_p(series: &[f64], at: usize, permutations: usize, seed: u64) -> Option<f64> {
    if at == 0 || at >= series.len() || series.iter().any(|value| !value.is_finite()) {
        return None;
    }
    // Equal statistics of other orders differ by rounding.
    let observed = energy_statistics(series)[at] * (1.0 - 1e-9);
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    // Values with the sums of their distances, which do not depend on the order.
    let mut order: Vec<(f64, f64)> = series.iter().copied().zip(distance_sums(series)).collect();
    let mut reached = 0;
    for _ in 0..permutations {
        for last in (1..order.len()).rev() {
            let other = Uniform::new_inclusive(0, last as u64).ok()?.sample(&mut random);
            order.swap(last, other as usize);
        }
        let (values, sums): (Vec<f64>, Vec<f64>) = order.iter().copied().unzip();
        let mut largest = 0.0_f64;
        for_each_split(&values, &sums, |statistic| largest = largest.max(statistic));
        reached += usize::from(largest >= observed);
    }
    Some((1 + reached) as f64 / (1 + permutations) as f64)
}

/// Sum of the distances of each value from all values.
fn distance_sums(series: &[f64]) -> Vec<f64> {
    series.iter().map(|one| series.iter().map(|other| (one - other).abs()).sum()).collect()
}

/// Calls `with` for the statistic of every split, from that before the first value to that before the last one.
fn for_each_split(series: &[f64], sums: &[f64], mut with: impl FnMut(f64)) {
    let n = series.len() as f64;
    // Sums over ordered pairs within the two parts, and over pairs between them.
    let (mut first, mut second, mut between) = (0.0, sums.iter().sum::<f64>(), 0.0);
    for (at, (value, sum)) in series.iter().zip(sums).enumerate() {
        let (before, after) = (at as f64, n - at as f64);
        let energy = if at == 0 {
            0.0
        } else {
            2.0 * between / (before * after) - first / (before * before) - second / (after * after)
        };
        with(before * after / n * energy);
        // The value moves from the second part to the first one.
        let to_first: f64 = series[..at].iter().map(|other| (value - other).abs()).sum();
        let to_second = sum - to_first;
        first += 2.0 * to_first;
        second -= 2.0 * to_second;
        between += to_second - to_first;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::RngExt;

    use super::*;

    /// Index and value of the largest statistic; the first of equal ones.
    fn best(statistics: &[f64]) -> (usize, f64) {
        let larger = |known: (usize, f64), (at, one): (usize, &f64)| if *one > known.1 { (at, *one) } else { known };
        statistics.iter().enumerate().fold((0, 0.0), larger)
    }

    /// Statistics and p-values of the package `signal_processing_algorithms` 2.1 on the series of `fixtures/energy.py`.
    #[test]
    fn statistics_and_p_values_equal_those_of_a_public_implementation() {
        let fixture = include_str!("../tests/fixtures/energy.csv");
        let mut rows = 0;
        for line in fixture.lines().skip(1) {
            let [p, expected, series] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let numbers =
                |text: &str| -> Vec<f64> { text.split_whitespace().map(|one| one.parse().unwrap()).collect() };
            let (series, p): (_, f64) = (numbers(series), p.parse().unwrap());
            let found = energy_statistics(&series);
            for (ours, theirs) in found.iter().zip(numbers(expected)) {
                assert!((ours - theirs).abs() < 1e-9 * (1.0 + theirs.abs()), "{ours} {theirs}: {line}");
            }
            let ours = energy_p(&series, best(&found).0, 1999, 1).unwrap();
            // Five standard errors of the two simulations, of 4,999 and 1,999 orders.
            let error = (p.max(ours) * (1.0 - p.min(ours)) * (1.0 / 4999.0 + 1.0 / 1999.0)).sqrt();
            assert!((ours - p).abs() <= 5.0 * error + 1.0 / 1999.0, "{ours} {p}: {line}");
            rows += 1;
        }
        assert!(rows >= 20);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

        /// Against the definition, with every pair of values.
        #[test]
        fn every_split_follows_the_definition(series in prop::collection::vec(-3.0..3.0_f64, 2..12)) {
            let mean = |a: &[f64], b: &[f64]| {
                let all: f64 = a.iter().map(|x| b.iter().map(|y| (x - y).abs()).sum::<f64>()).sum();
                all / (a.len() * b.len()) as f64
            };
            let found = energy_statistics(&series);
            for (at, found) in found.iter().enumerate().take(series.len()).skip(1) {
                let (x, y) = series.split_at(at);
                let weight = (x.len() * y.len()) as f64 / series.len() as f64;
                let expected = weight * (2.0 * mean(x, y) - mean(x, x) - mean(y, y));
                prop_assert!((found - expected).abs() < 1e-9, "{at}: {found} {expected}");
            }
        }
    }

    /// Without a change, at most one series in twenty has a p-value of 5% at its best split.
    #[test]
    fn the_p_value_holds_for_the_best_split_of_a_series_without_a_change() {
        let mut random = ChaCha8Rng::seed_from_u64(2);
        let mut small = 0;
        for case in 0..400 {
            let series: Vec<f64> = (0..10).map(|_| random.random::<f64>()).collect();
            let at = best(&energy_statistics(&series)).0;
            small += usize::from(energy_p(&series, at, 199, case).unwrap() <= 0.05);
        }
        // 20 are expected. Four standard errors are 17.
        assert!((3..=37).contains(&small), "{small}");
    }

    #[test]
    fn a_change_without_two_parts_has_no_p_value() {
        assert_eq!(energy_p(&[], 0, 99, 1), None);
        assert_eq!(energy_p(&[1.0, 2.0], 0, 99, 1), None);
        assert_eq!(energy_p(&[1.0, 2.0], 2, 99, 1), None);
        assert_eq!(energy_p(&[1.0, f64::NAN], 1, 99, 1), None);
        assert_eq!(energy_p(&[2.0, 2.0, 2.0], 1, 99, 1), Some(1.0), "no order differs");
    }
}
