//! A grid under torture: at the end it must be as if nothing had happened.
//!
//! Workers and parents are killed at random moments, the disk is full for a while or cannot be written, the clock
//! jumps, last lines of traces and checkpoints are torn; two parents share the work. `GENBENCH_TORTURE_SECONDS`
//! says for how long (40 by default); `docs/running.md` has the figures of a long run. What needs root or
//! libfaketime is left out with a word where it is not to be had, unless `GENBENCH_REQUIRE_TORTURE` is set.

mod disk;
mod procs;
mod tables;
mod tormentor;

use std::time::Duration;

use protocol::event::read_trace;
use protocol::{Status, TrialDir, exit};

use crate::bench::{Bench, outcome};
use tormentor::Tormentor;

/// Eight variants of a second or two each: 200 trials for ten minutes.
fn grid(seconds: u64) -> String {
    let seeds = (seconds / 24).max(4);
    format!(
        "\
name: torture
device: flex
seeds: {seeds}
data: {{name: digits, binarize: threshold}}
train: {{steps: 1500, batch_size: 64, eval_every: 100, keep: best}}
measure: [nll, elbo, {{name: iwae, k: 5}}, parameters]
variants:
  - model: independent
  - model: {{name: markov, order: 3}}
  - model: {{name: nade}}
    matrix: {{model.hidden: [8, 16, 24]}}
  - model: {{name: vae, latent: 4}}
    matrix: {{model.hidden: [16, 32, 48]}}
"
    )
}

#[test]
fn a_tortured_grid_ends_as_if_nothing_had_happened() {
    let seconds = std::env::var("GENBENCH_TORTURE_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(40);
    let grid = grid(seconds);
    let calm = Bench::with(&grid);
    let began = std::time::Instant::now();
    let said = calm.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]);
    assert_eq!(said.code, i32::from(exit::DONE), "{said:?}");
    let undisturbed = began.elapsed();

    let bench = Bench::with(&grid);
    let mut tormentor = Tormentor::new(&bench);
    tormentor.torment(Duration::from_secs(seconds));
    let runs = tormentor.let_it_end();

    let trials: Vec<TrialDir> = calm.trials("torture");
    let mut attempts = 0;
    for dir in &trials {
        let tortured = tormentor.trial(dir);
        let end = outcome(&tortured);
        assert_eq!(end.status, Status::Done, "{}", tortured.0.display());
        attempts += end.attempts;
        one_worker_at_a_time(&tortured);
    }
    let cells = tables::assert_equal(&calm.grid("torture").0, &tormentor.folder());
    println!(
        "{} trials, undisturbed in {:.0} s; tortured for {seconds} s, then {runs} more runs: {} workers, {}; {cells} cells of the tables are equal",
        trials.len(),
        undisturbed.as_secs_f64(),
        attempts,
        tormentor.record(),
    );
}

/// Attempts never interleave, and training is completed once, or once more for each checkpoint that was lost.
fn one_worker_at_a_time(dir: &TrialDir) {
    let events = read_trace(&dir.trace()).expect("a readable trace");
    let attempts: Vec<u32> = events.iter().map(|event| event.attempt).collect();
    assert!(attempts.is_sorted(), "two workers wrote to {}", dir.trace().display());
    let count = |name: &str| events.iter().filter(|event| event.name == name).count();
    assert!(count("trained") <= 1 + count("checkpoint_lost"), "{} was trained twice", dir.0.display());
}
