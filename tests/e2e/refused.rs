//! What is wrong is said where it stands, and nothing is started.

use protocol::exit;

use crate::bench::{Bench, SMALL};

fn refused(grid: &str) -> String {
    let bench = Bench::with(grid);
    let said = bench.genbench(&["run", "grid.yaml"]);
    assert_eq!(said.code, i32::from(exit::USAGE), "{said:?}");
    assert!(!bench.path("results").exists(), "nothing was written");
    said.err
}

#[test]
fn a_slip_of_the_hand_is_shown_with_its_line_and_the_nearest_name() {
    let told = refused(&SMALL.replace("hidden: 16", "hiden: 16"));
    assert!(told.contains("grid.yaml:10:") && told.contains("did you mean `hidden`?"), "{told}");
    let told = refused(&SMALL.replace("name: vae", "name: vea"));
    assert!(told.contains("did you mean `vae`?"), "{told}");
    let told = refused(&SMALL.replace("batch_size: 32", "batch_size: many"));
    assert!(told.contains("grid.yaml:6:"), "{told}");
}

#[test]
fn data_that_do_not_suit_the_model_are_refused_with_advice() {
    let told = refused(&SMALL.replace(", binarize: threshold", ""));
    assert!(told.contains("data.binarize"), "{told}");
}

/// Models that cannot be: the reason, and the size where a size is the reason.
#[test]
fn models_that_do_not_fit_their_data_are_refused_when_planning() {
    let told = refused(
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
        (13, "the model is over binary pixels, the data have support 4_levels"),
        (14, "2 feature maps cannot be divided among 3 colours"),
        (17, "0 is out of range"),
        (18, "the data are real-valued"),
    ] {
        let place = format!("grid.yaml:{line}:");
        let message = told.split("\n\n").find(|message| message.contains(&place));
        assert!(message.is_some_and(|message| message.contains(reason)), "line {line}: {reason}\n{told}");
    }
}

#[test]
fn every_mistake_of_a_block_is_told_at_once() {
    let told = refused(&SMALL.replace(
        "train: {steps: 60, batch_size: 32, eval_every: 20, keep: best}",
        "train: {steps: 0, epochs: 2, batch_size: 0, eval_every: 0, patience: 0, keep: bst}",
    ));
    assert!(told.contains("`train.keep`: `bst` is not known here") && told.contains("did you mean `best`?"), "{told}");
    let told = refused(&SMALL.replace(
        "train: {steps: 60, batch_size: 32, eval_every: 20, keep: best}",
        "train: {steps: 0, epochs: 2, batch_size: 0, eval_every: 0, patience: 0}",
    ));
    for key in ["steps", "epochs", "batch_size", "eval_every", "patience"] {
        assert!(told.contains(&format!("error: `train.{key}`: ")), "{key}: {told}");
    }
}

#[test]
fn a_grid_that_is_not_there_is_no_panic() {
    let bench = Bench::with(SMALL);
    let said = bench.genbench(&["run", "nowhere.yaml"]);
    assert_eq!(said.code, i32::from(exit::USAGE), "{said:?}");
    assert!(said.err.contains("nowhere.yaml"), "{said:?}");
    let said = bench.genbench(&["report", "nothing"]);
    assert_eq!(said.code, i32::from(exit::USAGE), "{said:?}");
    let said = bench.genbench(&["run", "grid.yaml", "--device", "gpu"]);
    assert_eq!(said.code, i32::from(exit::USAGE), "{said:?}");
}
