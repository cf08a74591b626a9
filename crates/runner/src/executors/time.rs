//! Durations in the notation of clusters.

use std::time::Duration;

/// Parses `90m`, `4h`, `2d`, `45s` or Slurm's `HH:MM:SS`, `MM:SS`, `D-HH[:MM[:SS]]`. A bare number is refused, because
/// Slurm reads it as minutes and people as seconds.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let text = text.trim();
    let number = |text: &str| text.parse::<u64>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    for (unit, seconds) in [("s", 1), ("m", 60), ("h", 3600), ("d", 86400)] {
        if let Some(count) = text.strip_suffix(unit) {
            return number(count)?.checked_mul(seconds).map(Duration::from_secs);
        }
    }
    let (days, rest) = match text.split_once('-') {
        Some((days, rest)) => (Some(number(days)?), rest),
        None => (None, text),
    };
    let parts = rest.split(':').map(number).collect::<Option<Vec<_>>>()?;
    let (hours, minutes, seconds) = match (days, &parts[..]) {
        (_, [hours, minutes, seconds]) => (*hours, *minutes, *seconds),
        (None, [minutes, seconds]) => (0, *minutes, *seconds),
        (Some(_), [hours, minutes]) => (*hours, *minutes, 0),
        (Some(_), [hours]) => (*hours, 0, 0),
        _ => return None,
    };
    let days = days.unwrap_or(0).checked_mul(86400)?;
    let hours = hours.checked_mul(3600)?;
    let all = days.checked_add(hours)?.checked_add(minutes.checked_mul(60)?)?.checked_add(seconds)?;
    Some(Duration::from_secs(all))
}

/// Formats a duration for Slurm: `D-HH:MM:SS`.
pub(super) fn slurm(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{}-{:02}:{:02}:{:02}", seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notation_is_parsed() {
        for (text, seconds) in [
            ("45s", 45),
            ("90m", 5400),
            ("4h", 14400),
            ("2d", 172_800),
            ("04:00:00", 14400),
            ("01:30", 90),
            ("1-02", 93600),
            ("1-02:03:04", 93784),
        ] {
            assert_eq!(parse(text), Some(Duration::from_secs(seconds)), "{text}");
            assert_eq!(parse(&slurm(Duration::from_secs(seconds))), Some(Duration::from_secs(seconds)), "{text}");
        }
        for bad in
            ["", "60", "4 h", "-1h", "h", "1:2:3:4", "UNLIMITED", "99999999999999999999h", "18446744073709551615d"]
        {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
