//! Durations for people.

/// Formats seconds for people: `8 s`, `1 min 20 s`, `2 h 5 min`, `3 d 4 h`.
///
/// ```
/// assert_eq!(analysis::duration(80.0), "1 min 20 s");
/// ```
#[must_use]
pub fn duration(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    match whole {
        0..60 => format!("{whole} s"),
        60..3600 => format!("{} min {} s", whole / 60, whole % 60),
        3600..86_400 => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
        _ => format!("{} d {} h", whole / 86_400, whole % 86_400 / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scale_has_its_unit() {
        let all: Vec<_> = [0.4, 59.6, 3599.0, 7500.0, 1e5].map(duration).into();
        assert_eq!(all, ["0 s", "1 min 0 s", "59 min 59 s", "2 h 5 min", "1 d 3 h"]);
    }
}
