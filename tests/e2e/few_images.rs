//! Data with hardly any images: a figure that cannot be computed is absent with a reason, and no model diverges by it.

use protocol::{Status, exit};

use crate::bench::{Bench, measurements, outcome, read};

#[test]
fn one_validation_image_makes_no_model_diverge() {
    let grid = "\
name: few
device: flex
seeds: [0]
data: {name: mixture, height: 4, width: 4, train: 8, validation: 1, test: 3}
train: {steps: 20, batch_size: 4, eval_every: 10, keep: best, patience: 1}
measure: [nll, elbo, parzen, copies, parameters]
variants:
  - model: gan
  - model: aae
  - model: infogan
  - model: vae
  - model: nade
  - model: independent
";
    let bench = Bench::with(grid);
    let output = bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    let dir = bench.trial_of("few", "gan");
    assert_eq!(outcome(&dir).kept_step, Some(20), "without a validation quantity the last state is kept");
    assert!(read(&dir.trace()).contains("\"name\":\"no_validation\""));
    for dir in bench.trials("few") {
        assert_eq!(outcome(&dir).status, Status::Done);
        for figure in measurements(&dir) {
            assert!(figure.value.is_some() || figure.reason.is_some(), "{figure:?}");
        }
    }
}
