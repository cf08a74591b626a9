//! Two runners that share one results folder.

use std::process::{Command, Stdio};

use protocol::event::read_trace;
use protocol::{Status, exit};

use crate::bench::{Bench, outcome};

const SHARED: &str = "\
name: shared
device: flex
seeds: 8
data: {name: digits, binarize: threshold}
train: {steps: 150, batch_size: 64, eval_every: 50, keep: best}
measure: [elbo, nll]
variants:
  - model: {name: vae, hidden: 32, latent: 4}
  - model: {name: nade, hidden: 8}
";

#[test]
fn two_runners_share_the_trials_and_repeat_none() {
    let bench = Bench::with(SHARED);
    let start = || {
        let mut command: Command = bench.command(&["run", "grid.yaml", "--no-timing", "--jobs", "1"]);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the binary starts")
    };
    let runners = [start(), start()];
    let ends: Vec<_> = runners.map(|runner| runner.wait_with_output().expect("it ends")).into();
    let mut shares = Vec::new();
    for end in &ends {
        let stderr = String::from_utf8_lossy(&end.stderr);
        assert_eq!(end.status.code(), Some(i32::from(exit::DONE)), "{stderr}");
        let count = |words: &str| stderr.lines().filter(|line| line.contains(words)).count();
        assert_eq!(count(": done after ") + count(": done elsewhere"), 16, "{stderr}");
        shares.push(count(": done after "));
    }
    assert_eq!(shares.iter().sum::<usize>(), 16, "{shares:?}");
    assert!(shares.iter().all(|trials| *trials >= 1), "both runners ran trials: {shares:?}");
    let trials = bench.trials("shared");
    assert_eq!(trials.len(), 16);
    for dir in trials {
        let end = outcome(&dir);
        assert_eq!((&end.status, end.attempts), (&Status::Done, 1), "{}", dir.0.display());
        let events = read_trace(&dir.trace()).expect("a trace");
        assert_eq!(events.iter().filter(|event| event.name == "trace_started").count(), 1);
    }
}
