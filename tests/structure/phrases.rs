//! Documentation is free of the phrases that CONTRIBUTING.md refuses.

use std::fs;
use std::path::{Path, PathBuf};

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The phrases: a block of `text` after the sentence that announces it.
fn refused(contributing: &str) -> Vec<String> {
    let (_, after) = contributing.split_once("A test refuses these phrases").expect("CONTRIBUTING.md lists phrases");
    let block = after.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block of text");
    block.lines().map(str::to_owned).filter(|line| !line.is_empty()).collect()
}

/// Lines of `text` with a refused phrase, as `file:line: phrase`.
fn found(file: &str, text: &str, phrases: &[String]) -> Vec<String> {
    let lines = text.lines().enumerate();
    let hits = lines.flat_map(|(number, line)| {
        let hit = phrases.iter().filter(move |phrase| line.contains(phrase.as_str()));
        hit.map(move |phrase| format!("{file}:{}: `{phrase}`", number + 1))
    });
    hits.collect()
}

/// The part of the changelog about what is not released yet.
fn unreleased(changelog: &str) -> &str {
    let start = changelog.find("## [Unreleased]").or_else(|| changelog.find("## Unreleased")).expect("a heading");
    let rest = &changelog[start + 3..];
    &rest[..rest.find("\n## ").unwrap_or(rest.len())]
}

#[test]
fn documentation_is_free_of_refused_phrases() {
    let top = top();
    let contributing = read(&top.join("CONTRIBUTING.md"));
    let phrases = refused(&contributing);
    assert!(phrases.len() >= 10, "{phrases:?}");
    let mut hits = found("CHANGELOG.md", unreleased(&read(&top.join("CHANGELOG.md"))), &phrases);
    let docs = fs::read_dir(top.join("docs")).expect("docs").flatten().map(|entry| entry.path());
    let pages = docs.chain([top.join("README.md"), top.join("ARCHITECTURE.md"), top.join("results/README.md")]);
    for page in pages.filter(|page| page.extension().is_some_and(|kind| kind == "md")) {
        let name = page.strip_prefix(&top).unwrap_or(&page).display().to_string();
        hits.extend(found(&name, &read(&page), &phrases));
    }
    assert!(hits.is_empty(), "write these another way (CONTRIBUTING.md, Style):\n{}", hits.join("\n"));
}

#[test]
fn a_refused_phrase_is_found_with_its_line() {
    let phrases = refused("A test refuses these phrases:\n\n```text\nwhat became of\nis told\n```\n");
    assert_eq!(found("x.md", "good\nwhat became of it is told\n", &phrases).len(), 2);
    assert_eq!(found("x.md", "good\n", &phrases), [""; 0]);
}
