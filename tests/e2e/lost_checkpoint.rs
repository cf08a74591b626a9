//! A finished trial whose checkpoint was deleted: nothing trains it again unless the user asks.

use std::fs;

use protocol::exit;

use crate::bench::{Bench, SMALL, outcome, read};

#[test]
fn measure_does_not_train_a_finished_trial_again() {
    let bench = Bench::with(SMALL);
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
    let dir = bench.trial_of("small", "vae");
    fs::remove_dir_all(dir.checkpoint()).expect("a checkpoint");
    let before = (outcome(&dir), read(&dir.measurements()));
    // Nothing is lacking: the checkpoint is not needed.
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
    let more = SMALL.replace("[nll, elbo, parameters]", "[nll, elbo, parameters, {name: iwae, k: 2}]");
    fs::write(bench.path("grid.yaml"), more).expect("a written grid");
    let plan = bench.genbench(&["plan", "grid.yaml"]);
    assert!(plan.out.contains("1 model_lost") && plan.err.contains("warning: lost model: "), "{plan:?}");
    for command in ["measure", "run"] {
        let output = bench.genbench(&[command, "grid.yaml", "--no-timing", "--quiet"]);
        assert_eq!(output.code, i32::from(exit::ENVIRONMENT), "{command}: {output:?}");
        assert!(output.err.contains("the trained model is gone, so `iwae` cannot be taken"), "{output:?}");
        assert!(output.err.contains("genbench run GRID.yaml --fresh --only LABEL"), "{output:?}");
        assert_eq!((outcome(&dir), read(&dir.measurements())), before, "{command}");
    }
    let status = bench.genbench(&["status", "small"]);
    assert!(status.out.contains("model_lost") && !status.out.contains("unreadable"), "{status:?}");
    // A model that is there and cannot be read is no reason to train either.
    let independent = bench.trial_of("small", "independent");
    let more = SMALL.replace("[nll, elbo, parameters]", "[nll, elbo, parameters, {name: iwae, k: 2}, copies]");
    fs::write(bench.path("grid.yaml"), more).expect("a written grid");
    for part in fs::read_dir(independent.checkpoint().join("kept")).expect("a kept state") {
        fs::write(part.expect("listed").path(), "torn").expect("written");
    }
    let trained = outcome(&independent);
    for _ in 0..2 {
        bench.genbench(&["measure", "grid.yaml", "--no-timing", "--quiet"]);
        assert_eq!(outcome(&independent), trained);
    }
    assert!(independent.0.join("checkpoint.lost").exists() && !independent.checkpoint().exists());
    // The other trial was measured, and the advice works.
    assert!(read(&bench.trial_of("small", "independent").measurements()).contains("iwae"));
    let output = bench.genbench(&["run", "grid.yaml", "--fresh", "--only", "vae", "--no-timing", "--quiet"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    assert!(read(&dir.measurements()).contains("iwae"));
}
