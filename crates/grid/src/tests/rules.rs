//! `zip`, `include`, `exclude` and `when`.

use insta::assert_snapshot;

use crate::plan::{Overrides, parse_and_plan};
use crate::tests::{FakeCatalog, messages};

/// The labels of one seed each, and the warnings.
fn labels(variants: &str) -> (Vec<String>, String) {
    let data = if variants.contains("data: [") { "" } else { "data: digits\n" };
    let text = format!("name: g\n{data}train: {{epochs: 1}}\n{variants}");
    let (grid, plan) = parse_and_plan("g.yaml", &text, &FakeCatalog::default(), &Overrides::default())
        .unwrap_or_else(|messages| panic!("{messages}"));
    (plan.trials.into_iter().map(|trial| trial.variant).collect(), grid.warnings().to_string())
}

const MATRIX: &str = "    matrix: {model.hidden: [1, 2], model.orders: [3, 4]}\n";

#[test]
fn zipped_axes_are_crossed_with_the_others() {
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
fn exclude_and_when_remove_combinations() {
    let text = format!("variants:\n  - model: nade\n{MATRIX}    exclude: {{model.hidden: 1, model.orders: [4, 5]}}\n");
    assert_eq!(labels(&text).0, ["nade hidden=1 orders=3", "nade hidden=2 orders=3", "nade hidden=2 orders=4"]);
    let text = format!("variants:\n  - model: nade\n{MATRIX}    when: [{{model.hidden: 1}}, {{model.orders: 4.0}}]\n");
    assert_eq!(labels(&text).0, ["nade hidden=1 orders=3", "nade hidden=1 orders=4", "nade hidden=2 orders=4"]);
    let text = "matrix: {data: [digits, chain]}\nexclude: [{model: vae, data: chain}]\nvariants:\n  - model: nade\n    when: {data: chain}\n  - model: vae\n";
    assert_eq!(labels(text), (vec!["nade data=chain".to_owned(), "vae data=digits".to_owned()], String::new()));
}

#[test]
fn an_include_adds_settings_where_its_axes_match() {
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
fn without_axes_each_include_is_a_combination() {
    let text = "variants:\n  - include:\n      - {model: nade, model.hidden: 3}\n      - {model: vae}\n";
    assert_eq!(labels(text), (vec!["nade hidden=3".to_owned(), "vae".to_owned()], String::new()));
}

#[test]
fn rules_without_effect_are_warned_of() {
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
          = help: no combination sets `model.optim.lr`, and defaults are not matched

        warning: this `exclude` matches nothing
         --> g.yaml:7:36
          |
        7 |     exclude: [{model.optim.lr: 1}, {model.hidden: 5}]
          |                                    ^^^^^^^^^^^^^^^^^
          |
          = help: compare its values with those of the axes; write several allowed values as a list

        warning: this `include` matches no combination and adds one
         --> g.yaml:8:15
          |
        8 |     include: [{model.hidden: 6}]
          |               ^^^^^^^^^^^^^^^^^
          |
          = help: no remaining combination has these values of the axes; add `new: true` if a new combination is meant
        ");
}

#[test]
fn mistakes_in_rules() {
    let text = "name: g\ndata: digits\ntrain: {epochs: 1}\nvariants:\n  - model: nade\n    zip: {model.hidden: [1, 2], model.orders: [3, 4, 5]}\n    exclude: [{modl.hidden: 1}]\n    when: 3\n    include: [{}]\n";
    assert_snapshot!(messages(text), @r"
    error: `model.orders` has 3 values, but `model.hidden` has 2 values
     --> g.yaml:6:33
      |
    6 |     zip: {model.hidden: [1, 2], model.orders: [3, 4, 5]}
      |           ------------ 2 values ^^^^^^^^^^^^
      |
      = help: all lists of a `zip` must have the same length

    error: `modl.hidden` cannot be tested by `exclude`
     --> g.yaml:7:16
      |
    7 |     exclude: [{modl.hidden: 1}]
      |                ^^^^^^^^^^^
      |
      = help: did you mean `model.hidden`? Dotted keys such as `model.hidden` start with one of: data, measure, model, train

    error: `when` takes blocks of dotted keys with values, not a whole number
     --> g.yaml:8:11
      |
    8 |     when: 3
      |           ^
      |
      = help: for example `when: [{model.hidden: 500}]`

    error: `include` takes blocks of dotted keys with values, not an empty block
     --> g.yaml:9:15
      |
    9 |     include: [{}]
      |               ^^
      |
      = help: for example `include: [{model.hidden: 500}]`
    ");
    let text = "name: g\ndata: digits\ntrain: {epochs: 1}\nvariants:\n  - model: nade\n    exclude: {model: nade}\n";
    assert_snapshot!(messages(text), @r"
    error: no trials remain
     --> g.yaml:5:5
      |
    5 |   - model: nade
      |     ^^^^^^^^^^^
      |
      = help: `exclude` and `when` remove every combination of every variant
    ");
}
