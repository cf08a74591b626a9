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
          | ^^^^^^^^^^^^
          |
         ::: --set train.epochs=3:1:1
          |
        1 | train.epochs=3
          | ------------ also set here
          |
          = help: set one of the two
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

#[test]
fn whole_blocks_come_before_keys_inside_them() {
    let set = |set: &[&str]| planned(&variants(), set).unwrap().trials[1].model.clone();
    assert_eq!(set(&["model.latent=3", "model=vae"]).config["latent"], 3);
    assert_eq!(set(&["model=vae", "model.latent=3"]), set(&["model.latent=3", "model=vae"]));
}

#[test]
fn an_include_is_not_overridden() {
    let text = grid(
        "variants:\n  - model: nade\n    matrix: {model.hidden: [1, 2]}\n    include: {model.hidden: 2, train.epochs: 9}\n",
    );
    assert!(planned(&text, &[]).is_ok());
    assert_snapshot!(planned(&text, &["train.steps=3"]).unwrap_err(), @r"
        error: `train.steps` cannot be set, because an `include` sets `train.epochs`
         --> --set train.steps=3:1:1
          |
        1 | train.steps=3
          | ^^^^^^^^^^^
          |
         ::: g.yaml:7:32
          |
        7 |     include: {model.hidden: 2, train.epochs: 9}
          |                                ------------ set here
          |
          = help: select variants with `--only`, or remove the setting from its `include`
        ");
}

#[test]
fn a_setting_needs_a_value() {
    assert_snapshot!(planned(&variants(), &["train.steps="]).unwrap_err(), @r"
        error: `train.steps` has no value
         --> --set train.steps=:1:1
          |
        1 | train.steps=
          | ^^^^^^^^^^^^
          |
          = help: write a value, such as `--set train.steps=1`, or `--set train.steps=null` for no value
        ");
    assert!(planned(&variants(), &["data.binarize=null"]).is_ok(), "no value, as written");
}

#[test]
fn only_takes_whole_labels_and_patterns() {
    let text = grid("variants:\n  - {label: a*b, model: nade}\n  - model: vae\n    matrix: {model.latent: [1, 2]}\n");
    let labels = |only: &str| {
        let overrides = Overrides { only: vec![only.to_owned()], ..Overrides::default() };
        let planned = parse_and_plan("g.yaml", &text, &FakeCatalog::default(), &overrides);
        let labels = |plan: Plan| plan.trials.iter().map(|trial| trial.variant.clone()).collect::<Vec<_>>();
        planned.map(|(_, plan)| labels(plan)).map_err(|messages| messages.to_string())
    };
    assert_eq!(labels("vae latent=1").unwrap(), ["vae latent=1"]);
    assert_eq!(labels("vae*").unwrap(), ["vae latent=1", "vae latent=2"]);
    assert_eq!(labels("*=?").unwrap(), ["vae latent=1", "vae latent=2"]);
    assert_eq!(labels("a*b").unwrap(), ["a*b"]);
    assert_snapshot!(labels("latent").unwrap_err(), @r"
        error: `latent` matches no variant
         |
         = help: `*latent*` matches `vae latent=1`, `vae latent=2`
        ");
    assert_snapshot!(labels("mae").unwrap_err(), @r"
        error: `mae` matches no variant
         |
         = help: labels of this grid: `a*b`, `vae latent=1`, `vae latent=2`
        ");
}

#[test]
fn options_of_the_command_line_are_suggested() {
    let refused = |set: &str| planned(&variants(), &[set]).unwrap_err();
    assert!(refused("seeds=3").contains("use `--seeds 0,1,2`"), "{}", refused("seeds=3"));
    assert!(refused("device=flex").contains("use `--device`"), "{}", refused("device=flex"));
}
