//! Mistakes in names, labels and seeds, and duplicates.

use insta::assert_snapshot;

use crate::parse::parse;
use crate::tests::messages;
use crate::tests::mistakes::grid;

#[test]
fn names_outside_the_results_folder() {
    assert_snapshot!(messages("name: ../up\nvariants: [{model: nade, data: digits, train: {steps: 1}}]\n"), @r"
        error: `../up` cannot be a grid's name
         --> g.yaml:1:7
          |
        1 | name: ../up
          |       ^^^^^
          |
          = help: the name is also a folder: use up to 100 letters, digits, `_`, `-` and `.`, and start with a letter, a digit or `_`
        ");
    for bad in ["..", ".", "a/b", "a\\b", "a b", "é", "''", "-a", "--", ".cache"] {
        assert!(parse("g.yaml", &format!("name: {bad}\nvariants: [{{model: nade}}]\n")).is_err(), "{bad}");
    }
    for (bad, advice) in [
        ("audit", "`results/audit` belongs to genbench; choose another name, such as `audit-grid`"),
        ("Reference", "such as `reference-grid`"),
        ("README.md", "such as `readme-grid`"),
        ("mine.yaml", "commands take it for a file; write `mine`"),
        ("Mine.YML", "write `Mine`"),
    ] {
        let refused = messages(&format!("name: {bad}\nvariants: [{{model: nade}}]\n"));
        assert!(refused.contains(advice), "{refused}");
    }
    for good in ["a", "a.b", "A-1_b.c", "'0'", "_a", "audits", "reference-2", "yaml"] {
        assert!(parse("g.yaml", &format!("name: {good}\nvariants: [{{model: nade}}]\n")).is_ok(), "{good}");
    }
}

#[test]
fn duplicate_labels() {
    assert_snapshot!(messages(&grid("variants:\n  - {label: a, model: nade}\n  - {label: a, model: vae}\n")), @r"
        error: two variants have the same label: `a`
         --> g.yaml:6:13
          |
        5 |   - {label: a, model: nade}
          |             - first listed here
        6 |   - {label: a, model: vae}
          |             ^
          |
          = help: give one of them another `label`, or use a template such as `{model} {data}`
        ");
    let text = grid(
        "variants:\n  - model: nade\n    matrix: {model.hidden: [1, 2], model.orders: [1, 2]}\n    label: x{model.hidden}\n",
    );
    assert_snapshot!(messages(&text), @r"
        error: two variants have the same label: `x1`
         --> g.yaml:6:54
          |
        6 |     matrix: {model.hidden: [1, 2], model.orders: [1, 2]}
          |                                                   -  ^
          |                                                   |
          |                                                   first listed here
          |
          = help: give one of them another `label`, or use a template such as `{model} {data}`

        error: two variants have the same label: `x2`
         --> g.yaml:6:54
          |
        6 |     matrix: {model.hidden: [1, 2], model.orders: [1, 2]}
          |                                                   -  ^
          |                                                   |
          |                                                   first listed here
          |
          = help: give one of them another `label`, or use a template such as `{model} {data}`
        ");
}

#[test]
fn invalid_labels() {
    let text = grid(
        "variants:\n  - {model: nade, label: 'x{mdl}'}\n  - {model: vae, label: 'x{model'}\n  - {model: vae, label: \"a\\nb\"}\n",
    );
    assert_snapshot!(messages(&text), @r#"
        error: `{mdl}` is not a placeholder
         --> g.yaml:5:26
          |
        5 |   - {model: nade, label: 'x{mdl}'}
          |                          ^^^^^^^^
          |
          = help: a placeholder starts with one of data, measure, model, train

        error: unmatched brace in the label
         --> g.yaml:6:25
          |
        6 |   - {model: vae, label: 'x{model'}
          |                         ^^^^^^^^^
          |
          = help: write a name, or a template such as `nade {model.hidden}`; write `{{` for a brace

        error: a label is one line without control characters
         --> g.yaml:7:25
          |
        7 |   - {model: vae, label: "a\nb"}
          |                         ^^^^^^
          |
          = help: write a name, or a template such as `nade {model.hidden}`; write `{{` for a brace
        "#);
    assert_snapshot!(messages(&grid("variants:\n  - {model: nade, label: 'x{model.hiden}'}\n")), @r"
        error: `{model.hiden}` has no value here
         --> g.yaml:5:26
          |
        5 |   - {model: nade, label: 'x{model.hiden}'}
          |                          ^^^^^^^^^^^^^^^^
          |
          = help: use a key that the variant sets or that has a default
        ");
}

#[test]
fn duplicate_trials() {
    let text = grid("variants:\n  - {label: a, model: nade}\n  - {label: b, model: {name: nade, hidden: 100}}\n");
    assert_snapshot!(messages(&text), @r"
        error: the same trial is listed twice: `b`
         --> g.yaml:6:5
          |
        5 |   - {label: a, model: nade}
          |     ----------------------- first listed here
        6 |   - {label: b, model: {name: nade, hidden: 100}}
          |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: with defaults, both have the same model, data, training and device; remove one
        ");
    let text = grid(
        "blocks:\n  - variants: &v\n      - model: nade\n        matrix: {model.hidden: [1, 2]}\n  - section: s\n    variants: *v\n",
    );
    assert_snapshot!(messages(&text), @r"
        error: the same trial is listed twice: `nade hidden=1`
         --> g.yaml:8:5
          |
        5 |   - variants: &v
          |     ------------ first listed here
        ...
        8 |   - section: s
          |     ^^^^^^^^^^
          |
          = help: with defaults, both have the same model, data, training and device; remove one

        error: the same trial is listed twice: `nade hidden=2`
         --> g.yaml:8:5
          |
        5 |   - variants: &v
          |     ------------ first listed here
        ...
        8 |   - section: s
          |     ^^^^^^^^^^
          |
          = help: with defaults, both have the same model, data, training and device; remove one
        ");
}

#[test]
fn seeds() {
    assert_snapshot!(messages(&format!("seeds: [1, 2, 1, -1, 1.5, x]\n{}", grid("variants:\n  - model: nade\n"))), @r"
        error: seed 1 is listed twice
         --> g.yaml:1:15
          |
        1 | seeds: [1, 2, 1, -1, 1.5, x]
          |         -     ^
          |         |
          |         first listed here
          |
          = help: list each seed once

        error: -1 is not a seed
         --> g.yaml:1:18
          |
        1 | seeds: [1, 2, 1, -1, 1.5, x]
          |                  ^^
          |
          = help: allowed: 0 to 18446744073709551615

        error: 1.5 is not a seed
         --> g.yaml:1:22
          |
        1 | seeds: [1, 2, 1, -1, 1.5, x]
          |                      ^^^
          |
          = help: allowed: 0 to 18446744073709551615

        error: a seed must be a whole number, not text
         --> g.yaml:1:27
          |
        1 | seeds: [1, 2, 1, -1, 1.5, x]
          |                           ^
          |
          = help: for example `[0, 1, 2]`
        ");
    assert_snapshot!(messages(&format!("seeds: 0\n{}", grid("variants:\n  - {model: nade, seeds: []}\n"))), @r"
        error: `seeds`: 0 is out of range
         --> g.yaml:1:8
          |
        1 | seeds: 0
          |        ^
          |
          = help: write a number from 1 to 1000000, or a list of seeds

        error: `seeds` is empty
         --> g.yaml:6:26
          |
        6 |   - {model: nade, seeds: []}
          |                          ^^
          |
          = help: write a number of seeds, such as `seeds: 3`, or a list of seeds
        ");
}

#[test]
fn hidden_characters_in_labels_and_sections() {
    let text = grid(
        "blocks:\n  - section: \"a\\u202eb\"\n    variants: [{model: nade, label: \"x\\u200by\"}]\n  - section: \"bell \\a\"\n    variants: [{model: vae, label: \"\\u2066z\"}]\n",
    );
    assert_snapshot!(messages(&text), @r#"
        error: `section` has the hidden character \u{202e}
         --> g.yaml:5:14
          |
        5 |   - section: "a\u202eb"
          |              ^^^^^^^^^^
          |
          = help: write one line, without control characters, marks of the writing direction and characters without width

        error: a label has no marks of the writing direction and no characters without width
         --> g.yaml:6:37
          |
        6 |     variants: [{model: nade, label: "x\u200by"}]
          |                                     ^^^^^^^^^^
          |
          = help: write a name, or a template such as `nade {model.hidden}`; write `{{` for a brace

        error: `section` has the hidden character \u{7}
         --> g.yaml:7:14
          |
        7 |   - section: "bell \a"
          |              ^^^^^^^^^
          |
          = help: write one line, without control characters, marks of the writing direction and characters without width

        error: a label has no marks of the writing direction and no characters without width
         --> g.yaml:8:36
          |
        8 |     variants: [{model: vae, label: "\u2066z"}]
          |                                    ^^^^^^^^^
          |
          = help: write a name, or a template such as `nade {model.hidden}`; write `{{` for a brace
        "#);
}
