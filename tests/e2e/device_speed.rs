//! Speed of a graphics adapter, in units of work on this adapter.

use protocol::{Measurement, atomic, exit};

use crate::bench::{Bench, SMALL};

#[test]
fn a_graphics_adapter_is_timed_in_its_own_unit() {
    let grid = SMALL.replace("device: flex", "device: wgpu").replace("steps: 60", "steps: 4");
    let bench = Bench::with(&grid.replace("parameters]", "{name: throughput, windows: 3, seconds: 0.1}]"));
    if !bench.has_adapter() {
        return;
    }
    let run = bench.genbench(&["run", "grid.yaml", "--quiet"]);
    assert_eq!(run.code, i32::from(exit::DONE), "{run:?}");
    let figures: Vec<Measurement> =
        atomic::read_json(&bench.trial_of("small", "vae").throughput()).expect("the trial was timed");
    let value = |name: &str| figures.iter().find(|figure| figure.name == name).map(|figure| figure.value);
    assert!(value("train_steps_per_sweep").flatten() > Some(0.0), "{figures:?}");
    assert_eq!(value("train_steps_per_gemm"), None, "the product of the CPU");

    assert_eq!(bench.genbench(&["baseline", "save", "small"]).code, i32::from(exit::DONE));
    let same = bench.genbench(&["regress", "small"]);
    let row = same.out.lines().find(|line| line.contains("speed")).expect("the speed is judged");
    assert!(row.contains("x1.00"), "{same:?}");
}
