//! A rate over seeds with exact binomial bounds.

use stats::{Interval, clopper_pearson};

/// Count of an event over seeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rate {
    /// Number of seeds with the event.
    pub(super) events: usize,
    /// Number of seeds.
    pub(super) seeds: usize,
}

impl Rate {
    /// The observed rate; 0.5 without seeds.
    pub(super) fn value(self) -> f64 {
        if self.seeds == 0 { 0.5 } else { self.events as f64 / self.seeds as f64 }
    }

    /// The same rate at another number of seeds.
    pub(super) fn at(self, seeds: usize) -> Self {
        let events = (self.value() * seeds as f64).round() as usize;
        Self { events: if self.seeds == 0 { 0 } else { events.min(seeds) }, seeds }
    }

    /// One-sided upper bound at `level`; 1 without seeds.
    pub(super) fn upper(self, level: f64) -> f64 {
        self.interval(level).map_or(1.0, |interval| interval.high)
    }

    /// One-sided lower bound at `level`; 0 without seeds.
    pub(super) fn lower(self, level: f64) -> f64 {
        self.interval(level).map_or(0.0, |interval| interval.low)
    }

    /// Interval with a tail of `level` on either side.
    fn interval(self, level: f64) -> Option<Interval> {
        clopper_pearson(self.events as u64, self.seeds as u64, 1.0 - 2.0 * level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    #[test]
    fn fourteen_clean_seeds_show_a_rate_below_a_fifth() {
        let clean = |seeds| Rate { events: 0, seeds };
        assert!(clean(13).upper(0.05) > 0.2 && clean(14).upper(0.05) < 0.2);
        // 1 - 0.05^(1/14).
        assert!((clean(14).upper(0.05) - (1.0 - 0.05_f64.powf(1.0 / 14.0))).abs() < 1e-12);
        assert_eq!((clean(14).lower(0.05), clean(0).lower(0.05), clean(0).upper(0.05)), (0.0, 0.0, 1.0));
    }

    #[test]
    fn bounds_equal_those_of_scipy() {
        // scipy.stats.beta.ppf(0.95, x + 1, n - x) and ppf(0.05, x, n - x + 1), by the script in tests/fixtures.
        let fixture = include_str!("fixtures/clopper_pearson.csv");
        let rows: Vec<Vec<f64>> =
            fixture.lines().skip(1).map(|row| row.split(',').map(|cell| cell.parse().unwrap()).collect()).collect();
        assert!(rows.len() > 30);
        for row in rows {
            let rate = Rate { events: row[0] as usize, seeds: row[1] as usize };
            assert!((rate.lower(row[2]) - row[3]).abs() < 1e-12, "{row:?}: {}", rate.lower(row[2]));
            assert!((rate.upper(row[2]) - row[4]).abs() < 1e-12, "{row:?}: {}", rate.upper(row[2]));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn bounds_hold_the_rate_and_shrink_with_the_level(
            (seeds, events) in (1..200_usize).prop_flat_map(|n| (Just(n), 0..=n)), level in 0.001..0.5_f64
        ) {
            let rate = Rate { events, seeds };
            prop_assert!(rate.lower(level) <= rate.value() && rate.value() <= rate.upper(level));
            prop_assert!(rate.lower(level / 2.0) <= rate.lower(level) && rate.upper(level) <= rate.upper(level / 2.0));
        }
    }
}
