//! The phrases that CONTRIBUTING.md refuses, and the search for them in a text.
//!
//! The crate `genbench` includes this file in its unit tests, which search `--help` and the schema.

const CONTRIBUTING: &str = include_str!("../../CONTRIBUTING.md");

/// Returns the phrases of the block of `text` after the sentence that announces it.
fn listed(contributing: &str) -> Vec<&str> {
    let (_, after) = contributing.split_once("A test refuses these phrases").expect("CONTRIBUTING.md lists phrases");
    let block = after.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block of text");
    block.lines().filter(|line| !line.is_empty()).collect()
}

fn matches(name: &str, text: &str, phrases: &[&str]) -> Vec<String> {
    let lines = text.lines().enumerate();
    let hits = lines.flat_map(|(number, line)| {
        let hit = phrases.iter().filter(move |phrase| line.contains(**phrase));
        hit.map(move |phrase| format!("{name}:{}: `{phrase}`", number + 1))
    });
    hits.collect()
}

/// Returns each use of a refused phrase in `text`, as `name:line: phrase`.
pub(crate) fn found(name: &str, text: &str) -> Vec<String> {
    matches(name, text, &listed(CONTRIBUTING))
}

#[test]
fn contributing_lists_phrases() {
    let phrases = listed(CONTRIBUTING);
    assert!(phrases.len() >= 10, "{phrases:?}");
}

#[test]
fn a_refused_phrase_is_found_with_its_line() {
    let phrases = listed("A test refuses these phrases:\n\n```text\nwhat became of\nis told\n```\n");
    assert_eq!(
        matches("x.md", "good\nwhat became of it is told\n", &phrases),
        ["x.md:2: `what became of`", "x.md:2: `is told`"]
    );
    assert_eq!(matches("x.md", "good\n", &phrases), [""; 0]);
}
