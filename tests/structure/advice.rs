//! Every piece of advice that the program prints has a case in `tests/advice/`, which the end-to-end tests execute.
//!
//! Advice is the text of `.help(..)`, of a field, variable, parameter or function called `help` or `advice`, and whatever
//! follows `help: ` in a message. A text that cannot be found in this way is refused, so that none is overlooked.

mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::printing::sources;
use texts::Advice;

/// Models that are in no registry: the laws' own, most of them broken on purpose.
const TEST_MODELS: &str = "crates/laws/src/models";

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository")
}

/// The text with `{}` for each placeholder, whatever its name.
fn template(text: &str) -> String {
    let (mut out, mut depth) = (String::new(), 0);
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '{' | '}' if depth == 0 && rest.peek() == Some(&letter) => {
                out.extend([letter, rest.next().unwrap_or_default()]);
            }
            '{' => {
                depth += 1;
                out += if depth == 1 { "{" } else { "" };
            }
            '}' => {
                depth -= 1;
                out += if depth == 0 { "}" } else { "" };
            }
            _ if depth > 0 => {}
            _ => out.push(letter),
        }
    }
    out
}

/// Advice of all crates by file, and calls whose advice is out of sight.
fn made() -> (BTreeSet<(String, String)>, Vec<String>) {
    let top = repository();
    let (mut made, mut hidden) = (BTreeSet::new(), Vec::new());
    for folder in fs::read_dir(top.join("crates")).expect("the crates").flatten() {
        let mut files = Vec::new();
        sources(&folder.path().join("src"), &mut files);
        files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
        let parsed = files.into_iter().map(|file| {
            let path = file.strip_prefix(&top).expect("inside").to_string_lossy().into_owned();
            (path, syn::parse_file(&fs::read_to_string(&file).expect("a source file")).expect("Rust"))
        });
        let parsed: BTreeMap<_, _> = parsed.filter(|(path, _)| !path.starts_with(TEST_MODELS)).collect();
        let takers = texts::takers(parsed.values());
        for (path, file) in &parsed {
            let found = Advice::of(file, &takers);
            made.extend(found.texts.iter().map(|text| (path.clone(), template(text))));
            hidden.extend(found.hidden.iter().map(|what| format!("{path}: {what}")));
        }
    }
    (made, hidden)
}

/// The cases by file, from the tables of `tests/advice/`.
fn cases() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for file in fs::read_dir(repository().join("tests/advice")).expect("the cases").flatten() {
        let text = fs::read_to_string(file.path()).expect("a table of cases");
        let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.path().display()));
        for (place, cases) in table {
            for case in cases.as_array().unwrap_or_else(|| panic!("{place}: no list of cases")) {
                found.insert((place.clone(), template(case["advice"].as_str().expect("a text"))));
            }
        }
    }
    found
}

/// Number of letters of `text` in the holes of `case`, without placeholders, if it fits.
fn in_holes(case: &str, text: &str) -> Option<usize> {
    let pieces: Vec<&str> = case.split("{}").collect();
    let (first, last) = (pieces.first()?, pieces.last()?);
    let mut rest = text.strip_prefix(first)?;
    if pieces.len() == 1 {
        return rest.is_empty().then_some(0);
    }
    rest = rest.strip_suffix(last)?;
    let mut letters = 0;
    let length = |part: &str| part.replace("{}", "").len();
    for piece in &pieces[1..pieces.len() - 1] {
        let at = rest.find(piece)?;
        letters += length(&rest[..at]);
        rest = &rest[at + piece.len()..];
    }
    Some(letters + length(rest))
}

/// The text of its file that a case is about: the one with the fewest letters in the holes.
fn covered<'t>(case: &str, texts: impl Iterator<Item = &'t str>) -> Option<&'t str> {
    texts.filter_map(|text| Some((in_holes(case, text)?, text))).min().map(|(_, text)| text)
}

#[test]
fn every_piece_of_advice_has_a_case_that_executes_it() {
    let (made, hidden) = made();
    let cases = cases();
    let mut covered_texts = BTreeSet::new();
    let mut stale = String::new();
    for (place, case) in &cases {
        let here = made.iter().filter(|(at, _)| at == place).map(|(_, text)| text.as_str());
        match covered(case, here) {
            Some(text) => drop(covered_texts.insert((place.clone(), text.to_owned()))),
            None => stale += &format!("{place}: {case}\n"),
        }
    }
    let missing: String = made
        .difference(&covered_texts)
        .map(|(place, text)| format!("[[\"{place}\"]]\nadvice = {text:?}\n\n"))
        .collect();
    assert!(made.len() > 150, "only {} pieces of advice were found", made.len());
    assert!(hidden.is_empty(), "advice whose text is out of sight; call it `help`:\n{}", hidden.join("\n"));
    assert!(missing.is_empty(), "advice without a case in tests/advice:\n{missing}");
    assert!(stale.is_empty(), "cases of advice that is not made there:\n{stale}");
}

#[test]
fn a_case_covers_the_text_that_it_fits_best() {
    let texts = ["between 0 and 1", "between 1 and 100000", "use at most {}, or 0 for all", "use 2", "use {}"];
    let covered = |case: &str| covered(case, texts.into_iter());
    assert_eq!(covered("between {} and {}"), Some("between 0 and 1"));
    assert_eq!(covered("between 1 and {}"), Some("between 1 and 100000"));
    assert_eq!(covered("use at most {}, or {} for all"), Some(texts[2]));
    assert_eq!((covered("use {}"), covered("use 2")), (Some("use {}"), Some("use 2")));
    assert_eq!(covered("use 3"), None);
    assert_eq!(covered("between 0 and 1, or more"), None);
}

#[test]
fn advice_is_found_in_every_form() {
    let found = |source: &str| {
        let file = syn::parse_file(source).expect("Rust");
        let found = Advice::of(&file, &texts::takers([&file].into_iter()));
        (found.texts.into_iter().collect::<Vec<_>>(), found.hidden.len())
    };
    for source in [
        "fn f() { p.help(\"a\"); }",
        "fn f() { p.help(format!(\"a\", b(\"c\"))); }",
        "fn f() { let help = if x { \"a\".to_owned() } else { y }; p.help(help); }",
        "fn f() { let (over, help) = match x { _ => (\"b\", \"a\") }; }",
        "fn f() { let help = near.map(|near| format!(\"a\")); }",
        "fn f() -> P { P { path: \"b\", help: Some(\"a\".into()) } }",
        "fn help(&self) -> &str { match x { _ => \"a\" } }",
        "fn f(b: &str, help: &str) {} fn g() { f(\"b\", \"a\"); }",
        "fn f() { let refuse = |b, help| p.help(help); refuse(\"b\", \"a\"); }",
        "fn f() { format!(\"b\\nhelp: a\") }",
        "#[error(\"b\\nhelp: a\")] struct E;",
        "const OWN_HELP: &str = \"a\";",
    ] {
        assert_eq!(found(source), (vec!["a".to_owned()], 0), "{source}");
    }
    for source in ["fn f() { p.help(text()); }", "fn f() { let most = \"a\"; p.help(most); }"] {
        assert_eq!(found(source), (vec![], 1), "{source}");
    }
    for source in [
        "fn f() { format!(\"b\\nhelp: {help}\") }",
        "#[cfg(test)] mod tests { fn f() { p.help(\"a\"); } }",
        "#[command(after_help = \"a\")] struct E;",
    ] {
        assert_eq!(found(source), (vec![], 0), "{source}");
    }
}

#[test]
fn a_placeholder_has_no_name_and_escaped_braces_stay() {
    assert_eq!(template("use {least} to {}, such as `{{a: {x:?}}}`"), "use {} to {}, such as `{{a: {}}}`");
    assert_eq!(template("for example `seeds: {until_decided: {cap: 16}}`"), "for example `seeds: {}`");
}
