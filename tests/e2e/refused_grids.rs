//! Mistakes in a grid: messages with positions, and no started trial.

use protocol::exit;

use crate::bench::{Bench, SMALL};

/// Returns the messages for a grid that `run` refuses.
fn refused(grid: &str) -> String {
    let bench = Bench::with(grid);
    let output = bench.genbench(&["run", "grid.yaml"]);
    assert_eq!(output.code, i32::from(exit::USAGE), "{output:?}");
    assert!(!bench.path("results").exists(), "nothing was written");
    output.err
}

#[test]
fn a_misspelt_name_is_reported_with_its_line_and_the_nearest_name() {
    let messages = refused(&SMALL.replace("hidden: 16", "hiden: 16"));
    assert!(messages.contains("grid.yaml:10:") && messages.contains("did you mean `hidden`?"), "{messages}");
    let messages = refused(&SMALL.replace("name: vae", "name: vea"));
    assert!(messages.contains("did you mean `vae`?"), "{messages}");
    let messages = refused(&SMALL.replace("batch_size: 32", "batch_size: many"));
    assert!(messages.contains("grid.yaml:6:"), "{messages}");
}

#[test]
fn data_that_do_not_fit_the_model_are_refused_with_help() {
    let messages = refused(&SMALL.replace(", binarize: threshold", ""));
    assert!(messages.contains("data.binarize"), "{messages}");
}

/// Models that do not fit their data or the memory, with the reason and its numbers.
#[test]
fn models_that_do_not_fit_their_data_are_refused_when_planning() {
    let messages = refused(
        "\
name: impossible
train: {steps: 1, batch_size: 1}
blocks:
  - data: {name: digits, binarize: threshold}
    variants:
      - model: {name: nade, hidden: 10, ordering: [3, 1, 2]}
      - model: {name: markov, order: 40}
      - model: {name: full_table}
      - model: {name: pixel_cnn, ordering: spiral}
      - model: {name: pixel_rnn, kernel: 4}
  - data: {name: colour_digits, levels: 4}
    variants:
      - model: nade
      - model: {name: pixel_cnn, channels: 4}
  - data: linear_gaussian
    variants:
      - model: {name: rnade, components: 0}
      - model: pixel_cnn
",
    );
    for (line, reason) in [
        (6, "an ordering of 3 pixels for images of 64"),
        (7, "tables of order 40 over 64 pixels would have 70368744177664 cells, 536870912 MiB"),
        (8, "a table of all images of 64 pixels would have 18446744073709551616 cells, 140737488355328 MiB"),
        (9, "this model cannot use the ordering spiral"),
        (10, "a kernel of side 4 has no centre"),
        (13, "the model needs binary pixels, the data have support 4_levels"),
        (14, "2 channels cannot be divided among 3 colours"),
        (17, "0 is out of range"),
        (18, "the data are real-valued"),
    ] {
        let place = format!("grid.yaml:{line}:");
        let message = messages.split("\n\n").find(|message| message.contains(&place));
        assert!(message.is_some_and(|message| message.contains(reason)), "line {line}: {reason}\n{messages}");
    }
}

#[test]
fn all_mistakes_of_a_block_are_reported_at_once() {
    let messages = refused(&SMALL.replace(
        "train: {steps: 60, batch_size: 32, eval_every: 20, keep: best}",
        "train: {steps: 0, epochs: 2, batch_size: 0, eval_every: 0, patience: 0, keep: bst}",
    ));
    assert!(
        messages.contains("`train.keep`: `bst` is not known here") && messages.contains("did you mean `best`?"),
        "{messages}"
    );
    let messages = refused(&SMALL.replace(
        "train: {steps: 60, batch_size: 32, eval_every: 20, keep: best}",
        "train: {steps: 0, epochs: 2, batch_size: 0, eval_every: 0, patience: 0}",
    ));
    for key in ["steps", "batch_size", "eval_every", "patience"] {
        assert!(messages.contains(&format!("error: `train.{key}`: ")), "{key}: {messages}");
    }
    assert!(messages.contains("error: `train.steps` and `train.epochs` set the same thing"), "{messages}");
}

#[test]
fn a_missing_grid_exits_with_the_usage_code() {
    let bench = Bench::with(SMALL);
    let output = bench.genbench(&["run", "nowhere.yaml"]);
    assert_eq!(output.code, i32::from(exit::USAGE), "{output:?}");
    assert!(output.err.contains("nowhere.yaml"), "{output:?}");
    let output = bench.genbench(&["report", "nothing"]);
    assert_eq!(output.code, i32::from(exit::USAGE), "{output:?}");
    let output = bench.genbench(&["run", "grid.yaml", "--device", "gpu"]);
    assert_eq!(output.code, i32::from(exit::USAGE), "{output:?}");
}
