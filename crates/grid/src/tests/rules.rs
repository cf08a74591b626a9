//! `zip`, `include`, `exclude` and `when`.

use insta::assert_snapshot;

use crate::plan::{Overrides, parse_and_plan};
use crate::tests::{FakeCatalog, told};

/// The labels of one seed each, and the warnings.
fn labels(variants: &str) -> (Vec<String>, String) {
    let data = if variants.contains("data: [") { "" } else { "data: digits\n" };
    let text = format!("name: g\n{data}train: {{epochs: 1}}\n{variants}");
    let (grid, plan) = parse_and_plan("g.yaml", &text, &FakeCatalog::default(), &Overrides::default())
        .unwrap_or_else(|told| panic!("{told}"));
    (plan.trials.into_iter().map(|trial| trial.variant).collect(), grid.warnings().to_string())
}

const MATRIX: &str = "    matrix: {model.hidden: [1, 2], model.orders: [3, 4]}\n";

#[test]
fn zipped_values_go_together_and_are_crossed_with_the_rest() {
    let text = "variants:\n  - model: nade\n    matrix: {train.batch_size: [8, 4]}\n    zip: {model.hidden: [1, 2], model.orders: [3, 4]}\n";
    let expected = [
        "nade batch_size=8 hidden=1 orders=3",
        "nade batch_size=8 hidden=2 orders=4",
        "nade batch_size=4 hidden=1 orders=3",
        "nade batch_size=4 hidden=2 orders=4",
    ];
    assert_eq!(labels(text), (expected.map(str::to_owned).to_vec(), String::new()));
    // An inner axis takes its key out of an outer zip.
    let text = "zip: {model.hidden: [1, 2], model.orders: [3, 4]}\nvariants:\n  - model: nade\n    matrix: {model.hidden: [9]}\n";
    assert_eq!(labels(text).0, ["nade orders=3", "nade orders=4"]);
}

#[test]
fn what_is_excluded_or_not_asked_for_is_left_out() {
    let text = format!("variants:\n  - model: nade\n{MATRIX}    exclude: {{model.hidden: 1, model.orders: [4, 5]}}\n");
    assert_eq!(labels(&text).0, ["nade hidden=1 orders=3", "nade hidden=2 orders=3", "nade hidden=2 orders=4"]);
    let text = format!("variants:\n  - model: nade\n{MATRIX}    when: [{{model.hidden: 1}}, {{model.orders: 4.0}}]\n");
    assert_eq!(labels(&text).0, ["nade hidden=1 orders=3", "nade hidden=1 orders=4", "nade hidden=2 orders=4"]);
    let text = "matrix: {data: [digits, chain]}\nexclude: [{model: vae, data: chain}]\nvariants:\n  - model: nade\n    when: {data: chain}\n  - model: vae\n";
    assert_eq!(labels(text), (vec!["nade data=chain".to_owned(), "vae data=digits".to_owned()], String::new()));
}

#[test]
fn an_include_adds_settings_where_its_axes_agree() {
    let text = "name: g\ndata: digits\ntrain: {epochs: 1}\nvariants:\n  - model: nade\n    matrix: {model.hidden: [1, 2]}\n    include:\n      - {model.hidden: 2, model.orders: 7}\n      - {train.batch_size: 5}\n      - {model.hidden: 3, new: true}\n";
    let (grid, plan) = parse_and_plan("g.yaml", text, &FakeCatalog::default(), &Overrides::default()).unwrap();
    let rows: Vec<_> = plan
        .trials
        .iter()
        .map(|trial| format!("{} {} {}", trial.variant, trial.model.config["orders"], trial.train.batch_size))
        .collect();
    assert_eq!(rows, ["nade hidden=1 1 5", "nade hidden=2 7 5", "nade hidden=3 1 64"]);
    assert!(grid.warnings().is_empty(), "{}", grid.warnings());
    let uses: Vec<_> = grid.rules().iter().map(|one| (one.text.as_str(), one.extended, one.added)).collect();
    assert_eq!(
        uses,
        [("model.hidden: 2, model.orders: 7", 1, 0), ("train.batch_size: 5", 2, 0), ("model.hidden: 3", 0, 1)]
    );
}

#[test]
fn without_an_axis_an_include_is_a_list_of_cases() {
    let text = "variants:\n  - include:\n      - {model: nade, model.hidden: 3}\n      - {model: vae}\n";
    assert_eq!(labels(text), (vec!["nade hidden=3".to_owned(), "vae".to_owned()], String::new()));
}

#[test]
fn rules_that_do_nothing_or_too_much_are_warned_of() {
    let text = format!(
        "variants:\n  - model: nade\n{MATRIX}    exclude: [{{model.optim.lr: 1}}, {{model.hidden: 5}}]\n    include: [{{model.hidden: 6}}]\n"
    );
    let (labels, warnings) = labels(&text);
    assert_eq!((labels.len(), labels[4].as_str()), (5, "nade hidden=6"));
    assert_snapshot!(warnings, @r"
        warning: this `exclude` matches nothing
         --> g.yaml:7:16
          |
        7 |     exclude: [{model.optim.lr: 1}, {model.hidden: 5}]
          |                ^^^^^^^^^^^^^^
          |
          = help: no combination has `model.optim.lr` written, and defaults do not count

        warning: this `exclude` matches nothing
         --> g.yaml:7:36
          |
        7 |     exclude: [{model.optim.lr: 1}, {model.hidden: 5}]
          |                                    ^^^^^^^^^^^^^^^^^
          |
          = help: compare its values with those of the axes; a value that is one of several is written as a list

        warning: this `include` fits no combination, so it makes one
         --> g.yaml:8:15
          |
        8 |     include: [{model.hidden: 6}]
          |               ^^^^^^^^^^^^^^^^^
          |
          = help: its axis keys have other values than the combinations that are left; write `new: true` in it if a new one is meant
        ");
}

#[test]
fn mistakes_in_rules() {
    let text = "name: g\ndata: digits\ntrain: {epochs: 1}\nvariants:\n  - model: nade\n    zip: {model.hidden: [1, 2], model.orders: [3, 4, 5]}\n    exclude: [{modl.hidden: 1}]\n    when: 3\n    include: [{}]\n";
    assert_snapshot!(told(text), @r"
    error: `model.orders` has 3 values, but `model.hidden` has 2 values
     --> g.yaml:6:33
      |
    6 |     zip: {model.hidden: [1, 2], model.orders: [3, 4, 5]}
      |           ------------ 2 values ^^^^^^^^^^^^
      |
      = help: the lists of a zip go together, value by value: give them the same length

    error: `modl.hidden` is not a key that `exclude` can ask for
     --> g.yaml:7:16
      |
    7 |     exclude: [{modl.hidden: 1}]
      |                ^^^^^^^^^^^
      |
      = help: did you mean `model.hidden`? write a dotted key such as `model.hidden`; it starts with one of data, measure, model, train

    error: `when` takes blocks of dotted keys with values, not a whole number
     --> g.yaml:8:11
      |
    8 |     when: 3
      |           ^
      |
      = help: write such as `when: [{model.hidden: 500}]`

    error: `include` takes blocks of dotted keys with values, not an empty block
     --> g.yaml:9:15
      |
    9 |     include: [{}]
      |               ^^
      |
      = help: write such as `include: [{model.hidden: 500}]`
    ");
    let text = "name: g\ndata: digits\ntrain: {epochs: 1}\nvariants:\n  - model: nade\n    exclude: {model: nade}\n";
    assert_snapshot!(told(text), @r"
    error: no trial is left
     --> g.yaml:5:5
      |
    5 |   - model: nade
      |     ^^^^^^^^^^^
      |
      = help: `exclude` and `when` leave out every combination of every variant
    ");
}
