//! Tokens of a statement.

use super::Mistake;
use crate::source::Span;

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A number as written, such as `1e-9`.
    Number(String),
    /// A name without quotes, or a keyword.
    Word(String),
    /// A name in quotes, without them.
    Quoted(String),
    /// An operator, a bracket or a comma.
    Symbol(&'static str),
    /// End of the text.
    End,
}

/// Symbols; a longer one precedes its own beginning.
const SYMBOLS: [&str; 16] = ["<=", ">=", "==", "<", ">", "=", "(", ")", "[", "]", ",", ".", "+", "-", "*", "/"];

/// Operators of other languages, with what to write in their place.
const FOREIGN: [(&str, &str); 10] = [
    ("!=", "write `not (a == b)`"),
    ("&&", "write `and`"),
    ("||", "write `or`"),
    ("&", "write `and`"),
    ("|", "write `or`"),
    ("!", "write `not`"),
    ("≤", "write `<=`"),
    ("≥", "write `>=`"),
    ("−", "write `-`"),
    ("%", "write a fraction, such as `0.2`"),
];

/// Splits the text of a statement into tokens with their spans; the last one is [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Span)>, Mistake> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (token, len) = token(text, at, first)?;
        found.push((token, Span { start: at, end: at + len }));
        at += len;
    }
    found.push((Token::End, Span { start: text.len(), end: text.len() }));
    Ok(found)
}

/// The token at `at` and its length in bytes.
fn token(text: &str, at: usize, first: char) -> Result<(Token, usize), Mistake> {
    let rest = &text[at..];
    if first == '"' || first == '\'' {
        return quoted(text, at, first);
    }
    if first.is_ascii_digit() {
        let len = number(rest);
        let end = word(&rest[len..]);
        if end > 0 {
            let span = Span { start: at, end: at + len + end };
            let help = "a name that starts with a digit needs quotes: `\"3d vae\".nll`";
            return Err(Mistake::located(span, format!("`{}` is no number", &rest[..len + end]), help));
        }
        return Ok((Token::Number(rest[..len].to_owned()), len));
    }
    let len = word(rest);
    if len > 0 {
        return Ok((Token::Word(rest[..len].to_owned()), len));
    }
    if let Some((foreign, help)) = FOREIGN.iter().find(|(foreign, _)| rest.starts_with(foreign)) {
        let span = Span { start: at, end: at + foreign.len() };
        return Err(Mistake::located(span, format!("`{foreign}` is no operator of a claim"), *help));
    }
    if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
        return Ok((Token::Symbol(symbol), symbol.len()));
    }
    let span = Span { start: at, end: at + first.len_utf8() };
    let help = "a name with such a character needs quotes: `\"nade #1\".nll`";
    Err(Mistake::located(span, format!("`{first}` is not allowed here"), help))
}

/// A name in quotes. A doubled quote is one quote of the name.
fn quoted(text: &str, at: usize, quote: char) -> Result<(Token, usize), Mistake> {
    let mut name = String::new();
    let mut chars = text[at + 1..].char_indices().peekable();
    while let Some((index, c)) = chars.next() {
        if c != quote {
            name.push(c);
        } else if chars.next_if(|(_, next)| *next == quote).is_some() {
            name.push(quote);
        } else {
            return Ok((Token::Quoted(name), index + 2));
        }
    }
    let span = Span { start: at, end: text.len() };
    Err(Mistake::located(span, "the quote is not closed", "write the same quote at the end of the name"))
}

/// Length of the word at the start: letters, digits and `_`, no digit first.
fn word(text: &str) -> usize {
    let is_part = |c: char| c == '_' || c.is_alphanumeric();
    match text.chars().next() {
        Some(first) if is_part(first) && !first.is_ascii_digit() => text.find(|c| !is_part(c)).unwrap_or(text.len()),
        _ => 0,
    }
}

/// Length of the number at the start: digits, a fraction, an exponent.
fn number(text: &str) -> usize {
    let digits = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut len = digits(0);
    if text[len..].starts_with('.') && digits(len + 1) > 0 {
        len += 1 + digits(len + 1);
    }
    if text[len..].starts_with(['e', 'E']) {
        let sign = usize::from(text[len + 1..].starts_with(['+', '-']));
        let exponent = digits(len + 1 + sign);
        len += if exponent > 0 { 1 + sign + exponent } else { 0 };
    }
    len
}
