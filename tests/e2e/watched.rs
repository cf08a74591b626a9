//! `watch` during and after a run.

use protocol::exit;

use crate::bench::{Bench, SMALL};

#[test]
fn watch_takes_the_name_or_the_file_of_a_grid() {
    let bench = Bench::with(SMALL);
    let said = bench.genbench(&["watch", "small", "--once"]);
    assert!(said.code == i32::from(exit::USAGE) && said.err.contains("no results in "), "{said:?}");
    let mut run = bench.command(&["run", "grid.yaml", "--quiet"]).spawn().expect("the binary starts");
    while !bench.grid("small").plan_json().exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let said = bench.genbench(&["watch", "grid.yaml"]);
    assert!(run.wait().expect("it ends").success());
    assert_eq!((said.code, said.out.as_str()), (0, "small: 2 trials: 2 done; finished\n"), "{said:?}");
    assert!(said.err.starts_with("small: 2 trials: "), "{said:?}");
    let said = bench.genbench(&["watch", "small", "--once"]);
    assert_eq!((said.code, said.out.as_str()), (0, "small: 2 trials: 2 done; finished\n"), "{said:?}");
}
