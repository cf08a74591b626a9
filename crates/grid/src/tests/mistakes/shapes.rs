//! Keys and shapes that are not known, and YAML that is none.

use insta::assert_snapshot;

use crate::tests::told;

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
          = help: did you mean `name`? Allowed: name, about, device, seeds, data, train, measure, variants, matrix, zip, include, exclude, when, blocks, compare, facts, extends

        error: `hiden` is not known here
         --> g.yaml:5:25
          |
        5 |   - model: {name: nade, hiden: 3, optim: {lrr: 1}}
          |                         ^^^^^
          |
          = help: did you mean `hidden`? Allowed: hidden, optim, ordering, orders

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
          = help: did you mean `label`? Allowed: label, model, data, train, measure, seeds, matrix, zip, include, exclude, when
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
          = help: add a list of `variants` to it, or of `facts`
        ");
}

#[test]
fn layouts() {
    let text = "name: g\nblocks:\n  - layout: side_by_side\n    variants:\n      - model: nade\n  - section: a\n    layout: columns\n    variants:\n      - model: vae\n";
    assert_snapshot!(told(text), @r"
        error: a `layout` without a `section`
         --> g.yaml:3:13
          |
        3 |   - layout: side_by_side
          |             ^^^^^^^^^^^^
          |
          = help: name the section that it is the layout of

        error: `columns` is no layout
         --> g.yaml:7:13
          |
        7 |     layout: columns
          |             ^^^^^^^
          |
          = help: `table` has a row for each variant, `side_by_side` a column
        ");
}
