//! Unknown keys, values of a wrong type, and invalid YAML.

use insta::assert_snapshot;

use crate::tests::messages;

#[test]
fn unknown_keys_at_every_depth() {
    let text = "nme: g\nname: g\ntrain: {epochs: 1}\nvariants:\n  - model: {name: nade, hiden: 3, optim: {lrr: 1}}\n    data: digitz\n    lable: x\n";
    assert_snapshot!(messages(text), @r"
        error: `nme` is not known here
         --> g.yaml:1:1
          |
        1 | nme: g
          | ^^^
          |
          = help: did you mean `name`? Allowed: name, about, device, seeds, data, train, measure, variants, matrix, zip, include, exclude, when, blocks, compare, gate, claims, facts, extends

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
          = help: did you mean `digits`? Allowed: chain, digits, files

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
    assert_snapshot!(messages(text), @r"
        error: `name` takes text, not a list
         --> g.yaml:1:7
          |
        1 | name: [g]
          |       ^^^
          |
          = help: for example `name: my-text`

        error: `seeds` takes a number of seeds or a list of seeds, not text
         --> g.yaml:2:8
          |
        2 | seeds: many
          |        ^^^^
          |
          = help: for example `seeds: 3`

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
          = help: for example `data: digits`

        error: `train` takes a block of settings, not a list
         --> g.yaml:5:8
          |
        5 | train: [1]
          |        ^^^
          |
          = help: for example `train: {epochs: 10}`

        error: `measure` takes a list of names or blocks of settings, not text
         --> g.yaml:6:10
          |
        6 | measure: nll
          |          ^^^
          |
          = help: for example `measure: [nll, {name: iwae, k: 50}]`

        error: `matrix` takes a block of dotted keys with lists, not a whole number
         --> g.yaml:7:9
          |
        7 | matrix: 2
          |         ^
          |
          = help: for example `matrix: {model.hidden: [100, 500]}`

        error: `variants` takes a list of blocks of settings, not text
         --> g.yaml:8:11
          |
        8 | variants: nade
          |           ^^^^
          |
          = help: for example `variants: [{model: nade}]`

        error: an item of `facts` must be a block of settings, not text
          --> g.yaml:10:5
           |
        10 |   - x
           |     ^
           |
           = help: for example `- fact: full_joint`
        ");
}

#[test]
fn syntax() {
    assert_snapshot!(messages("name: g\nvariants: [1, 2\nseeds: 3\n"), @r"
        error: illegal placement of ':' indicator
         --> g.yaml:3:6
          |
        3 | seeds: 3
          |      ^
        ");
    assert_snapshot!(messages("name: g\n---\nname: h\n"), @r"
        error: a second document starts here
         --> g.yaml:3:1
          |
        3 | name: h
          | ^
          |
          = help: a grid is one document; remove the line `---`
        ");
    assert_snapshot!(messages("a: {<<: {b: 1}}\n"), @r"
        error: merge key not allowed here
         --> g.yaml:1:5
          |
        1 | a: {<<: {b: 1}}
          |     ^^
        ");
}

#[test]
fn duplicate_keys() {
    assert_snapshot!(messages("name: g\nname: h\nvariants: [{model: nade, model: vae}]\n"), @r"
        error: duplicate key `name`
         --> g.yaml:2:1
          |
        1 | name: g
          | ---- first defined here
        2 | name: h
          | ^^^^

        error: duplicate key `model`
         --> g.yaml:3:26
          |
        3 | variants: [{model: nade, model: vae}]
          |             -----        ^^^^^
          |             |
          |             first defined here
        ");
}

#[test]
fn grids_without_a_trial() {
    assert_snapshot!(messages(""), @r"
        error: a grid must be a block of settings, not nothing
         --> g.yaml:1:1
          |
        1 |
          | ^
          |
          = help: start with `name: my-grid` and a list of `variants`
        ");
    assert_snapshot!(messages("name: g\n"), @r"
        error: the grid has no trials
         --> g.yaml:1:1
          |
        1 | name: g
          | ^
          |
          = help: add a list of `variants`, `blocks` or `facts`
        ");
    assert_snapshot!(messages("name: g\nvariants:\nblocks: []\n"), @r"
        error: `variants` takes a list of blocks of settings, not nothing
         --> g.yaml:2:1
          |
        2 | variants:
          | ^^^^^^^^
          |
          = help: for example `variants: [{model: nade}]`

        error: `blocks` is empty
         --> g.yaml:3:9
          |
        3 | blocks: []
          |         ^^
          |
          = help: add an item, or remove the key
        ");
    assert_snapshot!(messages("name: g\nblocks:\n  - section: s\n    variants:\n      - {}\n      - nade\n  - data: digits\n"), @r"
        error: the variant has no `model`
         --> g.yaml:5:9
          |
        5 |       - {}
          |         ^^
          |
          = help: add `model: NAME` or `model: {name: NAME, ...}`

        error: an item of `variants` must be a block of settings, not text
         --> g.yaml:6:9
          |
        6 |       - nade
          |         ^^^^
          |
          = help: for example `- model: nade`

        error: the block has no `variants`
         --> g.yaml:7:5
          |
        7 |   - data: digits
          |     ^^^^^^^^^^^^
          |
          = help: add a list of `variants` or `facts`
        ");
}

#[test]
fn layouts() {
    let text = "name: g\nblocks:\n  - layout: side_by_side\n    variants:\n      - model: nade\n  - section: a\n    layout: columns\n    variants:\n      - model: vae\n";
    assert_snapshot!(messages(text), @r"
        error: `layout` needs a `section`
         --> g.yaml:3:13
          |
        3 |   - layout: side_by_side
          |             ^^^^^^^^^^^^
          |
          = help: add `section: TITLE` to the block, or remove `layout`

        error: `columns` is not a layout
         --> g.yaml:7:13
          |
        7 |     layout: columns
          |             ^^^^^^^
          |
          = help: allowed: `table` (one row per variant), `side_by_side` (one column per variant)
        ");
}
