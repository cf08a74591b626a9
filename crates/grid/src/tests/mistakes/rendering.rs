//! Errors and warnings as text and as JSON, with and without colour, and unreadable files.

use insta::assert_snapshot;

use crate::parse::parse;
use crate::plan::{Overrides, plan};
use crate::tests::mistakes::grid;
use crate::tests::{FakeCatalog, planned};

#[test]
fn booleans_of_yaml_1_1_are_text_with_a_warning() {
    let text = grid("variants:\n  - model: nade\n    data: {name: digits, binarize: no}\n");
    let grid = parse("g.yaml", &text).unwrap();
    assert_snapshot!(grid.warnings(), @r"
        warning: `no` is read as text
         --> g.yaml:6:36
          |
        6 |     data: {name: digits, binarize: no}
          |                                    ^^
          |
          = help: write `false`, or put the text in quotes
        ");
    assert_eq!(planned(&text).unwrap().trials[0].data.config["binarize"], "no");
    let quoted = text.replace("no}", "'no'}");
    assert!(parse("g.yaml", &quoted).unwrap().warnings().is_empty());
}

#[test]
fn overrides_that_match_nothing() {
    let grid = parse("g.yaml", &grid("variants:\n  - model: nade\n  - model: vae\n")).unwrap();
    let overrides = Overrides {
        only: vec!["nadde".into()],
        seeds: Some(vec![2, 1, 2]),
        device: Some("wgpu:9".into()),
        ..Overrides::default()
    };
    let messages = plan(&grid, &FakeCatalog::default(), &overrides).unwrap_err();
    assert_snapshot!(messages, @r"
        error: seed 2 is listed twice
         |
         = help: name each seed once

        error: `nadde` matches no variant
         |
         = help: did you mean `nade`?
        ");
    let overrides = Overrides { device: Some("wgpu:9".into()), ..Overrides::default() };
    let messages = plan(&grid, &FakeCatalog::default(), &overrides).unwrap_err();
    assert_snapshot!(messages, @r"
        error: there is no adapter 9
         |
         = help: `genbench doctor` lists them
        ");
}

#[test]
fn for_machines() {
    let messages = planned("name: g\nvarants: 3\n").unwrap_err();
    let json = serde_json::to_string_pretty(&messages).unwrap();
    assert_snapshot!(json, @r#"
        [
          {
            "severity": "error",
            "file": "g.yaml",
            "line": 1,
            "column": 1,
            "message": "the grid has no trials",
            "help": "add a list of `variants`, `blocks` or `facts`",
            "notes": []
          },
          {
            "severity": "error",
            "file": "g.yaml",
            "line": 2,
            "column": 1,
            "message": "`varants` is not known here",
            "help": "did you mean `variants`? Allowed: name, about, device, seeds, data, train, measure, variants, matrix, zip, include, exclude, when, blocks, compare, gate, claims, facts, extends",
            "notes": []
          }
        ]
        "#);
}

#[test]
fn colour_only_on_request() {
    let messages = planned("name: g\nvarants: 3\n").unwrap_err();
    assert!(
        !messages.render(false, usize::MAX).contains('\u{1b}') && messages.render(true, usize::MAX).contains('\u{1b}')
    );
    // A name with an escape sequence for the terminal.
    let messages = planned("name: \"\\e[31mx\"\nvariants: [{model: nade}]\n").unwrap_err();
    assert!(!messages.to_string().contains('\u{1b}'), "{messages}");
}

#[test]
fn files_that_cannot_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("g.yaml");
    assert!(crate::parse::load(&path).unwrap_err().to_string().contains("failed to read"));
    std::fs::write(&path, b"name: \xff\n").unwrap();
    assert!(crate::parse::load(&path).unwrap_err().to_string().contains("not UTF-8 text at byte 6"));
    std::fs::write(&path, "#".repeat((4 << 20) + 1)).unwrap();
    assert!(crate::parse::load(&path).unwrap_err().to_string().contains("larger than 4194304 bytes"));
}
