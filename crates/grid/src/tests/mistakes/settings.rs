//! What the catalog says of settings, at the place that they come from.

use insta::assert_snapshot;

use crate::tests::messages;
use crate::tests::mistakes::grid;

#[test]
fn a_mistake_in_a_matrix_is_reported_at_its_item() {
    assert_snapshot!(messages(&grid("matrix: {model.hidden: [8, 0, x]}\nvariants:\n  - model: nade\n")), @r#"
        error: `model.hidden`: must be at least 1
         --> g.yaml:4:28
          |
        4 | matrix: {model.hidden: [8, 0, x]}
          |                            ^
        5 | variants:
        6 |   - model: nade
          |     ----------- for this variant

        error: `model.hidden`: expected a whole number, 0 or more, found the text "x"
         --> g.yaml:4:31
          |
        4 | matrix: {model.hidden: [8, 0, x]}
          |                               ^
        5 | variants:
        6 |   - model: nade
          |     ----------- for this variant
        "#);
}

#[test]
fn a_missing_setting_is_reported_at_the_nearest_block() {
    assert_snapshot!(messages("name: g\ndata: digits\nvariants:\n  - model: nade\n    train:\n      batch_size: 3\n  - model: {hidden: 2}\n"), @r"
        error: `train`: needs steps or epochs
         --> g.yaml:5:5
          |
        5 |     train:
          |     ^^^^^

        error: `model`: has no name
         --> g.yaml:7:5
          |
        7 |   - model: {hidden: 2}
          |     ^^^^^
          |
          = help: add `name: ...`

        error: `train`: needs steps or epochs
         --> g.yaml:7:5
          |
        7 |   - model: {hidden: 2}
          |     ^^^^^^^^^^^^^^^^^^
        ");
}

#[test]
fn measures_by_their_index() {
    assert_snapshot!(messages(&grid("measure: [nll, {name: iwae, kk: 3}, nl]\nvariants:\n  - model: nade\n")), @r"
        error: `kk` is not known here
         --> g.yaml:4:29
          |
        4 | measure: [nll, {name: iwae, kk: 3}, nl]
          |                             ^^
        5 | variants:
        6 |   - model: nade
          |     ----------- for this variant
          |
          = help: did you mean `k`? Allowed: k

        error: `measure.2.name`: `nl` is not known here
         --> g.yaml:4:37
          |
        4 | measure: [nll, {name: iwae, kk: 3}, nl]
          |                                     ^^
        5 | variants:
        6 |   - model: nade
          |     ----------- for this variant
          |
          = help: did you mean `nll`? Allowed: iwae, nll
        ");
}

#[test]
fn an_unknown_device() {
    assert_snapshot!(messages(&grid("device: wgpu:9\nvariants:\n  - model: nade\n")), @r"
        error: there is no adapter 9
         --> g.yaml:4:9
          |
        4 | device: wgpu:9
          |         ^^^^^^
          |
          = help: `genbench doctor` lists them
        ");
}

#[test]
fn facts() {
    assert_snapshot!(messages("name: g\nfacts:\n  - fact: full_joimt\n  - fact: full_joint\n    pixel: 3\n  - section: x\n  - {fact: full_joint, pixels: no}\n"), @r#"
        error: `full_joimt` is not known here
         --> g.yaml:3:11
          |
        3 |   - fact: full_joimt
          |           ^^^^^^^^^^
          |
          = help: did you mean `full_joint`? Allowed: full_joint

        error: `pixel` is not known here
         --> g.yaml:5:5
          |
        5 |     pixel: 3
          |     ^^^^^
          |
          = help: did you mean `pixels`? Allowed: pixels

        error: the fact has no name
         --> g.yaml:6:5
          |
        6 |   - section: x
          |     ^^^^^^^^^^
          |
          = help: add `fact: NAME`

        warning: `no` is read as text
         --> g.yaml:7:32
          |
        7 |   - {fact: full_joint, pixels: no}
          |                                ^^
          |
          = help: write `false`, or put the text in quotes

        error: `pixels`: expected a whole number, 0 or more, found the text "no"
         --> g.yaml:7:32
          |
        7 |   - {fact: full_joint, pixels: no}
          |                                ^^
        "#);
}
