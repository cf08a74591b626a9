//! Grids that extend other files.

use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use protocol::Plan;

use crate::diagnostics::Diagnostics;
use crate::plan::{Overrides, load_and_plan};
use crate::tests::FakeCatalog;

const BASE: &str = "\
name: base
about: what all share
device: flex
seeds: 2
data: {name: digits, binarize: static}
train: {epochs: 3, batch_size: 16}
variants:
  - model: {name: nade, hidden: 10}
";

/// Writes files into one folder and plans the last one.
fn planned(files: &[(&str, &str)]) -> Result<(String, Plan), String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let last = folder.path().join(files.last().unwrap().0);
    let plain = |messages: Diagnostics| messages.to_string().replace(&format!("{}/", folder.path().display()), "");
    let planned = load_and_plan(Path::new(&last), &FakeCatalog::default(), &Overrides::default());
    let (grid, plan) = planned.map_err(plain)?;
    Ok((grid.text().replace(&format!("{}/", folder.path().display()), ""), plan))
}

#[test]
fn blocks_merge_and_the_rest_is_replaced() {
    let top = "extends: base.yaml\nname: top\nseeds: [5]\ntrain: {batch_size: 32}\n";
    let (text, plan) = planned(&[("base.yaml", BASE), ("top.yaml", top)]).unwrap();
    let trial = &plan.trials[0];
    assert_eq!((plan.grid.as_str(), plan.about.as_str(), plan.trials.len()), ("top", "what all share", 1));
    assert_eq!((trial.seed, trial.train.batch_size, trial.device.as_str()), (5, 32, "flex"));
    assert_eq!(trial.data.config["binarize"], "static");
    assert_eq!(trial.model.config["hidden"], 10);
    // The line of the variant, in the file that has it.
    let places: Vec<_> = plan.places.iter().map(ToString::to_string).collect();
    assert_eq!((plan.places[0].variant.as_str(), places), ("nade", vec!["base.yaml:8".to_owned()]));
    assert!(
        text.starts_with("# top.yaml\nextends: base.yaml\n") && text.contains("# base.yaml\nname: base\n"),
        "{text}"
    );
}

#[test]
fn a_later_file_overrides_an_earlier_one_and_variants_are_replaced() {
    let faster = "train: {epochs: 1}\nvariants:\n  - model: vae\n  - model: nade\n";
    let top = "extends: [base.yaml, faster.yaml]\nname: top\n";
    let (_, plan) = planned(&[("base.yaml", BASE), ("faster.yaml", faster), ("top.yaml", top)]).unwrap();
    let models: Vec<&str> = plan.trials.iter().map(|trial| trial.model.name.as_str()).collect();
    assert_eq!(models, ["vae", "vae", "nade", "nade"]);
    // A setting that the middle file lacks comes from the first one.
    assert_eq!(plan.trials[0].train.batch_size, 16);
    let (_, same) = planned(&[
        ("base.yaml", BASE),
        ("faster.yaml", "extends: base.yaml\ntrain: {epochs: 1}\nvariants:\n  - model: vae\n  - model: nade\n"),
        ("top.yaml", "extends: faster.yaml\nname: top\n"),
    ])
    .unwrap();
    assert_eq!(same.trials, plan.trials);
}

#[test]
fn another_data_set_replaces_that_of_the_base() {
    let top = "extends: base.yaml\nname: top\ndata: {name: chain, q: 0.2}\n";
    let (_, plan) = planned(&[("base.yaml", BASE), ("top.yaml", top)]).unwrap();
    assert_eq!(plan.trials[0].data.config, serde_json::json!({"q": 0.2}));
}

#[test]
fn mistakes_name_the_file_that_has_them() {
    let base = BASE.replace("binarize", "binarise");
    let top = "extends: base.yaml\nname: top\ntrain: {batchsize: 32}\n";
    assert_snapshot!(planned(&[("base.yaml", &base), ("top.yaml", top)]).unwrap_err(), @r"
        error: `batchsize` is not known here
         --> top.yaml:3:9
          |
        3 | train: {batchsize: 32}
          |         ^^^^^^^^^
          |
         ::: base.yaml:8:5
          |
        8 |   - model: {name: nade, hidden: 10}
          |     ------------------------------- for this variant
          |
          = help: did you mean `batch_size`? Allowed: batch_size, epochs, schedule, steps

        error: `binarise` is not known here
         --> base.yaml:5:22
          |
        5 | data: {name: digits, binarise: static}
          |                      ^^^^^^^^
        ...
        8 |   - model: {name: nade, hidden: 10}
          |     ------------------------------- for this variant
          |
          = help: did you mean `binarize`? Allowed: binarize
        ");
    let twice = BASE.replace("seeds: 2", "seeds: 2\nseeds: 3");
    assert_snapshot!(planned(&[("base.yaml", &twice), ("top.yaml", "extends: base.yaml\nname: top\n")]).unwrap_err(), @r"
        error: duplicate key `seeds`
         --> base.yaml:5:1
          |
        4 | seeds: 2
          | ----- first defined here
        5 | seeds: 3
          | ^^^^^
        ");
}

#[test]
fn files_that_cannot_be_extended() {
    assert_snapshot!(planned(&[("top.yaml", "name: top\nextends: bse.yaml\n")]).unwrap_err(), @r"
        error: failed to read bse.yaml: no such file or folder
         --> top.yaml:2:10
          |
        2 | extends: bse.yaml
          |          ^^^^^^^^
          |
          = help: paths are relative to the file that lists them
        ");
    let home = planned(&[("top.yaml", "name: top\nextends: ~/base.yaml\n")]).unwrap_err();
    assert!(home.contains("help: `~` is not expanded: write the whole path; paths are relative"), "{home}");
    let two = planned(&[("top.yaml", "name: top\nname: again\nextends: [a.yaml, b.yaml]\n")]).unwrap_err();
    for one in ["duplicate key `name`", "failed to read a.yaml", "failed to read b.yaml"] {
        assert!(two.contains(one), "all mistakes are reported: {two}");
    }
    let round = [("a.yaml", "extends: b.yaml\nname: a\n"), ("b.yaml", "extends: a.yaml\nname: b\n")];
    assert_snapshot!(planned(&round).unwrap_err(), @r"
        error: `b.yaml` extends itself through other files
         --> a.yaml:1:10
          |
        1 | extends: b.yaml
          |          ^^^^^^
          |
          = help: remove one of the entries
        ");
    assert_snapshot!(planned(&[("top.yaml", "name: top\nextends: [3]\nvariants: [{model: nade}]\n")]).unwrap_err(), @r"
        error: `extends` takes a file or a list of files, not a whole number
         --> top.yaml:2:11
          |
        2 | extends: [3]
          |           ^
          |
          = help: for example `extends: base.yaml`
        ");
    // The name is not inherited, so that two grids do not share a folder of results by accident.
    assert_snapshot!(planned(&[("base.yaml", BASE), ("top.yaml", "extends: base.yaml\n")]).unwrap_err(), @r"
        error: the grid has no `name`
         --> top.yaml:1:1
          |
        1 | extends: base.yaml
          | ^
          |
          = help: add `name: my-grid` at the top
        ");
}

#[test]
fn a_setting_replaces_its_equivalent_of_the_base() {
    let steps = |base: &str, top: &str| {
        let base = format!("data: digits\n{base}");
        let top = format!("name: top\nextends: base.yaml\n{top}variants: [{{model: nade}}]\n");
        let planned = planned(&[("base.yaml", &base), ("top.yaml", &top)]);
        planned.map(|(_, plan)| plan.trials.iter().map(|trial| trial.train.steps).collect::<Vec<_>>())
    };
    assert_eq!(steps("train: {epochs: 1}\n", "train: {steps: 7}\n").unwrap(), [7]);
    let varied = steps("matrix: {train.epochs: [1, 2]}\n", "matrix: {train.steps: [7, 8]}\n");
    assert_eq!(varied.unwrap(), [7, 8]);
    let both = steps("train: {epochs: 1}\n", "train: {steps: 7, epochs: 2}\n").unwrap_err();
    assert!(both.starts_with("error: `train.steps` and `train.epochs` set the same thing"), "{both}");
}

#[test]
fn the_new_name_of_a_key_replaces_the_old_one_of_the_base() {
    let planned = |base: &str, top: &str| {
        let base = BASE.replace("seeds: 2", &format!("seeds: {{until_decided: {{cap: 16, {base}}}}}"));
        let top = format!("name: top\nextends: base.yaml\nseeds: {{until_decided: {{{top}}}}}\n");
        planned(&[("base.yaml", &base), ("top.yaml", &top)])
    };
    for (base, top) in [("looks: [4]", "interim: [5]"), ("interim: [4]", "looks: [5]")] {
        let (_, plan) = planned(base, top).unwrap();
        assert_eq!(plan.compare.interim.unwrap().at, [5, 16], "{base} {top}");
    }
    assert!(planned("by: nll", "looks: [4], interim: [5]").unwrap_err().contains("both are set"));
}
