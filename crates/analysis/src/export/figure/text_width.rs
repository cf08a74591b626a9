//! Width of a text, and lines that fit a width.

use super::win_ansi::in_words;

/// Room for fonts that are wider than Helvetica, such as DejaVu Sans where a page has no other.
const ROOM: f64 = 1.2;
/// Room for bold fonts.
const BOLD_ROOM: f64 = 1.35;

/// Widths of ` ` to `~` in Helvetica, in thousandths of the size.
#[rustfmt::skip]
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// Width of a text in Helvetica. Letters with accents and other scripts have an upper bound.
pub(super) fn helvetica(text: &str, size: f64) -> f64 {
    let width = |character: char| match character {
        ' '..='~' => WIDTHS[character as usize - usize::from(b' ')],
        '±' | '×' => 584,
        '·' => 278,
        'à'..='ö' | 'ø'..='ÿ' => 611,
        'À'..='Å' | 'Ç'..='Ö' | 'Ø'..='Þ' => 778,
        _ => 1000,
    };
    text.chars().map(|character| f64::from(width(character))).sum::<f64>() * size / 1000.0
}

/// Room that a text needs in SVG and in PDF.
pub(super) fn room(text: &str, size: f64, bold: bool) -> f64 {
    helvetica(&in_words(text), size).max(helvetica(text, size)) * if bold { BOLD_ROOM } else { ROOM }
}

/// Splits a text at blanks into lines of at most `width`. A longer word is a line of its own.
pub(super) fn wrapped(text: &str, width: f64, size: f64, bold: bool) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if room(&format!("{line} {word}"), size, bold) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
