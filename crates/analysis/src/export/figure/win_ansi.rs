//! Text in `WinAnsiEncoding`, which the fonts of every PDF reader have.

/// Characters of the codes 0x80 to 0x9f; a blank where the encoding has none.
const HIGH: [char; 32] = [
    '€', ' ', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', ' ', 'Ž', ' ', ' ', '‘', '’', '“', '”', '•', '–',
    '—', '˜', '™', 'š', '›', 'œ', ' ', 'ž', 'Ÿ',
];

/// The text with signs of genbench that the encoding lacks in words.
pub(super) fn in_words(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '↓' => words.push_str("(lower is better)"),
            '↑' => words.push_str("(higher is better)"),
            '→' => words.push_str("->"),
            '≥' => words.push_str(">="),
            '≤' => words.push_str("<="),
            '∞' => words.push_str("infinity"),
            '−' => words.push('-'),
            other => words.push(other),
        }
    }
    words
}

/// Codes of a text.
///
/// # Errors
/// The first character that the encoding lacks.
pub(super) fn codes(text: &str) -> Result<Vec<u8>, char> {
    text.chars().map(|character| code(character).ok_or(character)).collect()
}

fn code(character: char) -> Option<u8> {
    match character {
        ' '..='~' | '\u{a0}'..='\u{ff}' => u8::try_from(u32::from(character)).ok(),
        _ => HIGH.iter().position(|high| *high == character).and_then(|at| u8::try_from(0x80 + at).ok()),
    }
}
