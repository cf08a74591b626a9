//! Counts for people: with their noun, with separators of thousands.

/// Formats a count with its noun, in the plural unless the count is 1.
///
/// ```
/// use protocol::text::count;
///
/// assert_eq!(count(1, "trial"), "1 trial");
/// assert_eq!(count(0, "trial"), "0 trials");
/// assert_eq!(count(2, "training image"), "2 training images");
/// assert_eq!(count(3, "retry"), "3 retries");
/// assert_eq!(count(2, "pass"), "2 passes");
/// ```
#[must_use]
pub fn count(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {}", plural(noun)) }
}

/// Formats a number with a comma between groups of three digits.
///
/// ```
/// use protocol::text::thousands;
///
/// assert_eq!([thousands(999), thousands(1_000), thousands(1_234_567)], ["999", "1,000", "1,234,567"]);
/// ```
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Regular plural of an English noun.
fn plural(noun: &str) -> String {
    let vowel_before_y = || noun.chars().rev().nth(1).is_some_and(|letter| "aeiou".contains(letter));
    match noun {
        _ if noun.ends_with('y') && !vowel_before_y() => format!("{}ies", &noun[..noun.len() - 1]),
        _ if ["s", "x", "ch", "sh"].iter().any(|end| noun.ends_with(end)) => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_is_singular() {
        let all = [(0, "day"), (1, "day"), (2, "day"), (2, "story"), (5, "batch"), (1, "batch")];
        let shown = all.map(|(number, noun)| count(number, noun));
        assert_eq!(shown, ["0 days", "1 day", "2 days", "2 stories", "5 batches", "1 batch"]);
    }
}
