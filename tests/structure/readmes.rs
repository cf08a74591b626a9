//! Each crate has a README whose example is one of the documentation tests of the crate.

use std::fs;
use std::path::Path;

/// The blocks of code between fences, each with the words after its opening fence.
fn blocks(text: &str) -> Vec<(String, String)> {
    let parts: Vec<&str> = text.split("```").collect();
    let inside = parts.iter().skip(1).step_by(2);
    inside.filter_map(|part| part.split_once('\n')).map(|(kind, code)| (kind.to_owned(), code.to_owned())).collect()
}

/// The documentation of a crate: the lines that begin with `//!`, without lines that documentation hides.
fn documentation(source: &str) -> String {
    let lines = source.lines().filter_map(|line| line.strip_prefix("//!"));
    let shown = lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).filter(|line| !line.starts_with("# "));
    shown.map(|line| format!("{line}\n")).collect()
}

/// Mistakes in a README, a line each.
fn mistakes(readme: &str, source: &str) -> Vec<String> {
    let tests: Vec<_> = blocks(&documentation(source))
        .into_iter()
        .filter(|(kind, _)| kind.is_empty() || kind == "no_run")
        .map(|(_, code)| code)
        .collect();
    let shown: Vec<_> = blocks(readme).into_iter().filter(|(kind, _)| kind == "rust").map(|(_, code)| code).collect();
    let mut mistakes = Vec::new();
    if shown.is_empty() {
        mistakes.push("there is no example".to_owned());
    }
    let unknown = shown.iter().filter(|code| !tests.contains(code));
    mistakes.extend(unknown.map(|code| format!("this example is not one of src/lib.rs:\n{code}")));
    mistakes
}

#[test]
fn examples_of_readmes_are_documentation_tests() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    for folder in fs::read_dir(crates).expect("the crates").flatten().map(|entry| entry.path()) {
        let Ok(source) = fs::read_to_string(folder.join("src/lib.rs")) else { continue };
        let readme = fs::read_to_string(folder.join("README.md")).unwrap_or_default();
        found.extend(mistakes(&readme, &source).iter().map(|one| format!("{}/README.md: {one}", folder.display())));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn another_example_is_found() {
    let source = "//! ```\n//! let x = 1;\n//! # Ok::<(), ()>(())\n//! ```\n";
    assert_eq!(mistakes("```rust\nlet x = 1;\n```\n", source), [""; 0]);
    assert_eq!(mistakes("```rust\nlet x = 2;\n```\n", source).len(), 1);
    assert_eq!(mistakes("```sh\nls\n```\n", source).len(), 1, "a README without an example");
}
