//! `watch` during and after a run.

use protocol::exit;

use crate::bench::{Bench, SMALL};

#[test]
fn watch_takes_the_name_or_the_file_of_a_grid() {
    let bench = Bench::with(SMALL);
    let output = bench.genbench(&["watch", "small", "--once"]);
    assert!(output.code == i32::from(exit::USAGE) && output.err.contains("no results in "), "{output:?}");
    let mut run = bench.command(&["run", "grid.yaml", "--quiet"]).spawn().expect("the binary starts");
    while !bench.grid("small").plan_json().exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let output = bench.genbench(&["watch", "grid.yaml"]);
    assert!(run.wait().expect("it ends").success());
    assert_eq!((output.code, output.out.as_str()), (0, "small: 2 trials: 2 done; finished\n"), "{output:?}");
    assert!(output.err.starts_with("small: 2 trials: "), "{output:?}");
    let output = bench.genbench(&["watch", "small", "--once"]);
    assert_eq!((output.code, output.out.as_str()), (0, "small: 2 trials: 2 done; finished\n"), "{output:?}");
}
