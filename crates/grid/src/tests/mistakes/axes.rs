//! Mistakes in axes, and grids that are too large.

use insta::assert_snapshot;

use crate::tests::messages;
use crate::tests::mistakes::grid;

#[test]
fn keys_of_a_matrix() {
    let text = grid(
        "matrix:\n  hidden: [1]\n  model.hidden: []\n  model..x: [1]\n  model.orders: [1, 2, 1]\n  seeds: [1]\nvariants:\n  - model: nade\n",
    );
    assert_snapshot!(messages(&text), @r"
        error: `hidden` cannot be varied by `matrix`
         --> g.yaml:5:3
          |
        5 |   hidden: [1]
          |   ^^^^^^
          |
          = help: dotted keys such as `model.hidden` start with one of: data, measure, model, train

        error: `model.hidden` has no values
         --> g.yaml:6:3
          |
        6 |   model.hidden: []
          |   ^^^^^^^^^^^^
          |
          = help: list at least one value

        error: `model..x` cannot be varied by `matrix`
         --> g.yaml:7:3
          |
        7 |   model..x: [1]
          |   ^^^^^^^^
          |
          = help: dotted keys such as `model.hidden` start with one of: data, measure, model, train

        error: `model.orders` lists this value twice
         --> g.yaml:8:24
          |
        8 |   model.orders: [1, 2, 1]
          |                  -     ^
          |                  |
          |                  first listed here
          |
          = help: list each value once

        error: `seeds` cannot be varied by `matrix`
         --> g.yaml:9:3
          |
        9 |   seeds: [1]
          |   ^^^^^
          |
          = help: dotted keys such as `model.hidden` start with one of: data, measure, model, train
        ");
}

#[test]
fn a_key_both_set_and_varied() {
    let text = grid(
        "matrix: {train.epochs: [1, 2]}\nvariants:\n  - model: {name: nade, hidden: 3}\n    matrix: {model.hidden: [1, 2], measure.3: [nll]}\n",
    );
    assert_snapshot!(messages(&text), @r"
        error: `train.epochs` is set here and varied by an axis
         --> g.yaml:3:9
          |
        3 | train: {epochs: 1}
          |         ^^^^^^
        4 | matrix: {train.epochs: [1, 2]}
          |          ------------ varied here
          |
          = help: remove one of the two: the axis would override this value

        error: `model.hidden` is set here and varied by an axis
         --> g.yaml:6:25
          |
        6 |   - model: {name: nade, hidden: 3}
          |                         ^^^^^^
        7 |     matrix: {model.hidden: [1, 2], measure.3: [nll]}
          |              ------------ varied here
          |
          = help: remove one of the two: the axis would override this value
        ");
}

#[test]
fn an_axis_into_a_scalar() {
    let text =
        grid("measure: [nll]\nvariants:\n  - model: nade\n    matrix: {measure.3: [nll], train.epochs.x: [1]}\n");
    assert_snapshot!(messages(&text), @r"
        error: `measure.3` does not exist in this value
         --> g.yaml:7:14
          |
        4 | measure: [nll]
          |          ----- the value
        ...
        7 |     matrix: {measure.3: [nll], train.epochs.x: [1]}
          |              ^^^^^^^^^
          |
          = help: a dotted key can name keys of a block, and items of a list by their number, counted from 0

        error: `train.epochs.x` does not exist in this value
         --> g.yaml:7:32
          |
        3 | train: {epochs: 1}
          |                 - the value
        ...
        7 |     matrix: {measure.3: [nll], train.epochs.x: [1]}
          |                                ^^^^^^^^^^^^^^
          |
          = help: a dotted key can name keys of a block, and items of a list by their number, counted from 0
        ");
}

#[test]
fn too_much_of_it() {
    assert_snapshot!(messages(&grid("seeds: 1000000\nvariants:\n  - model: nade\n  - model: vae\n")), @r"
        error: the grid has more than 1000000 trials
         --> g.yaml:7:5
          |
        7 |   - model: vae
          |     ^^^^^^^^^^
          |
          = help: this variant exceeds the limit; use fewer values or fewer seeds
        ");
    let axis =
        |name| format!("  model.{name}: [{}]\n", (0..1000).map(|i| i.to_string()).collect::<Vec<_>>().join(", "));
    let axes: String = ["a", "b", "c", "d", "e", "f", "g"].into_iter().map(axis).collect();
    assert!(
        messages(&grid(&format!("matrix:\n{axes}variants:\n  - model: nade\n")))
            .contains("error: the grid has more than 1000000 trials")
    );
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (from, to) in ["ab", "bc", "cd", "de", "ef"].iter().map(|pair| pair.split_at(1)) {
        bomb.push_str(&format!("{to}: &{to} [{}]\n", vec![format!("*{from}"); 10].join(", ")));
    }
    assert_snapshot!(messages(&bomb), @r"
        error: the file is too large or too complex
         --> g.yaml:5:36
          |
        5 | e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
          |                                    ^^
          |
          = help: at most 1000000 values, 100000 of them through aliases; the lines below are not checked yet
        ");
    let deep = format!("a: {}1{}\n", "[".repeat(90), "]".repeat(90));
    assert!(messages(&deep).starts_with("error: the nesting is too deep"), "{}", messages(&deep));
    // Levels inside aliases count.
    let mut chain = "a0: &a0 [[[[[[[[1]]]]]]]]\n".to_owned();
    for (from, to) in (0..9).zip(1..) {
        chain.push_str(&format!("a{to}: &a{to} [[[[[[[[*a{from}]]]]]]]]\n"));
    }
    assert!(messages(&chain).starts_with("error: the nesting is too deep"), "{}", messages(&chain));
}
