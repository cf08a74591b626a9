//! Every path that ARCHITECTURE.md names exists.

use std::fs;
use std::path::Path;

/// Words in backticks that are paths below `crates/`: `grid/src/plan.rs`, `runner/src/executors/`.
fn paths(text: &str) -> Vec<&str> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter(|word| word.contains("/src/") && !word.contains([' ', '<'])).collect()
}

#[test]
fn paths_in_the_architecture_exist() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = fs::read_to_string(top.join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let paths = paths(&text);
    assert!(paths.len() > 30, "only {} paths were found", paths.len());
    let exists = |path: &str| top.join("crates").join(path.trim_start_matches("crates/")).exists();
    let missing: Vec<_> = paths.into_iter().filter(|path| !exists(path)).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names paths that do not exist: {missing:?}");
}

#[test]
fn paths_are_found_between_backticks() {
    assert_eq!(
        paths("see `grid/src/plan.rs`, `x` and `runner/src/executors/`"),
        ["grid/src/plan.rs", "runner/src/executors/"]
    );
}
