//! `plan`, `explain` and `until_decided` before, between and after runs.

use std::process::Stdio;

use protocol::exit;
use serde_json::Value;

use crate::bench::{Bench, SMALL, command_output, read};

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
fn plan_and_explain_name_changed_inputs() {
    let bench = Bench::with(TABLES);
    let plan = bench.genbench(&["plan", "grid.yaml"]).out;
    assert!(plan.contains("grid.yaml:7:10: exclude {model.order: 3} left out 1 combination\n"), "{plan}");
    let output = bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");

    let explain = |more: &[&str]| bench.genbench(&[&["explain", "grid.yaml", "markov order=1"][..], more].concat());
    assert!(explain(&[]).out.contains("markov order=1, seed 0: done\n    finished: "), "{:?}", explain(&[]));
    // The line of the variant in its file, also from the plan of the last run.
    assert!(plan.contains(" one pass  grid.yaml:9\n"), "{plan}");
    assert!(explain(&[]).out.contains("    variant at grid.yaml:9\n"), "{:?}", explain(&[]));
    let kept = bench.genbench(&["explain", "tables"]).out;
    assert!(kept.contains("    variant at grid.yaml:9\n"), "{kept}");
    let csv = bench.genbench(&["plan", "grid.yaml", "--format", "csv"]).out;
    assert!(csv.lines().nth(1).is_some_and(|row| row.ends_with(",grid.yaml,9")), "{csv}");
    let changed = explain(&["--set", "train.batch_size=32"]).out;
    assert!(
        changed.contains(", seed 0: train\n") && changed.contains("      train.batch_size: 64 -> 32\n"),
        "{changed}"
    );
    let more = explain(&["--set", "measure=[nll, parameters]"]).out;
    assert!(more.contains(": measure\n    `parameters` is not measured yet\n"), "{more}");
    let by_name = bench.genbench(&["explain", "tables", "--message-format", "json"]).out;
    assert_eq!(by_name.lines().count(), 2, "{by_name}");
    let one: Value = serde_json::from_str(by_name.lines().next().expect("a line")).expect("JSON");
    assert_eq!((&one["next"], &one["nearest"]), (&"done".into(), &Value::Null));
    let output = bench.genbench(&["explain", "grid.yaml", "markov oder=1"]);
    assert!(
        output.code == i32::from(exit::USAGE) && output.err.contains("did you mean `markov order=1`?"),
        "{output:?}"
    );

    std::fs::write(bench.path("new.yaml"), TABLES.replace("[1, 2, 3]", "[1, 3, 4]").replace("64", "32"))
        .expect("written");
    let diff = bench.genbench(&["plan", "new.yaml", "--diff", "grid.yaml"]).out;
    let expected = "\
~ markov order=1, seed 0
      train.batch_size: 64 -> 32
      train.eval_every: 18 -> 37
      train.steps: 18 -> 37
+ markov order=4, seed 0
- markov order=2, seed 0
1 added, 1 removed, 1 changed, 0 with other measures, 0 unchanged
";
    assert_eq!(diff, expected);
}

/// `twin` differs from `base` only in a setting that has no effect, so no comparison of the two can be decided.
const GROWING: &str = "\
name: growing
device: flex
seeds: {until_decided: {cap: 6, interim: [5], by: nll}}
data: {name: digits, binarize: threshold}
train: {steps: 20, batch_size: 32}
measure: [nll]
variants:
  - {model: {name: nade, hidden: 8}, label: base}
  - {model: {name: nade, hidden: 8, ordering_seed: 1}, label: twin}
  - {model: independent, label: plain}
";

#[test]
fn seeds_are_added_to_undecided_comparisons() {
    let bench = Bench::with(GROWING);
    let plan = bench.genbench(&["plan", "grid.yaml"]).out;
    assert!(plan.contains("interim analyses at 5, 6 seeds, 15 trials at first, at most 18"), "{plan}");
    let output = bench.genbench(&["run", "grid.yaml", "--no-timing"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    assert!(output.err.contains("some comparisons are undecided: 2 more trials"), "{output:?}");
    assert_eq!(bench.trials("growing").len(), 17, "plain has no sixth seed");
    let rows = read(&bench.grid("growing").file("comparisons.csv"));
    let row = |variant: &str| rows.lines().find(|row| row.starts_with(variant)).expect("a row").to_owned();
    assert!(
        row("plain,base,").contains("interim analysis 1 of 2") && !row("plain,base,").contains("undecided"),
        "{rows}"
    );
    assert!(row("twin,base,").contains("undecided") && row("twin,base,").contains("interim analysis 2 of 2"), "{rows}");
    // The next run plans the same seeds, all of which are done.
    let plan = bench.genbench(&["plan", "grid.yaml"]).out;
    assert!(plan.contains("17 trials: 17 done"), "{plan}");
    let before = read(&bench.grid("growing").plan_json());
    let output = bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]);
    assert_eq!((output.code, read(&bench.grid("growing").plan_json())), (i32::from(exit::DONE), before), "{output:?}");
    assert_eq!(read(&bench.grid("growing").file("comparisons.csv")), rows);
}

#[test]
fn a_reader_that_closes_the_pipe_causes_no_message() {
    let bench = Bench::with(SMALL);
    for arguments in [&["list", "models"][..], &["schema"], &["plan", "grid.yaml"]] {
        let mut child =
            bench.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
        drop(child.stdout.take());
        let output = command_output(child.wait_with_output().expect("ended"));
        assert_eq!(output.err, "", "{arguments:?}");
    }
}

/// Epochs are passes over the images and steps are updates of the generator, whatever the number of batches per step.
#[test]
fn a_step_of_several_batches_is_planned_and_traced() {
    let text = "\
name: batches
device: flex
seeds: [0]
data: {name: digits, binarize: threshold}
train: {epochs: 10, batch_size: 64}
measure: []
variants:
  - {label: one, model: {name: gan, hidden: 4}}
  - {label: five, model: {name: gan, hidden: 4, objective: wgan, critic_steps: 5}}
  - {label: three steps, model: {name: gan, hidden: 4, critic_steps: 5}, train: {steps: 3, batch_size: 64, eval_every: 2}}
";
    let bench = Bench::with(text);
    // 1,197 images are 18 batches of 64.
    let plan = bench.genbench(&["plan", "grid.yaml"]).out;
    for length in [" 180 steps ", " 36 steps of 5 batches ", " 3 steps of 5 batches "] {
        assert!(plan.contains(length), "{length} is missing in {plan}");
    }
    let output = bench.genbench(&["run", "grid.yaml", "--only", "three steps", "--no-timing", "--quiet"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    let trace = read(&bench.trial_of("batches", "gan").trace());
    let events = trace.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let images: Vec<_> =
        events.filter(|event| event["name"] == "validation").map(|event| event["fields"]["images"].as_u64()).collect();
    assert_eq!(images, [Some(2 * 5 * 64), Some(3 * 5 * 64)], "{trace}");
}
