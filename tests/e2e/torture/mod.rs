//! Fault injection: a grid that runs under random faults must end with the tables of an undisturbed run.
//!
//! Workers and parents are killed, the disk is full or read-only for a while, the clock jumps, last lines of traces and
//! checkpoints are damaged, and two parents share the work. `GENBENCH_TORTURE_SECONDS` sets the duration (40 s by
//! default); `docs/running.md` has the figures of a long run. Faults that need root or libfaketime are skipped with a
//! note if these are missing, unless `GENBENCH_REQUIRE_TORTURE` is set.

mod disk;
mod fault_injector;
mod tables;
mod worker_processes;

use std::time::Duration;

use protocol::event::read_trace;
use protocol::{Status, TrialDir, exit};

use crate::bench::{Bench, outcome};
use fault_injector::FaultInjector;

/// Grid of eight variants, one or two seconds per trial: 200 trials for ten minutes.
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
fn a_grid_under_faults_ends_with_the_tables_of_an_undisturbed_run() {
    let seconds = std::env::var("GENBENCH_TORTURE_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(40);
    let grid = grid(seconds);
    let undisturbed = Bench::with(&grid);
    let began = std::time::Instant::now();
    let output = undisturbed.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    let duration = began.elapsed();

    let bench = Bench::with(&grid);
    let mut faults = FaultInjector::new(&bench);
    faults.inject(Duration::from_secs(seconds));
    let runs = faults.run_to_the_end();

    let trials: Vec<TrialDir> = undisturbed.trials("torture");
    let mut attempts = 0;
    for dir in &trials {
        let disturbed = faults.trial(dir);
        let end = outcome(&disturbed);
        assert_eq!(end.status, Status::Done, "{}", disturbed.0.display());
        attempts += end.attempts;
        one_worker_at_a_time(&disturbed);
    }
    let cells = tables::assert_equal(&undisturbed.grid("torture").0, &faults.folder());
    println!(
        "{} trials, undisturbed in {:.0} s; {seconds} s of faults, then {runs} more runs: {} workers, {}; {cells} cells of the tables are equal",
        trials.len(),
        duration.as_secs_f64(),
        attempts,
        faults.record(),
    );
}

/// Asserts that attempts do not interleave, and that training finished once plus once per lost checkpoint.
fn one_worker_at_a_time(dir: &TrialDir) {
    let events = read_trace(&dir.trace()).expect("a readable trace");
    let attempts: Vec<u32> = events.iter().map(|event| event.attempt).collect();
    assert!(attempts.is_sorted(), "two workers wrote to {}", dir.trace().display());
    let count = |name: &str| events.iter().filter(|event| event.name == name).count();
    assert!(count("trained") <= 1 + count("checkpoint_lost"), "{} was trained twice", dir.0.display());
}
