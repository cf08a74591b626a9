//! Each format against a parser of that format: what was written is read back, and nothing else is in the document.

use proptest::prelude::*;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::*;

/// Texts with markup, formulas, control characters, marks of direction and other scripts.
fn texts() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        any::<char>(),
        prop::sample::select(
            "<>&\"'=+-@|*_`[]#~$!\\.,;:1) \t\r\n\0\u{1b}\u{7f}\u{85}\u{9b}".chars().collect::<Vec<_>>()
        ),
        prop::sample::select(
            "\u{202e}\u{2066}\u{200b}\u{200d}\u{feff}\u{fffe}\u{ffff}日é\u{e0041}".chars().collect::<Vec<_>>()
        ),
    ];
    prop::collection::vec(character, 0..12).prop_map(|characters| characters.into_iter().collect())
}

/// The text as a person sees it.
fn shown(text: &str) -> String {
    terminal(text).into_owned()
}

proptest! {
    #[test]
    fn xml_is_read_back(text in texts()) {
        let document = format!("<a b=\"{0}\">{0}</a>", xml(&text));
        let parsed = roxmltree::Document::parse(&document).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let expected = shown(&text).replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}");
        prop_assert_eq!(parsed.root_element().attribute("b"), Some(expected.as_str()));
        prop_assert_eq!(parsed.root_element().text().unwrap_or_default(), expected);
    }

    /// The escaped text uses only what HTML and XML share, so that a parser of XML reads it.
    #[test]
    fn html_is_read_back(text in texts()) {
        let text = text.replace(['\u{fffe}', '\u{ffff}'], "");
        let document = format!("<p>{}</p>", html(&text));
        let parsed = roxmltree::Document::parse(&document).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(parsed.root_element().text().unwrap_or_default(), shown(&text));
        prop_assert!(!html(&text).contains(['<', '>', '"', '\'']));
    }

    #[test]
    fn markdown_is_one_paragraph_of_the_text(text in texts()) {
        let escaped = markdown(&text);
        let mut found = String::new();
        for event in Parser::new(&escaped) {
            match event {
                Event::Text(text) => found.push_str(&text),
                Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => {}
                other => return Err(TestCaseError::fail(format!("{other:?} in {escaped:?}"))),
            }
        }
        let expected = cell(&text);
        prop_assert_eq!(found.trim(), expected.trim());
    }

    #[test]
    fn latex_is_read_back_and_has_no_other_command(text in texts()) {
        let escaped = latex(&text);
        let read = latex_read(&escaped).map_err(|error| TestCaseError::fail(format!("{error} in {escaped:?}")))?;
        prop_assert_eq!(read, cell(&text));
        prop_assert!(!["--", ",,", "''"].iter().any(|pair| escaped.contains(pair)), "{}", escaped);
    }

    #[test]
    fn csv_is_read_back_and_no_text_is_a_formula(text in texts()) {
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        writer.write_record(["text", "end"]).unwrap();
        writer.write_record([csv(&text).as_ref(), "end"]).unwrap();
        let bytes = writer.into_inner().unwrap();
        let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
        let row = reader.records().next().unwrap().unwrap();
        prop_assert_eq!(csv_read(&row[0]), text.as_str());
        prop_assert!(!row[0].starts_with(['=', '@', '\t', '\r']));
        prop_assert!(!row[0].starts_with(['+', '-']) || row[0].parse::<f64>().is_ok_and(f64::is_finite));
    }

    #[test]
    fn a_terminal_gets_no_control_character(text in texts()) {
        prop_assert!(!terminal(&text).chars().any(|c| hidden(c) && c != '\n' && c != '\t'));
        prop_assert!(!cell(&text).chars().any(hidden));
    }
}

/// Text that LaTeX would print. Every command that `latex` does not write is an error, and so is a character that LaTeX would
/// interpret.
fn latex_read(mut rest: &str) -> Result<String, String> {
    const WORDS: [(&str, char); 11] = [
        ("\\textbackslash{}", '\\'),
        ("\\textasciitilde{}", '~'),
        ("\\textasciicircum{}", '^'),
        ("\\textless{}", '<'),
        ("\\textgreater{}", '>'),
        ("\\textbar{}", '|'),
        ("\\textasciigrave{}", '`'),
        ("\\char34{}", '"'),
        ("{*}", '*'),
        ("{[}", '['),
        ("{]}", ']'),
    ];
    let mut text = String::new();
    while let Some(character) = rest.chars().next() {
        let after = &rest[character.len_utf8()..];
        let word = WORDS.iter().find_map(|(word, stands_for)| Some((rest.strip_prefix(word)?, *stands_for)));
        let sign = rest.strip_prefix("\\ensuremath{").and_then(|inner| {
            let known = |(sign, command): &(char, &str)| Some((inner.strip_prefix(command)?.strip_prefix('}')?, *sign));
            LATEX_SIGNS.iter().find_map(known)
        });
        let escaped = rest.strip_prefix('\\').and_then(|next| next.chars().next()).filter(|c| "{}$&#_%".contains(*c));
        let unjoined =
            ['-', ',', '\''].into_iter().find_map(|c| Some((after.strip_prefix("{}")?, c)).filter(|_| c == character));
        let (next, meant) = match (word.or(sign).or(unjoined), escaped) {
            (Some(found), _) => found,
            (None, Some(character)) => (&rest[2..], character),
            (None, None) if "\\{}$&#_%~^<>|`\"*[]\n\t".contains(character) => {
                return Err(format!("{character:?} is not escaped"));
            }
            (None, None) => (after, character),
        };
        text.push(meant);
        rest = next;
    }
    Ok(text)
}

#[test]
fn labels_of_variants_are_escaped_for_latex() {
    assert_eq!(latex("vae_2 & 50% {x}"), "vae\\_2 \\& 50\\% \\{x\\}");
    assert_eq!(latex("nll ↓"), "nll \\ensuremath{\\downarrow}");
    assert_eq!(latex("a--b\n\\input"), "a-{}-b \\textbackslash{}input");
    assert_eq!(latex("\u{202e}"), "\\textbackslash{}u\\{202e\\}");
}

#[test]
fn numbers_stay_plain_and_formulas_do_not() {
    for plain in ["-1.5", "+3", "1e-9", "nade", "", "-0", "a=b"] {
        assert_eq!(csv(plain), plain);
    }
    for formula in ["=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "-inf", "-", "＝1"] {
        assert_eq!(csv(formula), format!("'{formula}"));
    }
}

#[test]
fn hidden_characters_are_shown() {
    assert_eq!(terminal("a\u{202e}b\u{1b}[2J\u{200b}\n"), "a\\u{202e}b\\u{1b}[2J\\u{200b}\n");
    assert_eq!(xml("\u{1}\u{b}<"), "\\u{1}\\u{b}&lt;");
    assert_eq!(markdown("a|b\n<b>*@me"), "a\\|b &lt;b&gt;\\*&#64;me");
    assert_eq!(markdown("- no list"), "\\- no list");
    assert_eq!(markdown("1. no list"), "1\\. no list");
    assert_eq!(html("<a href='x'>"), "&lt;a href=&#39;x&#39;&gt;");
}
