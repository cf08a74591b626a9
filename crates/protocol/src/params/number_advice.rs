//! Advice for values that are nearly a number, or a number where text is expected.

/// The number that the text of a value means: `1000` for `1e3`, `1_000` and `1,000`, `3` for `0b11`. `None` if it means
/// none, or several.
#[must_use]
pub fn meant_whole(text: &str) -> Option<String> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(rest) if text.starts_with('-') => ("-", rest),
        Some(rest) => ("", rest),
        None => ("", text),
    };
    let number =
        based(digits).or_else(|| base_sixty(digits)).or_else(|| grouped(digits)).or_else(|| integral(digits))?;
    Some(format!("{sign}{number}"))
}

/// The number that the text of a value means, whole or not: `0.5` for `0,5`.
#[must_use]
pub fn meant_number(text: &str) -> Option<String> {
    let text = text.trim();
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if text.parse::<f64>().is_ok_and(f64::is_finite) {
        return Some(text.to_owned());
    }
    match text.split_once(',') {
        Some((whole, part)) if all_digits(whole.trim_start_matches('-')) && all_digits(part) => {
            Some(format!("{whole}.{part}"))
        }
        _ => meant_whole(text),
    }
}

/// A number in base 2, 8 or 16 with its prefix.
fn based(digits: &str) -> Option<u64> {
    let rest = digits.strip_prefix('0')?;
    let radix = match rest.chars().next()? {
        'b' | 'B' => 2,
        'o' | 'O' => 8,
        'x' | 'X' => 16,
        _ => return None,
    };
    u64::from_str_radix(&rest[1..], radix).ok()
}

/// A number in base 60, as YAML 1.1 reads `1:30`.
fn base_sixty(digits: &str) -> Option<u64> {
    let mut parts = digits.split(':').map(|part| part.parse::<u64>().ok());
    let first = parts.next()??;
    let mut rest = parts.peekable();
    rest.peek()?;
    rest.try_fold(first, |sum, part| sum.checked_mul(60)?.checked_add(part.filter(|part| *part < 60)?))
}

/// Digits, perhaps in groups of three, or with underscores anywhere or zeros at the start.
fn grouped(digits: &str) -> Option<u64> {
    let mut groups = digits.split([',', '\'', ' ']);
    let first = groups.next()?;
    let three = |group: &str| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
    let whole = groups.all(three) && first.starts_with(|c: char| c.is_ascii_digit());
    whole.then(|| digits.replace([',', '\'', ' ', '_'], "").parse().ok())?
}

/// A number with a decimal point or an exponent, but without a fraction.
fn integral(digits: &str) -> Option<u64> {
    let number: f64 = digits.replace('_', "").parse().ok()?;
    // Every whole number below 2^53 is exact.
    (number.fract() == 0.0 && (0.0..9_007_199_254_740_992.0).contains(&number)).then_some(number as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        for (text, meant) in [
            ("1e3", "1000"),
            ("1000.0", "1000"),
            ("1.5e1", "15"),
            ("1_000", "1000"),
            ("1,000,000", "1000000"),
            ("1'000", "1000"),
            ("017", "17"),
            ("7", "7"),
            ("0b11", "3"),
            ("0X1f", "31"),
            ("0o17", "15"),
            ("-0x10", "-16"),
            ("1:30", "90"),
            ("1:00:00", "3600"),
        ] {
            assert_eq!(meant_whole(text).as_deref(), Some(meant), "{text}");
        }
        for none in
            ["", "many", "1.5", "0x", "0xZZ", "1,00", "1:60", "1e30", "2001-01-01", "1 2", "inf", "nan", "ten", "-"]
        {
            assert_eq!(meant_whole(none), None, "{none}");
        }
        assert_eq!(meant_number("0,5").as_deref(), Some("0.5"));
        assert_eq!(meant_number("0.5").as_deref(), Some("0.5"));
        assert_eq!(meant_number("0x10").as_deref(), Some("16"));
        assert_eq!(meant_number("fast"), None);
    }
}
