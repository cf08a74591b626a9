//! Escaping of a text for each format that genbench writes: one function per format. JSON is written by `serde_json`.
//!
//! [`hidden`] characters cannot be seen, or change how their neighbours are shown. Where a person reads the text, they
//! are shown as `\u{202e}`. CSV and JSON keep them.

use std::borrow::Cow;

/// Returns whether a character cannot be seen, or changes the order or the appearance of others: control characters,
/// marks of the writing direction, characters without width, and separators of lines and paragraphs.
#[must_use]
pub fn hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// Visible form of a hidden character: `\u{202e}`.
fn visible(character: char) -> String {
    format!("\\u{{{:x}}}", u32::from(character))
}

/// Replaces the characters for which `replace` returns a text.
fn replaced(text: &str, replace: impl Fn(char) -> Option<Cow<'static, str>>) -> Cow<'_, str> {
    let Some(first) = text.char_indices().find(|(_, character)| replace(*character).is_some()) else {
        return Cow::Borrowed(text);
    };
    let mut escaped = text[..first.0].to_owned();
    for character in text[first.0..].chars() {
        match replace(character) {
            Some(instead) => escaped.push_str(&instead),
            None => escaped.push(character),
        }
    }
    Cow::Owned(escaped)
}

/// Text for a terminal: hidden characters are shown, so that no text can move the cursor or change a colour. Line breaks
/// and tabs stay.
#[must_use]
pub fn terminal(text: &str) -> Cow<'_, str> {
    replaced(text, |character| match character {
        '\n' | '\t' => None,
        _ => hidden(character).then(|| visible(character).into()),
    })
}

/// Text for one cell of a terminal's table: as [`terminal`], on one line.
#[must_use]
pub fn cell(text: &str) -> Cow<'_, str> {
    replaced(text, |character| match character {
        '\n' | '\t' => Some(" ".into()),
        _ => hidden(character).then(|| visible(character).into()),
    })
}

/// Text for the content or a quoted attribute of HTML.
#[must_use]
pub fn html(text: &str) -> Cow<'_, str> {
    replaced(text, |character| match character {
        '<' => Some("&lt;".into()),
        '>' => Some("&gt;".into()),
        '&' => Some("&amp;".into()),
        '"' => Some("&quot;".into()),
        '\'' => Some("&#39;".into()),
        '\n' | '\t' => None,
        _ => hidden(character).then(|| visible(character).into()),
    })
}

/// Text for the content or a quoted attribute of XML 1.0. Characters that XML does not allow are shown as `\u{1}`.
#[must_use]
pub fn xml(text: &str) -> Cow<'_, str> {
    replaced(text, |character| match character {
        '<' => Some("&lt;".into()),
        '>' => Some("&gt;".into()),
        '&' => Some("&amp;".into()),
        '"' => Some("&quot;".into()),
        '\'' => Some("&apos;".into()),
        // A parser replaces these by blanks in an attribute.
        '\n' => Some("&#10;".into()),
        '\t' => Some("&#9;".into()),
        '\u{fffe}' | '\u{ffff}' => Some(visible(character).into()),
        _ => hidden(character).then(|| visible(character).into()),
    })
}

/// Text for one line or table cell of Markdown: markup is escaped, line breaks are blanks.
#[must_use]
pub fn markdown(text: &str) -> Cow<'_, str> {
    let escaped = replaced(text, |character| match character {
        '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '#' | '~' | '$' | '!' => Some(format!("\\{character}").into()),
        '<' => Some("&lt;".into()),
        '>' => Some("&gt;".into()),
        '&' => Some("&amp;".into()),
        '@' => Some("&#64;".into()),
        '\n' | '\t' => Some(" ".into()),
        _ => hidden(character).then(|| visible(character).replace('\\', "\\\\").into()),
    });
    at_line_start(escaped)
}

/// Escapes what begins a list, a rule or a code block at the start of a line.
fn at_line_start(text: Cow<'_, str>) -> Cow<'_, str> {
    let text: Cow<'_, str> = if text.starts_with(' ') { text.trim_start().to_owned().into() } else { text };
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => format!("{}\\{}", &text[..digits], &text[digits..]).into(),
        Some(b'-' | b'+' | b'=') if digits == 0 => format!("\\{text}").into(),
        _ => text,
    }
}

/// Text for LaTeX outside of math: special characters are escaped, ligatures of punctuation are broken, line breaks are blanks.
/// Signs of genbench's own tables become commands of plain LaTeX; other scripts need LuaLaTeX or XeLaTeX.
#[must_use]
pub fn latex(text: &str) -> Cow<'_, str> {
    let escaped = replaced(text, |character| match character {
        '\\' => Some("\\textbackslash{}".into()),
        '{' | '}' | '$' | '&' | '#' | '_' | '%' => Some(format!("\\{character}").into()),
        '~' => Some("\\textasciitilde{}".into()),
        '^' => Some("\\textasciicircum{}".into()),
        '<' => Some("\\textless{}".into()),
        '>' => Some("\\textgreater{}".into()),
        '|' => Some("\\textbar{}".into()),
        '`' => Some("\\textasciigrave{}".into()),
        '"' => Some("\\char34{}".into()),
        // At the start of a row, the end of the row before it would take these as its arguments.
        '*' => Some("{*}".into()),
        '[' => Some("{[}".into()),
        ']' => Some("{]}".into()),
        '\n' | '\t' => Some(" ".into()),
        _ => match LATEX_SIGNS.iter().find(|(sign, _)| *sign == character) {
            Some((_, command)) => Some(format!("\\ensuremath{{{command}}}").into()),
            None => hidden(character).then(|| {
                let code = u32::from(character);
                format!("\\textbackslash{{}}u\\{{{code:x}\\}}").into()
            }),
        },
    });
    // LaTeX joins two hyphens to a dash, and two commas or apostrophes to a quotation mark.
    let joins = |text: &str| ["--", ",,", "''"].into_iter().any(|pair| text.contains(pair));
    let mut escaped = escaped;
    while joins(&escaped) {
        escaped = escaped.replace("--", "-{}-").replace(",,", ",{},").replace("''", "'{}'").into();
    }
    escaped
}

/// Signs in labels and headers of tables, with their commands in math.
const LATEX_SIGNS: [(char, &str); 12] = [
    ('±', "\\pm"),
    ('≥', "\\geq"),
    ('≤', "\\leq"),
    ('↑', "\\uparrow"),
    ('↓', "\\downarrow"),
    ('→', "\\rightarrow"),
    ('×', "\\times"),
    ('·', "\\cdot"),
    ('…', "\\ldots"),
    ('∞', "\\infty"),
    ('−', "-"),
    ('—', "\\mbox{---}"),
];

/// Text for a cell of CSV, before quoting: a text that a spreadsheet would run as a formula has a leading `'`. So has a
/// text that begins with `'`, so that removing one `'` restores every text. Numbers stay as they are.
#[must_use]
pub fn csv(text: &str) -> Cow<'_, str> {
    let runs = |first: char| "=+-@\t\r\n'\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}".contains(first);
    if text.starts_with(runs) && !is_number(text) { format!("'{text}").into() } else { text.into() }
}

/// Restores a cell that [`csv`] has escaped.
#[must_use]
pub fn csv_read(cell: &str) -> &str {
    cell.strip_prefix('\'').unwrap_or(cell)
}

/// Returns whether a text is a plain decimal number, such as `-1.5` or `+1e-3`.
fn is_number(text: &str) -> bool {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    plain && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests;
