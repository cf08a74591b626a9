//! Ticks of an axis.

/// About `count` round numbers from `low` to `high`, with the ends if they are round.
pub(super) fn ticks(low: f64, high: f64, count: usize) -> Vec<f64> {
    let range = high - low;
    if !range.is_finite() || range <= 0.0 {
        return vec![low];
    }
    let rough = range / count.max(1) as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power).into_iter().find(|step| *step >= rough * 0.999);
    let step = step.unwrap_or(rough);
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last).map(|index| index as f64 * step).collect()
}

/// Label of a tick, with the same number of digits along the axis: as many as tell the ticks apart.
pub(super) fn tick_label(value: f64, ticks: &[f64]) -> String {
    let step = if ticks.len() > 1 { (ticks[1] - ticks[0]).abs() } else { 1.0 };
    let largest = ticks.iter().fold(0.0_f64, |largest, tick| largest.max(tick.abs()));
    // Rounding must not change the magnitude of a step such as 0.000_999_999.
    let magnitude = |value: f64| (value.log10() + 1e-9).floor();
    if largest >= 1e6 || (largest > 0.0 && step < 1e-4) {
        let digits = (magnitude(largest) - magnitude(step)).clamp(1.0, 15.0) as usize;
        return if value.abs() < step / 2.0 { "0".to_owned() } else { format!("{value:.digits$e}") };
    }
    let decimals = (-magnitude(step)).clamp(0.0, 6.0) as usize;
    let text = format!("{value:.decimals$}");
    if text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.') { "0".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    #[test]
    fn round_numbers() {
        assert_eq!(ticks(0.0, 1000.0, 5), [0.0, 200.0, 400.0, 600.0, 800.0, 1000.0]);
        let fine = ticks(0.12, 0.31, 4);
        assert_eq!(
            fine.iter().map(|tick| tick_label(*tick, &fine)).collect::<Vec<_>>(),
            ["0.15", "0.20", "0.25", "0.30"]
        );
    }

    #[test]
    fn labels_of_large_and_of_fine_ticks_differ() {
        let labels = |ticks: &[f64]| ticks.iter().map(|tick| tick_label(*tick, ticks)).collect::<Vec<_>>();
        assert_eq!(labels(&ticks(1.45e6, 1.49e6, 4)), ["1.45e6", "1.46e6", "1.47e6", "1.48e6", "1.49e6"]);
        assert_eq!(labels(&ticks(2e6, 6e6, 4)), ["2.0e6", "3.0e6", "4.0e6", "5.0e6", "6.0e6"]);
        assert_eq!(labels(&[3.000_0e-5, 3.000_5e-5]), ["3.0000e-5", "3.0005e-5"]);
        assert_eq!(labels(&[-1e6, 0.0, 1e6]), ["-1.0e6", "0", "1.0e6"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn ticks_lie_on_the_axis_and_are_few(low in -1e9..1e9_f64, range in 1e-3..1e9_f64) {
            let ticks = ticks(low, low + range, 5);
            prop_assert!(ticks.len() <= 7);
            prop_assert!(ticks.iter().all(|tick| *tick >= low - range * 1e-6 && *tick <= low + range * 1.000_001));
        }

        #[test]
        fn different_ticks_have_different_labels(low in -1.0..1.0_f64, size in -12..12_i32, part in 1e-5..1.0_f64) {
            let low = low * 10f64.powi(size);
            let ticks = ticks(low, low + part * 10f64.powi(size), 5);
            let mut labels: Vec<_> = ticks.iter().map(|tick| tick_label(*tick, &ticks)).collect();
            labels.sort();
            labels.dedup();
            prop_assert_eq!(labels.len(), ticks.len(), "{:?}", labels);
        }
    }
}
