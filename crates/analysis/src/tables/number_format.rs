//! Formats of numbers, for people and for programs.

use protocol::Kind;

use crate::summary::Spread;

/// Formats a number for programs: the shortest text that reads back as the same number.
pub(crate) fn exact(value: f64) -> String {
    let size = value.abs();
    if value.is_finite() && size != 0.0 && !(1e-5..1e16).contains(&size) {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}

/// Formats a mean and half its confidence interval, with two significant digits of the uncertainty. The uncertainty of a
/// single seed is its error over test images; it has no interval.
pub(crate) fn rounded(spread: &Spread, se_test: Option<f64>) -> String {
    let uncertainty = spread.half.filter(|half| *half > 0.0).or(se_test.filter(|se| *se > 0.0));
    let decimals = match uncertainty {
        Some(uncertainty) => digits_after_point(uncertainty, 2),
        None if spread.mean.fract() == 0.0 && spread.mean.abs() < 1e15 => 0,
        None => digits_after_point(spread.mean, 4),
    };
    match spread.half {
        None => fixed(spread.mean, decimals),
        Some(half) if half > 0.0 => format!("{} ± {}", fixed(spread.mean, decimals), fixed(half, decimals)),
        // A value that is equal in every seed and has no error is a count.
        Some(_) if se_test.is_none() => fixed(spread.mean, decimals),
        Some(_) => format!("{} ± 0", fixed(spread.mean, decimals)),
    }
}

/// Prefix of a bound: the quantity is at least, or at most, the figure.
pub(crate) fn mark(kind: Kind) -> &'static str {
    match kind {
        Kind::Exact | Kind::Estimate => "",
        Kind::LowerBound => "≥ ",
        Kind::UpperBound => "≤ ",
    }
}

/// Number of decimals that show `digits` significant digits of `value`, at most 6.
pub(crate) fn digits_after_point(value: f64, digits: i32) -> usize {
    let magnitude = value.abs().log10().floor();
    if !magnitude.is_finite() {
        return 0;
    }
    (digits - 1 - magnitude as i32).clamp(0, 6) as usize
}

/// Formats `value` with `decimals` decimals.
pub(crate) fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    // Rounding must not give a negative zero.
    if text.starts_with('-') && text[1..].chars().all(|c| c == '0' || c == '.') { text[1..].to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    fn shown(mean: f64, half: Option<f64>, se: Option<f64>) -> String {
        rounded(&Spread { n: half.map_or(1, |_| 3), mean, sd: half, half }, se)
    }

    #[test]
    fn digits_follow_the_uncertainty() {
        assert_eq!(shown(88.31472, Some(0.1234), Some(0.9)), "88.31 ± 0.12");
        assert_eq!(shown(12345.6, Some(234.5), None), "12346 ± 234");
        assert_eq!(shown(88.31472, None, Some(0.5)), "88.31");
        assert_eq!(shown(88.31472, None, None), "88.31");
        assert_eq!(shown(0.012_345_6, None, None), "0.01235");
        assert_eq!(shown(231.2, Some(0.0), Some(1.2)), "231.2 ± 0");
        assert_eq!(shown(785_284.0, Some(0.0), None), "785284");
        assert_eq!(shown(-0.0001, Some(0.5), None), "0.00 ± 0.50");
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn exact_text_reads_back(value in any::<f64>()) {
            let back: f64 = exact(value).parse().unwrap();
            prop_assert!(back == value || (back.is_nan() && value.is_nan()));
        }
    }
}
