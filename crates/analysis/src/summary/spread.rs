//! Mean, standard deviation and interval over seeds.

use stats::t_quantile;

/// Mean and spread of a figure over at least one seed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Number of seeds.
    pub n: usize,
    /// Mean over seeds.
    pub mean: f64,
    /// Standard deviation over seeds, with n - 1; `None` for one seed.
    pub sd: Option<f64>,
    /// Half the width of the mean's 95% confidence interval, by Student's t; `None` for one seed.
    pub half: Option<f64>,
}

impl Spread {
    /// Computes the spread of `values`; `None` without values.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        let n = values.len();
        if n == 0 {
            return None;
        }
        let mean = values.iter().sum::<f64>() / n as f64;
        // Equal values must give 0, whatever the sum was rounded to.
        let mean = if values.iter().all(|value| *value == values[0]) { values[0] } else { mean };
        let squares = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
        let sd = (n > 1).then(|| (squares / (n - 1) as f64).sqrt());
        let half = sd.and_then(|sd| Some(t_quantile((n - 1) as f64, 0.975)? * sd / (n as f64).sqrt()));
        Some(Self { n, mean, sd, half })
    }

    /// 95% confidence interval of the mean.
    #[must_use]
    pub fn interval(&self) -> Option<(f64, f64)> {
        self.half.map(|half| (self.mean - half, self.mean + half))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    #[test]
    fn hand_computed_values() {
        // 1, 2, 4, 9: mean 4, squares 9 + 4 + 0 + 25 = 38, t(3) = 3.182446 (any printed table).
        let spread = Spread::of(&[1.0, 2.0, 4.0, 9.0]).unwrap();
        assert_eq!((spread.n, spread.mean), (4, 4.0));
        assert!((spread.sd.unwrap() - (38.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        let (low, high) = spread.interval().unwrap();
        let half = 3.182_446_305_284 * (38.0_f64 / 3.0).sqrt() / 2.0;
        assert!((high - (4.0 + half)).abs() < 1e-8, "{high}");
        assert!((low - (4.0 - half)).abs() < 1e-8, "{low}");
    }

    #[test]
    fn one_seed_has_no_spread_and_no_seed_has_no_mean() {
        let one = Spread::of(&[3.5]).unwrap();
        assert_eq!((one.mean, one.sd, one.interval()), (3.5, None, None));
        assert_eq!(Spread::of(&[]), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn equal_values_have_no_width(value in -1e12..1e12_f64, n in 2..20_usize) {
            let spread = Spread::of(&vec![value; n]).unwrap();
            prop_assert_eq!((spread.mean, spread.sd, spread.half), (value, Some(0.0), Some(0.0)));
        }

        #[test]
        fn the_interval_holds_the_mean(values in prop::collection::vec(-1e6..1e6_f64, 2..20)) {
            let spread = Spread::of(&values).unwrap();
            let (low, high) = spread.interval().unwrap();
            prop_assert!(low <= spread.mean && spread.mean <= high);
        }
    }
}
