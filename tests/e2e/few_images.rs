//! Data with hardly any images: a figure that cannot be computed is absent with a reason, and no model diverges by it.

use protocol::{Status, exit};

use crate::bench::{Bench, measurements, outcome, read};

#[test]
fn one_validation_image_makes_no_model_diverge() {
    let grid = "\
name: few
device: flex
seeds: [0]
train: {steps: 20, batch_size: 4, eval_every: 10, keep: best, patience: 1}
measure: [nll, elbo, parzen, copies, collapse, parameters]
matrix:
  data: [{name: mixture, height: 4, width: 4, train: 8, validation: 1, test: 3}]
  model: [gan, aae, infogan, vae, nade, independent]
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

#[test]
fn a_loss_beyond_the_limit_is_diverged() {
    let grid = "\
name: far
device: flex
seeds: [0]
data: {name: gaussian_mixture, height: 2, width: 2, sigma: 1000, train: 64, validation: 16, test: 16}
train: {steps: 40, batch_size: 16, eval_every: 20}
measure: [elbo]
variants:
  - model: {name: vae, hidden: 8, latent: 2, lr: 1000}
";
    let bench = Bench::with(grid);
    let output = bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]);
    assert_eq!(output.code, i32::from(exit::TRIALS_FAILED), "{output:?}");
    let Status::Diverged { what, .. } = outcome(&bench.trial_of("far", "vae")).status else { panic!("{output:?}") };
    assert!(!what.is_empty());
}
