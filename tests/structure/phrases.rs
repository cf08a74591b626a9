//! Documentation without the phrases that CONTRIBUTING.md refuses.

use std::fs;
use std::path::{Path, PathBuf};

use crate::refused_phrases::found;

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The section of the changelog about unreleased changes.
fn unreleased(changelog: &str) -> &str {
    let start = changelog.find("## [Unreleased]").or_else(|| changelog.find("## Unreleased")).expect("a heading");
    let rest = &changelog[start + 3..];
    &rest[..rest.find("\n## ").unwrap_or(rest.len())]
}

/// CONTRIBUTING.md without the list of phrases itself.
fn without_the_list(contributing: &str) -> String {
    let (before, after) =
        contributing.split_once("A test refuses these phrases").expect("CONTRIBUTING.md lists phrases");
    let rest = after.splitn(3, "```").nth(2).unwrap_or_default();
    format!("{before}{rest}")
}

#[test]
fn documentation_is_free_of_refused_phrases() {
    let top = top();
    let mut hits = found("CHANGELOG.md", unreleased(&read(&top.join("CHANGELOG.md"))));
    hits.extend(found("CONTRIBUTING.md", &without_the_list(&read(&top.join("CONTRIBUTING.md")))));
    let docs = fs::read_dir(top.join("docs")).expect("docs").flatten().map(|entry| entry.path());
    let pages = docs.chain([top.join("README.md"), top.join("ARCHITECTURE.md"), top.join("results/README.md")]);
    for page in pages.filter(|page| page.extension().is_some_and(|kind| kind == "md")) {
        let name = page.strip_prefix(&top).unwrap_or(&page).display().to_string();
        hits.extend(found(&name, &read(&page)));
    }
    assert!(hits.is_empty(), "write these another way (CONTRIBUTING.md, Style):\n{}", hits.join("\n"));
}
