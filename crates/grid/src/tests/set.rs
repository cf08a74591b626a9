//! Settings of the command line.

use insta::assert_snapshot;

use super::mistakes::grid;
use crate::plan::{Overrides, parse_and_plan};
use crate::tests::FakeCatalog;
use protocol::Plan;

fn planned(text: &str, set: &[&str]) -> Result<Plan, String> {
    let overrides = Overrides { set: set.iter().map(|one| (*one).to_owned()).collect(), ..Overrides::default() };
    let planned = parse_and_plan("g.yaml", text, &FakeCatalog::default(), &overrides);
    planned.map(|(_, plan)| plan).map_err(|told| told.to_string())
}

fn variants() -> String {
    grid("variants:\n  - model: {name: nade, hidden: 7}\n    train: {epochs: 3}\n  - model: nade\n    label: plain\n")
}

#[test]
fn a_setting_wins_over_every_level() {
    let before = planned(&variants(), &[]).unwrap();
    let plan =
        planned(&variants(), &["model.hidden=12", "train.batch_size = 5", "data={name: chain, q: 0.4}"]).unwrap();
    for (trial, other) in plan.trials.iter().zip(&before.trials) {
        assert_eq!((&trial.model.config["hidden"], trial.train.batch_size), (&12.into(), 5));
        assert_eq!(trial.data.config, serde_json::json!({"q": 0.4}));
        // It is another trial under the same name.
        assert_ne!(trial.id(), other.id());
    }
    assert_eq!(plan.trials.last().unwrap().variant, "plain");
    // What is set to what it was changes nothing.
    let same = planned(&variants(), &["train.batch_size=64"]).unwrap();
    assert_eq!(same.trials, planned(&variants(), &["train.batch_size=64"]).unwrap().trials);
    assert_eq!(planned(&variants(), &["data=chain"]).unwrap().trials[0].data.name, "chain");
}

#[test]
fn mistakes_are_told_on_the_command_line() {
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
        error: `train.epochs`: the text "many" where a whole number from 0 upwards is to stand
         --> --set train.epochs=many:1:14
          |
        1 | train.epochs=many
          |              ^^^^
          |
         ::: g.yaml:5:5
          |
        5 |   - model: {name: nade, hidden: 7}
          |     ------------------------------ for this variant
          |
          = help: write a whole number from 0 upwards
        "#);
    assert_snapshot!(planned(&variants(), &["trian.epochs=3", "train.epochs", "train.epochs=[1"]).unwrap_err(), @r"
        error: a key without `=` and a value
         --> --set train.epochs:1:1
          |
        1 | train.epochs
          | ^^^^^^^^^^^^
          |
          = help: write such as `--set train.steps=100`

        error: unclosed bracket '['
         --> --set train.epochs=[1:1:1
          |
        1 | train.epochs=[1
          | ^^^^^^^^^^^^^^^

        error: `trian.epochs` is not a key that can be set
         --> --set trian.epochs=3:1:1
          |
        1 | trian.epochs=3
          | ^^^^^^^^^^^^
          |
          = help: did you mean `train.epochs`? write a dotted key such as `model.hidden`; it starts with one of data, measure, model, train
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
fn what_is_varied_cannot_be_set() {
    let text = grid("variants:\n  - model: nade\n    matrix: {model.hidden: [1, 2]}\n");
    assert_snapshot!(planned(&text, &["model.hidden=3"]).unwrap_err(), @r"
        error: `model.hidden` is set, and `model.hidden` is varied
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
          = help: choose among what a grid varies by `--only`, or take the axis out of the grid
        ");
    assert_snapshot!(planned(&text, &["model={name: vae}"]).unwrap_err(), @r"
        error: `model` is set, and `model.hidden` is varied
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
          = help: choose among what a grid varies by `--only`, or take the axis out of the grid
        ");
}
