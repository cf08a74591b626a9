//! Killed workers and runners, limits, damaged checkpoints and divergence.

use std::time::{Duration, Instant};

use protocol::event::read_trace;
use protocol::{Status, TrialDir, exit};

use crate::bench::{Bench, outcome, read, value};

const LONG: &str = "\
name: long
device: flex
seeds: [0]
data: {name: digits, binarize: dynamic}
train: {steps: 4000, batch_size: 64, eval_every: 50, keep: best}
measure: [elbo, nll]
variants:
  - model: {name: vae, hidden: 64, latent: 8}
";

/// Figures of a trial, as bits.
fn result(dir: &TrialDir) -> (u64, u64, Option<u64>, u64) {
    let outcome = outcome(dir);
    let elbo = value(dir, "elbo").expect("an ELBO").to_bits();
    let last =
        read_trace(&dir.trace()).expect("a trace").iter().filter_map(|event| event.number("negative_elbo")).next_back();
    (elbo, outcome.steps, outcome.kept_step, last.expect("scalars").to_bits())
}

/// Starts a worker and waits until it has a checkpoint after the first one.
fn start_and_wait(bench: &Bench, dir: &TrialDir) -> std::process::Child {
    let child = bench.command(&["trial", dir.0.to_str().expect("a plain path")]).spawn().expect("the worker starts");
    wait_for_a_checkpoint(dir);
    child
}

fn wait_for_a_checkpoint(dir: &TrialDir) {
    let began = Instant::now();
    // A trial resumes from the state file; a folder without it may be incomplete.
    let saved = || {
        protocol::atomic::read_json::<serde_json::Value>(&dir.checkpoint().join("state.json"))
            .is_ok_and(|state| state["step"].as_u64().is_some_and(|step| step > 50))
    };
    while !saved() {
        assert!(began.elapsed() < Duration::from_secs(60), "no checkpoint within a minute");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_killed_trial_resumes_and_ends_with_equal_figures() {
    killed_and_resumed(LONG);
}

#[test]
fn a_killed_trial_resumes_with_its_optimiser_its_schedule_and_its_averaged_weights() {
    let optim = "optim: {algorithm: adamw, weight_decay: 0.01, clip_norm: 20, ema: 0.99}";
    let more = format!("keep: best, warmup: 100, schedule: step, milestones: [0.3, 0.6], {optim}}}");
    killed_and_resumed(&LONG.replace("keep: best}", &more));
}

fn killed_and_resumed(grid: &str) {
    let whole = Bench::with(grid);
    assert_eq!(whole.genbench(&["run", "grid.yaml", "--quiet"]).code, i32::from(exit::DONE));
    let expected = result(&whole.trials("long")[0]);

    let broken = Bench::with(grid);
    let planned = whole.trials("long")[0].trial();
    let dir = TrialDir(broken.grid("long").trials().join(whole.trials("long")[0].0.file_name().expect("an id")));
    std::fs::create_dir_all(&dir.0).expect("a folder");
    std::fs::copy(planned, dir.trial()).expect("the same trial");
    let mut child = start_and_wait(&broken, &dir);
    child.kill().expect("SIGKILL");
    child.wait().expect("it ends");
    assert!(!dir.outcome().exists(), "the worker was killed during training");
    let output = broken.genbench(&["run", "grid.yaml", "--quiet"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    assert!(read(&dir.trace()).contains("\"name\":\"resumed\""));
    assert_eq!(outcome(&dir).attempts, 2);
    assert_eq!(result(&dir), expected);
}

#[cfg(unix)]
#[test]
fn a_worker_that_gets_sigterm_saves_a_checkpoint_and_asks_to_be_queued_again() {
    let bench = Bench::with(LONG);
    let planned = bench.genbench(&["plan", "grid.yaml", "--message-format", "json"]);
    let line: serde_json::Value = serde_json::from_str(planned.out.lines().next().expect("a trial")).expect("JSON");
    let dir = TrialDir(bench.grid("long").trials().join(line["id"].as_str().expect("an id")));
    std::fs::create_dir_all(&dir.0).expect("a folder");
    std::fs::write(dir.trial(), line["trial"].to_string()).expect("a trial");
    let mut child = start_and_wait(&bench, &dir);
    let second = bench.genbench(&["trial", dir.0.to_str().expect("a plain path")]);
    assert_eq!(second.code, i32::from(exit::WORKER_TRY_AGAIN), "the folder is locked: {second:?}");
    let killed = std::process::Command::new("kill").arg(child.id().to_string()).status().expect("kill runs");
    assert!(killed.success());
    let status = child.wait().expect("it ends");
    assert_eq!(status.code(), Some(i32::from(exit::WORKER_REQUEUE)));
    let done = bench.genbench(&["run", "grid.yaml", "--quiet"]);
    assert_eq!(done.code, i32::from(exit::DONE), "{done:?}");
    assert_eq!(outcome(&dir).status, Status::Done);
}

/// Sends a signal to the parent only. Ctrl-C does the same, because workers have process groups of their own.
#[cfg(unix)]
fn interrupt(child: &std::process::Child, signal: &str) {
    let sent = std::process::Command::new("kill").args(["-s", signal, &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
}

#[cfg(unix)]
#[test]
fn ctrl_c_twice_kills_sigterm_saves_and_the_same_command_resumes() {
    let whole = Bench::with(LONG);
    assert_eq!(whole.genbench(&["run", "grid.yaml", "--quiet"]).code, i32::from(exit::DONE));
    let expected = result(&whole.trials("long")[0]);
    for signals in [&["INT", "INT"][..], &["TERM"]] {
        let bench = Bench::with(LONG);
        let mut command = bench.command(&["run", "grid.yaml"]);
        let parent = command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped()).spawn();
        let parent = parent.expect("the binary starts");
        wait_for_a_checkpoint(&bench.grid("long").trial(&protocol::TrialId(id(&whole))));
        for signal in signals {
            interrupt(&parent, signal);
            std::thread::sleep(Duration::from_millis(400));
        }
        let end = parent.wait_with_output().expect("it ends");
        let stderr = String::from_utf8_lossy(&end.stderr);
        assert_eq!(end.status.code(), Some(i32::from(exit::INTERRUPTED)), "{stderr}");
        assert!(stderr.contains("vae seed 0: interrupted"), "{stderr}");
        let dir = &bench.trials("long")[0];
        assert!(!dir.outcome().exists() && dir.checkpoint().exists());
        assert_eq!(
            read(&dir.trace()).contains("\"name\":\"stopped\""),
            signals == ["TERM"],
            "SIGTERM lets the worker save a checkpoint"
        );
        assert_eq!(bench.genbench(&["run", "grid.yaml", "--quiet"]).code, i32::from(exit::DONE));
        assert_eq!(outcome(dir).attempts, 2);
        assert_eq!(result(dir), expected);
    }
}

#[cfg(unix)]
#[test]
fn a_trial_at_its_time_limit_is_saved_and_resumes_with_a_longer_one() {
    let bench = Bench::with(&LONG.replace("4000", "20000"));
    let output = bench.genbench(&["run", "grid.yaml", "--timeout", "1s"]);
    assert_eq!(output.code, i32::from(exit::TRIALS_FAILED), "{output:?}");
    let dir = &bench.trials("long")[0];
    assert_eq!(outcome(dir).status, Status::TimedOut { limit_s: 1.0 });
    assert!(read(&bench.grid("long").file("trials.csv")).contains("timed_out"));
    let again = bench.genbench(&["run", "grid.yaml", "--quiet"]);
    assert_eq!(again.code, i32::from(exit::TRIALS_FAILED), "a failure is final");
    let output = bench.genbench(&["run", "grid.yaml", "--retry-failed", "--quiet", "--timeout", "10m"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    assert!(read(&dir.trace()).contains("\"name\":\"resumed\""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_worker_above_its_memory_limit_is_out_of_memory() {
    let bench = Bench::with(LONG);
    let output = bench.genbench(&["run", "grid.yaml", "--memory", "4MiB", "--jobs", "1"]);
    assert_eq!(output.code, i32::from(exit::TRIALS_FAILED), "{output:?}");
    let reason = outcome(&bench.trials("long")[0]).status.reason().expect("a reason");
    assert!(reason.starts_with("held ") && reason.ends_with("the limit is 4 MiB"), "{reason}");
    let output = bench.genbench(&["run", "grid.yaml", "--memory", "lots"]);
    assert!(output.code == i32::from(exit::USAGE) && output.err.contains("2GiB"), "{output:?}");
}

#[test]
fn a_truncated_checkpoint_restarts_the_trial_with_equal_figures() {
    let whole = Bench::with(LONG);
    assert_eq!(whole.genbench(&["run", "grid.yaml", "--quiet"]).code, i32::from(exit::DONE));
    let expected = result(&whole.trials("long")[0]);
    let broken = Bench::with(LONG);
    let dir = broken.grid("long").trial(&protocol::TrialId(id(&whole)));
    std::fs::create_dir_all(&dir.0).expect("a folder");
    std::fs::copy(whole.trials("long")[0].trial(), dir.trial()).expect("the same trial");
    let mut child = start_and_wait(&broken, &dir);
    child.kill().expect("SIGKILL");
    child.wait().expect("it is gone");
    let folders = std::fs::read_dir(dir.checkpoint()).expect("a checkpoint");
    for folder in folders.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()) {
        for file in std::fs::read_dir(folder).expect("a folder").flatten() {
            let half = file.metadata().expect("a file").len() / 2;
            std::fs::File::options()
                .write(true)
                .open(file.path())
                .and_then(|open| open.set_len(half))
                .expect("truncated");
        }
    }
    let output = broken.genbench(&["run", "grid.yaml", "--quiet"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    assert!(read(&dir.trace()).contains("\"name\":\"checkpoint_lost\""));
    assert!(dir.checkpoint().with_extension("lost").exists(), "the unreadable checkpoint is renamed");
    assert_eq!(result(&dir), expected);
}

/// Name of the folder of the only trial.
fn id(bench: &Bench) -> String {
    bench.trials("long")[0].0.file_name().expect("an id").to_string_lossy().into_owned()
}

#[test]
fn a_diverged_trial_is_a_row_and_does_not_end_the_grid() {
    let grid = LONG
        .replace("latent: 8}", "latent: 8}\n  - {label: wild, model: {name: vae, hidden: 64, latent: 8, lr: 10}}")
        .replace("4000", "120");
    let bench = Bench::with(&grid);
    let output = bench.genbench(&["run", "grid.yaml", "--quiet"]);
    assert_eq!(output.code, i32::from(exit::TRIALS_FAILED), "{output:?}");
    let statuses: Vec<_> = bench.trials("long").iter().map(|dir| outcome(dir).status).collect();
    assert!(statuses.contains(&Status::Done), "{statuses:?}");
    assert!(statuses.iter().any(|status| matches!(status, Status::Diverged { .. })), "{statuses:?}");
    assert!(read(&bench.grid("long").file("trials.csv")).contains("diverged"));
    assert!(output.err.contains("variants with failed trials: wild (grid.yaml:"), "{output:?}");
}
