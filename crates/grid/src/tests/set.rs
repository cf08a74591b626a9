//! Settings of the command line (`--set`).

use insta::assert_snapshot;
use protocol::Plan;

use super::mistakes::grid;
use crate::plan::{Overrides, parse_and_plan};
use crate::tests::FakeCatalog;

fn planned(text: &str, set: &[&str]) -> Result<Plan, String> {
    let overrides = Overrides { set: set.iter().map(|one| (*one).to_owned()).collect(), ..Overrides::default() };
    let planned = parse_and_plan("g.yaml", text, &FakeCatalog::default(), &overrides);
    planned.map(|(_, plan)| plan).map_err(|messages| messages.to_string())
}

fn variants() -> String {
    grid("variants:\n  - model: {name: nade, hidden: 7}\n    train: {epochs: 3}\n  - model: nade\n    label: plain\n")
}

#[test]
fn a_setting_overrides_every_level() {
    let before = planned(&variants(), &[]).unwrap();
    let plan =
        planned(&variants(), &["model.hidden=12", "train.batch_size = 5", "data={name: chain, q: 0.4}"]).unwrap();
    for (trial, other) in plan.trials.iter().zip(&before.trials) {
        assert_eq!((&trial.model.config["hidden"], trial.train.batch_size), (&12.into(), 5));
        assert_eq!(trial.data.config, serde_json::json!({"q": 0.4}));
        // The trial has another identity under the same label.
        assert_ne!(trial.id(), other.id());
    }
    assert_eq!(plan.trials.last().unwrap().variant, "plain");
    // A setting with its present value changes nothing.
    let same = planned(&variants(), &["train.batch_size=64"]).unwrap();
    assert_eq!(same.trials, planned(&variants(), &["train.batch_size=64"]).unwrap().trials);
    assert_eq!(planned(&variants(), &["data=chain"]).unwrap().trials[0].data.name, "chain");
}

#[test]
fn mistakes_of_the_command_line_are_shown_in_its_text() {
    assert_snapshot!(planned(&variants(), &["model.hiden=12"]).unwrap_err(), @r"
        error: `hiden` is not known here
         --> --set model.hiden=12:1:1
          |
        1 | model.hiden=12
          | ^^^^^^^^^^^
          |
         ::: g.yaml:5:5
          |
        5 |   - model: {name: nade, hidden: 7}
          |     ------------------------------ for this variant
          |
          = help: did you mean `hidden`? Allowed: hidden, optim, ordering, orders
        ");
    assert_snapshot!(planned(&variants(), &["train.epochs=many"]).unwrap_err(), @r#"
        error: `train.epochs`: expected a whole number, 0 or more, found the text "many"
         --> --set train.epochs=many:1:14
          |
        1 | train.epochs=many
          |              ^^^^
          |
         ::: g.yaml:5:5
          |
        5 |   - model: {name: nade, hidden: 7}
          |     ------------------------------ for this variant
        "#);
    assert_snapshot!(planned(&variants(), &["trian.epochs=3", "train.epochs", "train.epochs=[1"]).unwrap_err(), @r"
        error: expected `KEY=VALUE`
         --> --set train.epochs:1:1
          |
        1 | train.epochs
          | ^^^^^^^^^^^^
          |
          = help: for example `--set train.steps=100`

        error: unclosed bracket '['
         --> --set train.epochs=[1:1:1
          |
        1 | train.epochs=[1
          | ^^^^^^^^^^^^^^^

        error: `trian.epochs` cannot be set
         --> --set trian.epochs=3:1:1
          |
        1 | trian.epochs=3
          | ^^^^^^^^^^^^
          |
          = help: did you mean `train.epochs`? Dotted keys such as `model.hidden` start with one of: data, measure, model, train
        ");
    assert_snapshot!(planned(&variants(), &["train.epochs=3", "train.epochs=4"]).unwrap_err(), @r"
        error: `train.epochs` is set twice
         --> --set train.epochs=4:1:1
          |
        1 | train.epochs=4
          | ^^^^^^^^^^^^^^
          |
          = help: set it once
        ");
}

#[test]
fn a_varied_key_cannot_be_set() {
    let text = grid("variants:\n  - model: nade\n    matrix: {model.hidden: [1, 2]}\n");
    assert_snapshot!(planned(&text, &["model.hidden=3"]).unwrap_err(), @r"
        error: `model.hidden` cannot be set, because the grid varies `model.hidden`
         --> --set model.hidden=3:1:1
          |
        1 | model.hidden=3
          | ^^^^^^^^^^^^
          |
         ::: g.yaml:6:14
          |
        6 |     matrix: {model.hidden: [1, 2]}
          |              ------------ varied here
          |
          = help: select variants with `--only`, or remove the axis from the grid
        ");
    assert_snapshot!(planned(&text, &["model={name: vae}"]).unwrap_err(), @r"
        error: `model` cannot be set, because the grid varies `model.hidden`
         --> --set model={name: vae}:1:1
          |
        1 | model={name: vae}
          | ^^^^^
          |
         ::: g.yaml:6:14
          |
        6 |     matrix: {model.hidden: [1, 2]}
          |              ------------ varied here
          |
          = help: select variants with `--only`, or remove the axis from the grid
        ");
}
