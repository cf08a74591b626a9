//! Every kind of mistake, as it is told.

use insta::assert_snapshot;

use super::{planned, told};
use crate::grid::{Overrides, parse, plan};

/// A grid with everything but its variants.
fn grid(variants: &str) -> String {
    format!("name: g\ndata: digits\ntrain: {{epochs: 1}}\n{variants}")
}

#[test]
fn unknown_keys_at_every_depth() {
    let text = "nme: g\nname: g\ntrain: {epochs: 1}\nvariants:\n  - model: {name: nade, hiden: 3, optim: {lrr: 1}}\n    data: digitz\n    lable: x\n";
    assert_snapshot!(told(text), @r"
        error: `nme` is not known here
         --> g.yaml:1:1
          |
        1 | nme: g
          | ^^^
          |
          = help: did you mean `name`? Allowed: name, about, device, seeds, data, train, measure, variants, matrix, blocks, facts

        error: `hiden` is not known here
         --> g.yaml:5:25
          |
        5 |   - model: {name: nade, hiden: 3, optim: {lrr: 1}}
          |                         ^^^^^
          |
          = help: did you mean `hidden`? Allowed: hidden, optim, orders

        error: `lrr` is not known here
         --> g.yaml:5:43
          |
        5 |   - model: {name: nade, hiden: 3, optim: {lrr: 1}}
          |                                           ^^^
          |
          = help: did you mean `lr`? Allowed: lr

        error: `data.name`: `digitz` is not known here
         --> g.yaml:6:11
          |
        6 |     data: digitz
          |           ^^^^^^
          |
          = help: did you mean `digits`? Allowed: chain, digits

        error: `lable` is not known here
         --> g.yaml:7:5
          |
        7 |     lable: x
          |     ^^^^^
          |
          = help: did you mean `label`? Allowed: label, model, data, train, measure, seeds, matrix
        ");
}

#[test]
fn wrong_shapes_all_at_once() {
    let text = "name: [g]\nseeds: many\ndevice: gpu\ndata: 3\ntrain: [1]\nmeasure: nll\nmatrix: 2\nvariants: nade\nfacts:\n  - x\n";
    assert_snapshot!(told(text), @r"
        error: `name` takes text, not a list
         --> g.yaml:1:7
          |
        1 | name: [g]
          |       ^^^
          |
          = help: write such as `name: my-text`

        error: `seeds` takes a list of whole numbers or a count, not text
         --> g.yaml:2:8
          |
        2 | seeds: many
          |        ^^^^
          |
          = help: write such as `seeds: 3`

        error: `gpu` is not a device
         --> g.yaml:3:9
          |
        3 | device: gpu
          |         ^^^
          |
          = help: did you mean `wgpu`? Allowed: auto, flex, wgpu, wgpu:N

        error: `data` takes a name or a block of settings, not a whole number
         --> g.yaml:4:7
          |
        4 | data: 3
          |       ^
          |
          = help: write such as `data: digits`

        error: `train` takes a block of settings, not a list
         --> g.yaml:5:8
          |
        5 | train: [1]
          |        ^^^
          |
          = help: write such as `train: {epochs: 10}`

        error: `measure` takes a list of names or blocks of settings, not text
         --> g.yaml:6:10
          |
        6 | measure: nll
          |          ^^^
          |
          = help: write such as `measure: [nll, {name: iwae, k: 50}]`

        error: `matrix` takes a block of dotted keys with lists, not a whole number
         --> g.yaml:7:9
          |
        7 | matrix: 2
          |         ^
          |
          = help: write such as `matrix: {model.hidden: [100, 500]}`

        error: `variants` takes a list of blocks of settings, not text
         --> g.yaml:8:11
          |
        8 | variants: nade
          |           ^^^^
          |
          = help: write such as `variants: [{...}]`

        error: an item of `facts` is a block of settings, not text
          --> g.yaml:10:5
           |
        10 |   - x
           |     ^
           |
           = help: write its keys, such as `- section: ...`
        ");
}

#[test]
fn a_value_of_a_matrix_is_told_at_its_item() {
    assert_snapshot!(told(&grid("matrix: {model.hidden: [8, 0, x]}\nvariants:\n  - model: nade\n")), @r#"
        error: `model.hidden`: must be at least 1
         --> g.yaml:4:28
          |
        4 | matrix: {model.hidden: [8, 0, x]}
          |                            ^
        5 | variants:
        6 |   - model: nade
          |     ----------- for this variant

        error: `model.hidden`: invalid type: string "x", expected u32
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
fn a_missing_setting_is_told_at_the_nearest_thing_written() {
    assert_snapshot!(told("name: g\ndata: digits\nvariants:\n  - model: nade\n    train:\n      batch_size: 3\n  - model: {hidden: 2}\n"), @r"
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
    assert_snapshot!(told(&grid("measure: [nll, {name: iwae, kk: 3}, nl]\nvariants:\n  - model: nade\n")), @r"
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

        error: `measure.2`: `nl` is not known here
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
fn syntax() {
    assert_snapshot!(told("name: g\nvariants: [1, 2\nseeds: 3\n"), @r"
        error: illegal placement of ':' indicator
         --> g.yaml:3:6
          |
        3 | seeds: 3
          |      ^
        ");
    assert_snapshot!(told("name: g\n---\nname: h\n"), @r"
        error: only single YAML document expected but multiple found
         --> g.yaml:3:1
          |
        3 | name: h
          | ^
        ");
    assert_snapshot!(told("a: {<<: {b: 1}}\n"), @r"
        error: merge key not allowed here
         --> g.yaml:1:5
          |
        1 | a: {<<: {b: 1}}
          |     ^^
        ");
}

#[test]
fn duplicate_keys() {
    assert_snapshot!(told("name: g\nname: h\nvariants: [{model: nade, model: vae}]\n"), @r"
        error: duplicate key `name`
         --> g.yaml:2:1
          |
        1 | name: g
          | ---- first written here
        2 | name: h
          | ^^^^

        error: duplicate key `model`
         --> g.yaml:3:26
          |
        3 | variants: [{model: nade, model: vae}]
          |             -----        ^^^^^
          |             |
          |             first written here
        ");
}

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
fn keys_of_a_matrix() {
    let text = grid(
        "matrix:\n  hidden: [1]\n  model.hidden: []\n  model..x: [1]\n  model.orders: [1, 2, 1]\n  seeds: [1]\nvariants:\n  - model: nade\n",
    );
    assert_snapshot!(told(&text), @r"
        error: `hidden` is not a key that a matrix can vary
         --> g.yaml:5:3
          |
        5 |   hidden: [1]
          |   ^^^^^^
          |
          = help: an axis is a dotted key such as `model.hidden`; it starts with one of data, measure, model, train

        error: `model.hidden` has no values
         --> g.yaml:6:3
          |
        6 |   model.hidden: []
          |   ^^^^^^^^^^^^
          |
          = help: without a value there is no trial; list one or more

        error: `model..x` is not a key that a matrix can vary
         --> g.yaml:7:3
          |
        7 |   model..x: [1]
          |   ^^^^^^^^
          |
          = help: an axis is a dotted key such as `model.hidden`; it starts with one of data, measure, model, train

        error: `model.orders` has this value twice
         --> g.yaml:8:24
          |
        8 |   model.orders: [1, 2, 1]
          |                  -     ^
          |                  |
          |                  first listed here
          |
          = help: each value is a trial of its own; list it once

        error: `seeds` is not a key that a matrix can vary
         --> g.yaml:9:3
          |
        9 |   seeds: [1]
          |   ^^^^^
          |
          = help: an axis is a dotted key such as `model.hidden`; it starts with one of data, measure, model, train
        ");
}

#[test]
fn a_key_both_written_and_varied() {
    let text = grid(
        "matrix: {train.epochs: [1, 2]}\nvariants:\n  - model: {name: nade, hidden: 3}\n    matrix: {model.hidden: [1, 2], measure.3: [nll]}\n",
    );
    assert_snapshot!(told(&text), @r"
        error: `train.epochs` is written here and varied by a matrix
         --> g.yaml:3:9
          |
        3 | train: {epochs: 1}
          |         ^^^^^^
        4 | matrix: {train.epochs: [1, 2]}
          |          ------------ varied here
          |
          = help: the matrix would override it: keep one of the two

        error: `model.hidden` is written here and varied by a matrix
         --> g.yaml:6:25
          |
        6 |   - model: {name: nade, hidden: 3}
          |                         ^^^^^^
        7 |     matrix: {model.hidden: [1, 2], measure.3: [nll]}
          |              ------------ varied here
          |
          = help: the matrix would override it: keep one of the two
        ");
}

#[test]
fn an_axis_into_a_scalar() {
    let text =
        grid("measure: [nll]\nvariants:\n  - model: nade\n    matrix: {measure.3: [nll], train.epochs.x: [1]}\n");
    assert_snapshot!(told(&text), @r"
        error: `measure.3` leads into a value that has no such part
         --> g.yaml:7:14
          |
        4 | measure: [nll]
          |          ----- this value
        ...
        7 |     matrix: {measure.3: [nll], train.epochs.x: [1]}
          |              ^^^^^^^^^
          |
          = help: an axis reaches into blocks of settings, and into items of a list by their number from 0

        error: `train.epochs.x` leads into a value that has no such part
         --> g.yaml:7:32
          |
        3 | train: {epochs: 1}
          |                 - this value
        ...
        7 |     matrix: {measure.3: [nll], train.epochs.x: [1]}
          |                                ^^^^^^^^^^^^^^
          |
          = help: an axis reaches into blocks of settings, and into items of a list by their number from 0
        ");
}

#[test]
fn grids_without_a_trial() {
    assert_snapshot!(told(""), @r"
        error: a grid is a block of settings, not nothing
         --> g.yaml:1:1
          |
        1 |
          | ^
          |
          = help: start with `name: my-grid` and a list of `variants`
        ");
    assert_snapshot!(told("name: g\n"), @r"
        error: a grid without a trial
         --> g.yaml:1:1
          |
        1 | name: g
          | ^
          |
          = help: add a list of `variants`, `blocks` or `facts`
        ");
    assert_snapshot!(told("name: g\nvariants:\nblocks: []\n"), @r"
        error: `variants` takes a list of blocks of settings, not nothing
         --> g.yaml:2:1
          |
        2 | variants:
          | ^^^^^^^^
          |
          = help: write such as `variants: [{...}]`

        error: `blocks` is empty
         --> g.yaml:3:9
          |
        3 | blocks: []
          |         ^^
          |
          = help: list at least one, or leave it out
        ");
    assert_snapshot!(told("name: g\nblocks:\n  - section: s\n    variants:\n      - {}\n      - nade\n  - data: digits\n"), @r"
        error: a variant without a `model`
         --> g.yaml:5:9
          |
        5 |       - {}
          |         ^^
          |
          = help: add `model: NAME` or `model: {name: NAME, ...}`

        error: an item of `variants` is a block of settings, not text
         --> g.yaml:6:9
          |
        6 |       - nade
          |         ^^^^
          |
          = help: write such as `- model: nade`

        error: a block without `variants`
         --> g.yaml:7:5
          |
        7 |   - data: digits
          |     ^^^^^^^^^^^^
          |
          = help: add a list of `variants` to it
        ");
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

#[test]
fn a_device_that_is_not_there() {
    assert_snapshot!(told(&grid("device: wgpu:9\nvariants:\n  - model: nade\n")), @r"
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
    assert_snapshot!(told("name: g\nfacts:\n  - fact: joint_sise\n  - fact: joint_size\n    pixel: 3\n  - section: x\n  - {fact: joint_size, pixels: no}\n"), @r#"
        error: `joint_sise` is not known here
         --> g.yaml:3:11
          |
        3 |   - fact: joint_sise
          |           ^^^^^^^^^^
          |
          = help: did you mean `joint_size`? Allowed: joint_size

        error: `pixel` is not known here
         --> g.yaml:5:5
          |
        5 |     pixel: 3
          |     ^^^^^
          |
          = help: did you mean `pixels`? Allowed: pixels

        error: a fact without its name
         --> g.yaml:6:5
          |
        6 |   - section: x
          |     ^^^^^^^^^^
          |
          = help: add `fact: NAME`

        warning: `no` is text
         --> g.yaml:7:32
          |
        7 |   - {fact: joint_size, pixels: no}
          |                                ^^
          |
          = help: write `false` if that is meant, or put it in quotes

        error: `pixels`: invalid type: string "no", expected u32
         --> g.yaml:7:32
          |
        7 |   - {fact: joint_size, pixels: no}
          |                                ^^
        "#);
}

#[test]
fn too_much_of_it() {
    assert_snapshot!(told(&grid("seeds: 1000000\nvariants:\n  - model: nade\n  - model: vae\n")), @r"
        error: more than 1000000 trials
         --> g.yaml:7:5
          |
        7 |   - model: vae
          |     ^^^^^^^^^^
          |
          = help: with this variant the grid grows too large: shorten its axes or its seeds
        ");
    let axis =
        |name| format!("  model.{name}: [{}]\n", (0..1000).map(|i| i.to_string()).collect::<Vec<_>>().join(", "));
    let axes: String = ["a", "b", "c", "d", "e", "f", "g"].into_iter().map(axis).collect();
    assert!(
        told(&grid(&format!("matrix:\n{axes}variants:\n  - model: nade\n")))
            .starts_with("error: more than 1000000 trials")
    );
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (from, to) in ["ab", "bc", "cd", "de", "ef"].iter().map(|pair| pair.split_at(1)) {
        bomb.push_str(&format!("{to}: &{to} [{}]\n", vec![format!("*{from}"); 10].join(", ")));
    }
    assert_snapshot!(told(&bomb), @r"
        error: a file too large or too complex
         --> g.yaml:5:36
          |
        5 | e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
          |                                    ^^
          |
          = help: allowed are 1000000 values, a tenth of them through aliases, up to 64 levels deep and as much text as fits
        ");
    let deep = format!("a: {}1{}\n", "[".repeat(90), "]".repeat(90));
    assert!(told(&deep).starts_with("error: a file too large or too complex"), "{}", told(&deep));
}

#[test]
fn words_of_yaml_1_1_are_text_and_warned_of() {
    let text = grid("variants:\n  - model: nade\n    data: {name: digits, binarize: no}\n");
    let grid = parse("g.yaml", &text).unwrap();
    assert_snapshot!(grid.warnings(), @r"
        warning: `no` is text
         --> g.yaml:6:36
          |
        6 |     data: {name: digits, binarize: no}
          |                                    ^^
          |
          = help: write `false` if that is meant, or put it in quotes
        ");
    assert_eq!(planned(&text).unwrap().trials[0].data.config["binarize"], "no");
    let quoted = text.replace("no}", "'no'}");
    assert!(parse("g.yaml", &quoted).unwrap().warnings().is_empty());
}

#[test]
fn overrides_that_fit_nothing() {
    let grid = parse("g.yaml", &grid("variants:\n  - model: nade\n  - model: vae\n")).unwrap();
    let overrides = Overrides { only: vec!["nadde".into()], seeds: Some(vec![2, 1, 2]), device: Some("wgpu:9".into()) };
    let told = plan(&grid, &super::FakeCatalog::default(), &overrides).unwrap_err();
    assert_snapshot!(told, @r"
        error: seed 2 is listed twice
         |
         = help: name each seed once

        error: `nadde` matches no variant
         |
         = help: did you mean `nade`?
        ");
    let overrides = Overrides { device: Some("wgpu:9".into()), ..Overrides::default() };
    let told = plan(&grid, &super::FakeCatalog::default(), &overrides).unwrap_err();
    assert_snapshot!(told, @r"
        error: there is no adapter 9
         |
         = help: `genbench doctor` lists them
        ");
}

#[test]
fn for_machines() {
    let told = planned("name: g\nvarants: 3\n").unwrap_err();
    let json = serde_json::to_string_pretty(&told).unwrap();
    assert_snapshot!(json, @r#"
        [
          {
            "severity": "error",
            "file": "g.yaml",
            "line": 1,
            "column": 1,
            "message": "a grid without a trial",
            "help": "add a list of `variants`, `blocks` or `facts`",
            "notes": []
          },
          {
            "severity": "error",
            "file": "g.yaml",
            "line": 2,
            "column": 1,
            "message": "`varants` is not known here",
            "help": "did you mean `variants`? Allowed: name, about, device, seeds, data, train, measure, variants, matrix, blocks, facts",
            "notes": []
          }
        ]
        "#);
}

#[test]
fn colour_only_when_asked() {
    let told = planned("name: g\nvarants: 3\n").unwrap_err();
    assert!(!told.render(false).contains('\u{1b}') && told.render(true).contains('\u{1b}'));
    // A name that tries to speak to the terminal.
    let told = planned("name: \"\\e[31mx\"\nvariants: [{model: nade}]\n").unwrap_err();
    assert!(!told.to_string().contains('\u{1b}'), "{told}");
}

#[test]
fn files_that_cannot_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("g.yaml");
    assert!(crate::grid::load(&path).unwrap_err().to_string().contains("failed to read"));
    std::fs::write(&path, b"name: \xff\n").unwrap();
    assert!(crate::grid::load(&path).unwrap_err().to_string().contains("not UTF-8 text at byte 6"));
    std::fs::write(&path, "#".repeat((4 << 20) + 1)).unwrap();
    assert!(crate::grid::load(&path).unwrap_err().to_string().contains("larger than 4194304 bytes"));
}
