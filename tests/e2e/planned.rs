//! What `plan`, `explain` and seeds until decided say and do around real runs.

use std::process::Stdio;

use protocol::exit;
use serde_json::Value;

use crate::bench::{Bench, SMALL, read, said};

const TABLES: &str = "\
name: tables
device: flex
data: {name: digits, binarize: threshold}
train: {epochs: 1, batch_size: 64}
measure: [nll]
matrix: {model.order: [1, 2, 3]}
exclude: {model.order: 3}
variants:
  - model: markov
";

#[test]
fn changed_inputs_are_named_before_anything_runs() {
    let bench = Bench::with(TABLES);
    let plan = bench.genbench(&["plan", "grid.yaml"]).out;
    assert!(plan.contains("grid.yaml:7:10: exclude {model.order: 3} left out 1 combination\n"), "{plan}");
    let said = bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]);
    assert_eq!(said.code, i32::from(exit::DONE), "{said:?}");

    let explain = |more: &[&str]| bench.genbench(&[&["explain", "grid.yaml", "markov order=1"][..], more].concat());
    assert!(explain(&[]).out.contains("markov order=1, seed 0: done\n    it is finished: "), "{:?}", explain(&[]));
    let changed = explain(&["--set", "train.batch_size=32"]).out;
    assert!(
        changed.contains(", seed 0: train\n") && changed.contains("      train.batch_size: 64 -> 32\n"),
        "{changed}"
    );
    let more = explain(&["--set", "measure=[nll, parameters]"]).out;
    assert!(more.contains(": measure\n    `parameters` has not been taken\n"), "{more}");
    let by_name = bench.genbench(&["explain", "tables", "--message-format", "json"]).out;
    assert_eq!(by_name.lines().count(), 2, "{by_name}");
    let one: Value = serde_json::from_str(by_name.lines().next().expect("a line")).expect("JSON");
    assert_eq!((&one["next"], &one["nearest"]), (&"done".into(), &Value::Null));
    let said = bench.genbench(&["explain", "grid.yaml", "markov oder=1"]);
    assert!(said.code == i32::from(exit::USAGE) && said.err.contains("did you mean `markov order=1`?"), "{said:?}");

    std::fs::write(bench.path("new.yaml"), TABLES.replace("[1, 2, 3]", "[1, 3, 4]").replace("64", "32"))
        .expect("written");
    let diff = bench.genbench(&["plan", "new.yaml", "--diff", "grid.yaml"]).out;
    let told = "\
~ markov order=1, seed 0
      train.batch_size: 64 -> 32
      train.eval_every: 18 -> 37
      train.steps: 18 -> 37
+ markov order=4, seed 0
- markov order=2, seed 0
1 added, 1 removed, 1 changed, 0 measured otherwise, 0 the same
";
    assert_eq!(diff, told);
}

/// `twin` is `base` by another name for a setting that it does not use: nothing can tell the two apart.
const GROWING: &str = "\
name: growing
device: flex
seeds: {until_decided: {cap: 6, looks: [5], by: nll}}
data: {name: digits, binarize: threshold}
train: {steps: 20, batch_size: 32}
measure: [nll]
variants:
  - {model: {name: nade, hidden: 8}, label: base}
  - {model: {name: nade, hidden: 8, ordering_seed: 1}, label: twin}
  - {model: independent, label: plain}
";

#[test]
fn seeds_are_added_where_a_comparison_is_open() {
    let bench = Bench::with(GROWING);
    let plan = bench.genbench(&["plan", "grid.yaml"]).out;
    assert!(plan.contains("interim analyses at 5, 6 seeds, 15 trials at first, at most 18"), "{plan}");
    let said = bench.genbench(&["run", "grid.yaml", "--no-timing"]);
    assert_eq!(said.code, i32::from(exit::DONE), "{said:?}");
    assert!(said.err.contains("not all is decided: 2 trials more"), "{said:?}");
    assert_eq!(bench.trials("growing").len(), 17, "plain has no sixth seed");
    let rows = read(&bench.grid("growing").file("comparisons.csv"));
    let row = |variant: &str| rows.lines().find(|row| row.starts_with(variant)).expect("a row").to_owned();
    assert!(row("plain,base,").contains("look 1 of 2") && !row("plain,base,").contains("undecided"), "{rows}");
    assert!(row("twin,base,").contains("undecided") && row("twin,base,").contains("look 2 of 2"), "{rows}");
    // Running again finds the same seeds due, all of them done.
    let plan = bench.genbench(&["plan", "grid.yaml"]).out;
    assert!(plan.contains("17 trials: 17 done"), "{plan}");
    let before = read(&bench.grid("growing").plan_json());
    let said = bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]);
    assert_eq!((said.code, read(&bench.grid("growing").plan_json())), (i32::from(exit::DONE), before), "{said:?}");
    assert_eq!(read(&bench.grid("growing").file("comparisons.csv")), rows);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error_to_tell() {
    let bench = Bench::with(SMALL);
    for arguments in [&["list", "models"][..], &["schema"], &["plan", "grid.yaml"]] {
        let mut child =
            bench.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
        drop(child.stdout.take());
        let said = said(child.wait_with_output().expect("ended"));
        assert_eq!(said.err, "", "{arguments:?}");
    }
}
