//! A rate over seeds with exact binomial bounds (Clopper and Pearson, 1934, The Use of Confidence or Fiducial Limits
//! Illustrated in the Case of the Binomial).

/// Number of seeds of which an event is counted.
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

    /// One-sided upper bound: the largest rate at which so few events have at least the probability `level`.
    pub(super) fn upper(self, level: f64) -> f64 {
        if self.events >= self.seeds {
            return 1.0;
        }
        crossing(|p| self.at_most(p) >= level)
    }

    /// One-sided lower bound: 1 minus the upper bound of the rate of the other seeds.
    pub(super) fn lower(self, level: f64) -> f64 {
        1.0 - Self { events: self.seeds.saturating_sub(self.events), ..self }.upper(level)
    }

    /// Probability of at most this many events if the rate is `p`, strictly between 0 and 1.
    fn at_most(self, p: f64) -> f64 {
        let n = self.seeds as f64;
        let mut term = n * (1.0 - p).ln();
        let mut sum = term.exp();
        for k in 1..=self.events {
            let k = k as f64;
            term += ((n - k + 1.0) / k * p / (1.0 - p)).ln();
            sum += term.exp();
        }
        sum.min(1.0)
    }
}

/// The end of the interval from 0 on which `holds`, to the precision of f64.
fn crossing(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return high;
        }
        if holds(middle) { low = middle } else { high = middle }
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
