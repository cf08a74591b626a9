//! Mistakes in parts of a grid that no trial uses are reported.

use insta::assert_snapshot;

use crate::tests::messages;

#[test]
fn unused_parts_are_checked_too() {
    let text = "\
name: g
data: {name: digitz, binarize: static}
train: {epochs: 1}
matrix: {model.hiden: [1, 2], data: [digits, {name: chain, qq: 0.1}]}
exclude: [{model.oders: 3}, {data: chian}]
variants:
  - model: nade
    data: {binarise: dynamic}
    matrix: {model.hidden: [1, 2]}
    include: {model.hidden: 3, train.epoch: 4}
";
    assert_snapshot!(messages(text), @r"
        error: `data` is set here and varied by an axis
         --> g.yaml:2:1
          |
        2 | data: {name: digitz, binarize: static}
          | ^^^^
        3 | train: {epochs: 1}
        4 | matrix: {model.hiden: [1, 2], data: [digits, {name: chain, qq: 0.1}]}
          |                               ---- varied here
          |
          = help: remove one of the two: the axis would override this value

        error: `data.name`: `digitz` is not known here
         --> g.yaml:2:14
          |
        2 | data: {name: digitz, binarize: static}
          |              ^^^^^^
          |
          = help: did you mean `digits`? Allowed: digits, chain, files

        error: `hiden` is not known here
         --> g.yaml:4:10
          |
        4 | matrix: {model.hiden: [1, 2], data: [digits, {name: chain, qq: 0.1}]}
          |          ^^^^^^^^^^^
        ...
        7 |   - model: nade
          |     ----------- for this variant
          |
          = help: did you mean `hidden`? Allowed: hidden, optim, ordering, orders

        error: `qq` is not known here
         --> g.yaml:4:60
          |
        4 | matrix: {model.hiden: [1, 2], data: [digits, {name: chain, qq: 0.1}]}
          |                                                            ^^
        ...
        7 |   - model: nade
          |     ----------- for this variant
          |
          = help: did you mean `q`? Allowed: q

        error: `oders` is not known here
         --> g.yaml:5:12
          |
        5 | exclude: [{model.oders: 3}, {data: chian}]
          |            ^^^^^^^^^^^
          |
          = help: did you mean `orders`? Allowed: hidden, latent, name, optim, ordering, orders

        error: `data.name`: `chian` is not known here
         --> g.yaml:5:36
          |
        5 | exclude: [{model.oders: 3}, {data: chian}]
          |                                    ^^^^^
          |
          = help: did you mean `chain`? Allowed: digits, chain, files

        error: `data` is set here and varied by an axis
         --> g.yaml:8:5
          |
        4 | matrix: {model.hiden: [1, 2], data: [digits, {name: chain, qq: 0.1}]}
          |                               ---- varied here
        ...
        8 |     data: {binarise: dynamic}
          |     ^^^^
          |
          = help: remove one of the two: the axis would override this value

        error: `binarise` is not known here
         --> g.yaml:8:12
          |
        8 |     data: {binarise: dynamic}
          |            ^^^^^^^^
          |
          = help: did you mean `binarize`? Allowed: binarize, name, path, q

        error: `epoch` is not known here
          --> g.yaml:10:32
           |
        10 |     include: {model.hidden: 3, train.epoch: 4}
           |                                ^^^^^^^^^^^
           |
           = help: did you mean `epochs`? Allowed: batch_size, epochs, schedule, steps
        ");
    // Each block replaces the data of the top; the axis is replaced by the variant's own.
    let text = "\
name: g
data: {name: digits, binarise: static}
train: {epochs: 1}
measure: [nl]
blocks:
  - data: chain
    measure: [nll]
    variants: [{model: nade}]
";
    assert_snapshot!(messages(text), @r"
        error: `binarise` is not known here
         --> g.yaml:2:22
          |
        2 | data: {name: digits, binarise: static}
          |                      ^^^^^^^^
          |
          = help: did you mean `binarize`? Allowed: binarize

        error: `measure.0.name`: `nl` is not known here
         --> g.yaml:4:11
          |
        4 | measure: [nl]
          |           ^^
          |
          = help: did you mean `nll`? Allowed: nll, iwae
        ");
}
