//! `genbench new` writes a crate, whose files are the examples of CONTRIBUTING.md.

use std::path::{Path, PathBuf};

use protocol::exit;

use crate::bench::{Bench, read};

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn a_crate_is_written_and_its_manifest_names_this_checkout() {
    let bench = Bench::with("");
    let said = bench.genbench(&["new", "my_models"]);
    assert_eq!(said.code, i32::from(exit::DONE), "{said:?}");
    assert!(said.out.contains("cargo run --release -- run grid.yaml"), "{said:?}");
    let manifest: toml::Table = read(&bench.path("my_models/Cargo.toml")).parse().expect("TOML");
    assert_eq!(manifest["package"]["name"].as_str(), Some("my_models"));
    let package = manifest["dependencies"]["genbench"]["path"].as_str().expect("a path");
    let same = |path: &Path| path.canonicalize().expect("a folder");
    assert_eq!(same(Path::new(package)), same(Path::new(env!("CARGO_MANIFEST_DIR"))));
    assert_eq!(read(&bench.path("my_models/Cargo.lock")), read(&top().join("Cargo.lock")));
    let plan = bench.genbench(&["plan", "my_models/grid.yaml"]);
    assert_eq!(plan.code, i32::from(exit::USAGE), "only the new program knows `coins`: {plan:?}");
    assert!(plan.err.contains("coins"), "{plan:?}");
}

#[test]
fn an_existing_folder_and_impossible_names_are_refused() {
    let bench = Bench::with("");
    std::fs::create_dir(bench.path("taken")).expect("a folder");
    for (name, message) in
        [("taken", "error: `taken` exists"), ("2d", "does not start with a letter"), ("serde", "another crate")]
    {
        let said = bench.genbench(&["new", name]);
        assert_eq!(said.code, i32::from(exit::USAGE), "{said:?}");
        assert!(said.err.contains(message) && said.err.contains("help: "), "{said:?}");
    }
    let said = bench.genbench(&["new", "fine", "--genbench", "taken"]);
    assert!(said.err.contains("`taken` is no checkout of genbench"), "{said:?}");
    assert!(!bench.path("fine").exists());
}

/// Everything after the imports, with the visibility of a crate of its own.
fn body(source: &str) -> String {
    let (_, body) = source.split_once("/// ").expect("a comment on the settings");
    body.trim_end().replace("pub(super)", "pub(crate)")
}

#[test]
fn the_examples_of_contributing_are_the_templates() {
    let page = read(&top().join("CONTRIBUTING.md"));
    let examples: Vec<&str> =
        page.split("```rust\n//!").skip(1).filter_map(|rest| rest.split("\n```").next()).collect();
    assert_eq!(examples.len(), 3, "a model, a data set and a measure");
    for (example, name) in examples.iter().zip(["coins", "stripes", "ink"]) {
        let template = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("templates/src/{name}.rs.in")));
        assert_eq!(body(example), body(&template), "{name}");
    }
}
