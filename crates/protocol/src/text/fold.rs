//! Line breaks between words, in columns of a terminal.

use unicode_width::UnicodeWidthChar;

/// Number of terminal columns of a text. A wide character has two, an escape sequence for a style none.
#[must_use]
pub fn columns(text: &str) -> usize {
    let mut columns = 0;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            characters.by_ref().find(|end| end.is_ascii_alphabetic());
        } else {
            columns += character.width().unwrap_or_default();
        }
    }
    columns
}

/// Breaks every line of `text` that is wider than `width` columns. A continued line keeps the indentation and gets two
/// more blanks. Lines break between words only; a word that is wider than a line stays whole, so that a path can be
/// copied.
#[must_use]
pub fn fold(text: &str, width: usize) -> String {
    let fits = |line: &str| columns(line) <= width;
    if text.split('\n').all(fits) {
        return text.to_owned();
    }
    let folded = text.split('\n').map(|line| if fits(line) { line.to_owned() } else { folded_line(line, width) });
    folded.collect::<Vec<_>>().join("\n")
}

fn folded_line(line: &str, width: usize) -> String {
    if line.trim_start_matches(' ').is_empty() {
        return String::new();
    }
    let indent = line.len() - line.trim_start_matches(' ').len();
    let next = " ".repeat(indent + 2);
    let mut lines = vec![String::new()];
    let mut gap = &line[..0];
    for (word, blanks) in words(line) {
        let current = lines.last_mut().expect("never empty");
        let is_empty = current.trim_start().is_empty();
        if !is_empty && columns(current) + columns(gap) + columns(word) > width {
            lines.push(format!("{next}{word}"));
        } else {
            current.push_str(gap);
            current.push_str(word);
        }
        gap = blanks;
    }
    lines.join("\n")
}

/// Words of a line, each with the blanks after it. Leading blanks are a word of their own.
fn words(line: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = line;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let leading = rest.len() - rest.trim_start_matches(' ').len();
        if leading > 0 {
            let (blanks, after) = rest.split_at(leading);
            rest = after;
            return Some((blanks, ""));
        }
        let end = rest.find(' ').unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let blanks = after.len() - after.trim_start_matches(' ').len();
        rest = &after[blanks..];
        Some((word, &after[..blanks]))
    })
}

/// Breaks a text into lines of at most `width` columns, split between words. The first line begins with `start`, the
/// others with as many blanks. A word that is wider than a line is split.
#[must_use]
pub fn wrapped(start: &str, text: &str, width: usize) -> Vec<String> {
    let indent = columns(start);
    let room = width.saturating_sub(indent).max(1);
    let mut lines = vec![String::new()];
    for word in text.split_whitespace().flat_map(|word| pieces(word, room)) {
        let current = lines.last_mut().expect("never empty");
        if current.is_empty() {
            *current = word;
        } else if columns(current) + 1 + columns(&word) <= room {
            current.push(' ');
            current.push_str(&word);
        } else {
            lines.push(word);
        }
    }
    let begin = |index: usize| if index == 0 { start.to_owned() } else { " ".repeat(indent) };
    lines.iter().enumerate().map(|(index, line)| format!("{}{line}", begin(index)).trim_end().to_owned()).collect()
}

/// A word, split if it is wider than a line.
fn pieces(word: &str, width: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for character in word.chars() {
        let columns = character.width().unwrap_or_default();
        if used > 0 && used + columns > width {
            pieces.push(String::new());
            used = 0;
        }
        used += columns;
        pieces.last_mut().expect("never empty").push(character);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_break_between_words_and_continue_indented() {
        assert_eq!(fold("  a long line of words\nshort", 12), "  a long\n    line of\n    words\nshort");
        assert_eq!(fold("a   b", 80), "a   b", "columns of a list stay aligned");
        assert_eq!(fold("see /a/very/long/path now", 10), "see\n  /a/very/long/path\n  now");
        assert_eq!(fold("\u{1b}[1mbold\u{1b}[0m word", 9), "\u{1b}[1mbold\u{1b}[0m word", "styles have no width");
        assert_eq!(fold("a\n   ", 2), "a\n", "a line of blanks has no words");
    }

    #[test]
    fn wide_characters_have_two_columns() {
        assert_eq!(columns("日本"), 4);
        assert_eq!(wrapped("", "日本 語", 5), ["日本", "語"]);
        assert_eq!(wrapped("¹ ", "日本語", 4), ["¹ 日", "  本", "  語"]);
    }

    proptest! {
        #[test]
        fn folding_keeps_every_word_and_only_a_long_word_is_wider(text in "[a-z\u{65e5} ]{0,60}", width in 1usize..40) {
            let folded = fold(&text, width);
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(words(&folded), words(&text));
            for line in folded.split('\n') {
                let alone = line.split_whitespace().count() == 1;
                prop_assert!(columns(line) <= width || alone, "{:?} in {:?}", line, folded);
            }
            for line in wrapped("* ", &text, width) {
                prop_assert!(columns(&line) <= width.max(4), "{:?}", line);
            }
        }
    }
}
