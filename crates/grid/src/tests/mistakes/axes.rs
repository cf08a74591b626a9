//! Axes that do not fit, and too many of them.

use insta::assert_snapshot;

use crate::tests::mistakes::grid;
use crate::tests::told;

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
            .contains("error: more than 1000000 trials")
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
