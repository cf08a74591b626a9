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
    let uncertainty = uncertainty(spread, se_test);
    let largest = spread.mean.abs().max(spread.half.unwrap_or_default());
    if !is_plain(largest) {
        let (of, digits) = uncertainty.map_or((spread.mean, 4), |uncertainty| (uncertainty, 2));
        let mean = scientific(spread.mean, of, digits);
        return spread.half.map_or(mean.clone(), |half| match half > 0.0 {
            true => format!("{mean} ± {}", scientific(half, of, digits)),
            false if se_test.is_some() => format!("{mean} ± 0"),
            false => mean,
        });
    }
    let decimals = decimals(spread, se_test);
    match spread.half {
        None => fixed(spread.mean, decimals),
        Some(half) if half > 0.0 => format!("{} ± {}", fixed(spread.mean, decimals), fixed(half, decimals)),
        // A value that is equal in every seed and has no error is a count.
        Some(_) if se_test.is_none() => fixed(spread.mean, decimals),
        Some(_) => format!("{} ± 0", fixed(spread.mean, decimals)),
    }
}

/// Formats a share with its interval, with two significant digits of the nearer end.
pub(crate) fn share(mean: f64, low: f64, high: f64) -> String {
    let width = [mean - low, high - mean].into_iter().filter(|width| *width > 0.0).fold(1.0, f64::min);
    let decimals = digits_after_point(width, 2);
    let mean = if mean.fract() == 0.0 { fixed(mean, 0) } else { fixed(mean, decimals) };
    format!("{mean} [{}, {}]", fixed(low, decimals), fixed(high, decimals))
}

/// Number of decimals of a mean that has no exponent.
pub(crate) fn decimals(spread: &Spread, se_test: Option<f64>) -> usize {
    match uncertainty(spread, se_test) {
        Some(uncertainty) => digits_after_point(uncertainty, 2),
        None if spread.mean.fract() == 0.0 && spread.mean.abs() < 1e15 => 0,
        None => digits_after_point(spread.mean, 4),
    }
}

/// Half the confidence interval; for a single seed, and for equal seeds, the error over test images.
fn uncertainty(spread: &Spread, se_test: Option<f64>) -> Option<f64> {
    spread.half.filter(|half| *half > 0.0).or(se_test.filter(|se| *se > 0.0))
}

/// Returns whether people read a number of this size without an exponent: 0, or from 1e-4 to 1e7.
pub(crate) fn is_plain(value: f64) -> bool {
    value == 0.0 || !value.is_finite() || (1e-4..1e7).contains(&value.abs())
}

/// Formats `value` with an exponent, to `digits` significant digits of `of`.
pub(crate) fn scientific(value: f64, of: f64, digits: i32) -> String {
    let magnitude = |value: f64| value.abs().log10().floor() as i32;
    let decimals = (digits - 1 - magnitude(of) + magnitude(value)).clamp(0, 15) as usize;
    if value == 0.0 || !value.is_finite() { value.to_string() } else { format!("{value:.decimals$e}") }
}

/// Formats `value` with `decimals` decimals, or with an exponent if it is very large or very small.
pub(crate) fn readable(value: f64, decimals: usize) -> String {
    if is_plain(value) { fixed(value, decimals) } else { scientific(value, value, 4) }
}

/// A level of confidence in percent, with two significant digits of the error probability: `99`, `99.67`.
pub(crate) fn percent(level: f64) -> String {
    let text = fixed(100.0 * level, digits_after_point(100.0 * (1.0 - level), 2));
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
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

    #[test]
    fn very_large_and_very_small_numbers_have_an_exponent() {
        assert_eq!(shown(1.234_567e33, None, None), "1.235e33");
        assert_eq!(shown(1.234_567e33, Some(4.5e32), Some(1.0)), "1.23e33 ± 4.5e32");
        assert_eq!(shown(-2.5e-7, Some(1.3e-8), None), "-2.50e-7 ± 1.3e-8");
        assert_eq!(shown(12_345_678.0, Some(0.0), None), "1.235e7");
        assert_eq!(shown(1e9, Some(0.0), Some(3.0)), "1.0000000000e9 ± 0");
        // The larger of the two decides, so that both have one form.
        assert_eq!(shown(3.0, Some(2e8), None), "3e0 ± 2.0e8");
        assert_eq!(shown(10_000_001.5, Some(6.7), None), "1.00000015e7 ± 6.7e0");
        assert_eq!(shown(0.000_02, Some(0.5), None), "0.00 ± 0.50");
        assert_eq!(shown(9_999_999.0, None, None), "9999999");
        assert_eq!(shown(0.000_1, None, None), "0.000100");
        assert_eq!(
            (readable(f64::NAN, 2), readable(0.0, 2), readable(1e-9, 2)),
            ("NaN".into(), "0.00".into(), "1.000e-9".into())
        );
    }

    #[test]
    fn levels_have_the_digits_of_their_error() {
        let levels = [0.95, 0.99, 0.995, 1.0 - 0.01 / 3.0, 1.0 - 0.01 / 70.0].map(percent);
        assert_eq!(levels, ["95", "99", "99.5", "99.67", "99.986"]);
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
