//! Numbers as a page prints them.

/// A number in a cell of a table, with the half-width of an interval if `±` follows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Printed {
    pub(crate) text: String,
    pub(crate) value: Rounded,
    pub(crate) half: Option<Rounded>,
    /// `true` if `≤` or `≥` stands before it: a bound, which may be printed with the other sign.
    pub(crate) is_bound: bool,
}

/// A decimal number: every number that rounds to it is meant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rounded {
    pub(crate) value: f64,
    /// Half of a unit of the last digit.
    pub(crate) error: f64,
}

impl Rounded {
    pub(crate) fn exact(value: f64) -> Self {
        Self { value, error: 0.0 }
    }

    /// Parses a number: thousands separators, a sign and an exponent are understood.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let plain = text.replace(',', "");
        let value: f64 = plain.parse().ok()?;
        let (digits, exponent) = plain.split_once('e').unwrap_or((plain.as_str(), "0"));
        let decimals = digits.split_once('.').map_or(0, |(_, after)| after.len() as i32);
        Some(Self { value, error: 0.5 * 10_f64.powi(exponent.parse::<i32>().ok()? - decimals) })
    }

    pub(crate) fn negated(self) -> Self {
        Self { value: -self.value, ..self }
    }

    /// Returns whether one number can have been rounded to both.
    pub(crate) fn agrees(self, other: Self) -> bool {
        let slack = 1e-9 * self.value.abs().max(1e-9);
        (self.value - other.value).abs() <= self.error + other.error + slack
    }
}

/// The numbers of a cell. Numbers inside words (`8x8`, `IWAE-50`), code and links are no figures.
pub(crate) fn numbers(cell: &str) -> Vec<Printed> {
    let text = without_code(cell);
    let mut tokens: Vec<(usize, usize, &str)> = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let sign = bytes[at] == b'-' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        if !(bytes[at].is_ascii_digit() || sign) {
            at += 1;
            continue;
        }
        let end = end_of_number(bytes, at + usize::from(sign));
        let before = text[..at].chars().next_back();
        let after = text[end..].chars().next();
        let inside = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '^' | '.'))
            || after.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '^'));
        if !inside {
            tokens.push((at, end, &text[at..end]));
        }
        at = end;
    }
    let mut found: Vec<Printed> = Vec::new();
    let mut last_end = 0;
    for (start, end, number) in tokens {
        let Some(value) = Rounded::parse(number) else { continue };
        match found.last_mut() {
            Some(last) if last.half.is_none() && text[last_end..start].trim() == "±" => {
                last.half = Some(value);
                last.text += &format!(" ± {number}");
            }
            _ => {
                let is_bound = text[..start].trim_end().ends_with(['≤', '≥']);
                found.push(Printed { text: number.to_owned(), value, half: None, is_bound });
            }
        }
        last_end = end;
    }
    found
}

/// Digits, thousands separators, a decimal point, an exponent.
fn end_of_number(bytes: &[u8], start: usize) -> usize {
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = start;
    while digit(end)
        || (bytes.get(end) == Some(&b',') && (1..=3).all(|after| digit(end + after)) && !digit(end + 4))
        || (bytes.get(end) == Some(&b'.') && digit(end + 1))
    {
        end += 1;
    }
    let exponent = end + 1 + usize::from(bytes.get(end + 1) == Some(&b'-'));
    if bytes.get(end) == Some(&b'e') && digit(exponent) {
        end = exponent;
        while digit(end) {
            end += 1;
        }
    }
    end
}

/// A cell without code, the targets of links, and emphasis.
fn without_code(cell: &str) -> String {
    let outside: String = cell.split('`').step_by(2).collect::<Vec<_>>().join(" x ");
    let mut text = String::new();
    let mut rest = outside.as_str();
    while let Some((before, target)) = rest.split_once("](") {
        text += before;
        rest = target.split_once(')').map_or("", |(_, after)| after);
    }
    (text + rest).replace("**", "").replace("\\_", "_")
}

#[test]
fn numbers_of_a_cell() {
    let of = |cell: &str| numbers(cell).into_iter().map(|one| one.text).collect::<Vec<_>>();
    assert_eq!(of("-19.40 ± 0.10; -18.41 ± 0.06"), ["-19.40 ± 0.10", "-18.41 ± 0.06"]);
    assert_eq!(of("≤ 91.69"), ["91.69"]);
    assert_eq!(of("**-83.1 ± 1.4** (4.5)"), ["-83.1 ± 1.4", "4.5"]);
    assert_eq!(of("1e-7; 1.5e-5 nats"), ["1e-7", "1.5e-5"]);
    assert_eq!(of("IWAE-50 on 8x8 images, `nll 3`, [page 4](x5.md)"), ["4"]);
    assert_eq!(of("1,567 of 16,777,215"), ["1,567", "16,777,215"]);
    assert_eq!(of("0.693, 0.65"), ["0.693", "0.65"]);
    assert_eq!(of("from 2,000 images"), ["2,000"]);
}

#[test]
fn rounding() {
    let agree = |a: &str, b: f64| Rounded::parse(a).unwrap().agrees(Rounded::exact(b));
    assert!(agree("19.04", 19.0449) && agree("19.04", 19.0351) && !agree("19.04", 19.0461) && !agree("-19.04", 19.04));
    assert!(agree("25.22", 25.218_536) && agree("1,567", 1567.0) && agree("0.000", 1e-5) && agree("1e-7", 1.2e-7));
    // A number that is itself rounded.
    assert!(Rounded::parse("0.79").unwrap().agrees(Rounded::parse("0.787").unwrap()));
    assert!(!Rounded::parse("0.79").unwrap().agrees(Rounded::parse("0.782").unwrap()));
}
