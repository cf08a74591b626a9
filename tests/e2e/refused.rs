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
