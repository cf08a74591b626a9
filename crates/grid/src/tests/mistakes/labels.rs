//! Names, labels and seeds, and what stands in the grid twice.

use insta::assert_snapshot;

use crate::read::parse;
use crate::tests::mistakes::grid;
use crate::tests::told;

#[test]
fn names_that_would_leave_the_results() {
    assert_snapshot!(told("name: ../up\nvariants: [{model: nade, data: digits, train: {steps: 1}}]\n"), @r"
        error: `../up` cannot be a grid's name
         --> g.yaml:1:7
          |
        1 | name: ../up
          |       ^^^^^
          |
          = help: the name becomes a folder: up to 100 letters, digits, `_`, `-` and `.`, not starting with a dot
        ");
    for bad in ["..", ".", "a/b", "a\\b", "a b", "é", "''"] {
        assert!(parse("g.yaml", &format!("name: {bad}\nvariants: [{{model: nade}}]\n")).is_err(), "{bad}");
    }
    for good in ["a", "a.b", "A-1_b.c", "'0'"] {
        assert!(parse("g.yaml", &format!("name: {good}\nvariants: [{{model: nade}}]\n")).is_ok(), "{good}");
    }
}

#[test]
fn labels_that_clash() {
    assert_snapshot!(told(&grid("variants:\n  - {label: a, model: nade}\n  - {label: a, model: vae}\n")), @r"
        error: two variants have the same label: `a`
         --> g.yaml:6:13
          |
        5 |   - {label: a, model: nade}
          |             - first listed here
        6 |   - {label: a, model: vae}
          |             ^
          |
          = help: give one of them a `label` of its own, or a template such as `{model} {data}`
        ");
    let text = grid(
        "variants:\n  - model: nade\n    matrix: {model.hidden: [1, 2], model.orders: [1, 2]}\n    label: x{model.hidden}\n",
    );
    assert_snapshot!(told(&text), @r"
        error: two variants have the same label: `x1`
         --> g.yaml:6:54
          |
        6 |     matrix: {model.hidden: [1, 2], model.orders: [1, 2]}
          |                                                   -  ^
          |                                                   |
          |                                                   first listed here
          |
          = help: give one of them a `label` of its own, or a template such as `{model} {data}`

        error: two variants have the same label: `x2`
         --> g.yaml:6:54
          |
        6 |     matrix: {model.hidden: [1, 2], model.orders: [1, 2]}
          |                                                   -  ^
          |                                                   |
          |                                                   first listed here
          |
          = help: give one of them a `label` of its own, or a template such as `{model} {data}`
        ");
}

#[test]
fn labels_that_are_no_labels() {
    let text = grid(
        "variants:\n  - {model: nade, label: 'x{mdl}'}\n  - {model: vae, label: 'x{model'}\n  - {model: vae, label: \"a\\nb\"}\n",
    );
    assert_snapshot!(told(&text), @r#"
        error: `{mdl}` is not a placeholder
         --> g.yaml:5:26
          |
        5 |   - {model: nade, label: 'x{mdl}'}
          |                          ^^^^^^^^
          |
          = help: a placeholder starts with one of data, measure, model, train

        error: a brace without its partner
         --> g.yaml:6:25
          |
        6 |   - {model: vae, label: 'x{model'}
          |                         ^^^^^^^^^
          |
          = help: write a name, or a template such as `nade {model.hidden}`; `{{` is a brace

        error: a label is one line without control characters
         --> g.yaml:7:25
          |
        7 |   - {model: vae, label: "a\nb"}
          |                         ^^^^^^
          |
          = help: write a name, or a template such as `nade {model.hidden}`; `{{` is a brace
        "#);
    assert_snapshot!(told(&grid("variants:\n  - {model: nade, label: 'x{model.hiden}'}\n")), @r"
        error: `{model.hiden}` has no value here
         --> g.yaml:5:26
          |
        5 |   - {model: nade, label: 'x{model.hiden}'}
          |                          ^^^^^^^^^^^^^^^^
          |
          = help: a placeholder is a key that the variant sets or has by default
        ");
}

#[test]
fn the_same_trial_twice() {
    let text = grid("variants:\n  - {label: a, model: nade}\n  - {label: b, model: {name: nade, hidden: 100}}\n");
    assert_snapshot!(told(&text), @r"
        error: the same trial is listed twice: `b`
         --> g.yaml:6:5
          |
        5 |   - {label: a, model: nade}
          |     ----------------------- first listed here
        6 |   - {label: b, model: {name: nade, hidden: 100}}
          |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: model, data, training and device are the same once defaults are filled in: list it once
        ");
    let text = grid(
        "blocks:\n  - variants: &v\n      - model: nade\n        matrix: {model.hidden: [1, 2]}\n  - section: s\n    variants: *v\n",
    );
    assert_snapshot!(told(&text), @r"
        error: the same trial is listed twice: `nade hidden=1`
         --> g.yaml:8:5
          |
        5 |   - variants: &v
          |     ------------ first listed here
        ...
        8 |   - section: s
          |     ^^^^^^^^^^
          |
          = help: model, data, training and device are the same once defaults are filled in: list it once

        error: the same trial is listed twice: `nade hidden=2`
         --> g.yaml:8:5
          |
        5 |   - variants: &v
          |     ------------ first listed here
        ...
        8 |   - section: s
          |     ^^^^^^^^^^
          |
          = help: model, data, training and device are the same once defaults are filled in: list it once
        ");
}

#[test]
fn seeds() {
    assert_snapshot!(told(&format!("seeds: [1, 2, 1, -1, 1.5, x]\n{}", grid("variants:\n  - model: nade\n"))), @r"
        error: seed 1 is listed twice
         --> g.yaml:1:15
          |
        1 | seeds: [1, 2, 1, -1, 1.5, x]
          |         -     ^
          |         |
          |         first listed here
          |
          = help: each seed is one trial; list it once

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

        error: a seed is a whole number, not text
         --> g.yaml:1:27
          |
        1 | seeds: [1, 2, 1, -1, 1.5, x]
          |                           ^
          |
          = help: write such as `[0, 1, 2]`
        ");
    assert_snapshot!(told(&format!("seeds: 0\n{}", grid("variants:\n  - {model: nade, seeds: []}\n"))), @r"
        error: 0 seeds are not possible
         --> g.yaml:1:8
          |
        1 | seeds: 0
          |        ^
          |
          = help: write a count from 1 to 1000000, or a list of seeds

        error: without a seed there is no trial
         --> g.yaml:6:26
          |
        6 |   - {model: nade, seeds: []}
          |                          ^^
          |
          = help: write a count, such as `seeds: 3`, or a list of seeds
        ");
}
