//! Torture of a grid on a real Slurm (`tests/slurm/cluster.sh`): jobs are cancelled by genbench and by Slurm, forgotten,
//! and lose controller and nodes, while they wait and while they run. No trial ever fails, and the last run finishes all
//! of them with the figures of a local run.
//!
//! Skipped unless GENBENCH_REQUIRE_SLURM is set.

use std::collections::BTreeMap;

use protocol::exit;
use serde_json::Value;

use crate::bench::{Bench, CommandOutput};
use crate::cluster::{Cluster, wait_until};
use crate::table_rows::without_volatile;

const GRID: &str = "\
name: torture
device: flex
seeds: 10
data: {name: digits, binarize: dynamic}
train: {steps: 20000, batch_size: 64, eval_every: 1000, keep: best}
measure: [elbo, parameters]
variants:
  - model: {name: vae, hidden: 32, latent: 4}
";

const NODES: [&str; 3] = ["n1", "n2", "n3"];

/// A grid on a cluster, one trial at a time, so that the rest of every array waits.
struct Tortured<'c> {
    cluster: &'c Cluster,
    bench: Bench,
}

impl Tortured<'_> {
    fn genbench(&self, arguments: &[&str]) -> CommandOutput {
        self.cluster.genbench(&self.bench, arguments)
    }

    /// Submits the open trials, and waits until one runs and one waits.
    fn submit(&self, action: &str) {
        let output = self.genbench(&["run", "grid.yaml", "--executor", "slurm", "--cluster", "throttle=1"]);
        assert_eq!(output.code, i32::from(exit::DONE), "{action}: {output:?}");
        wait_until(action, || {
            let states = self.states();
            states.contains_key("running") && states.contains_key("queued")
        });
    }

    /// Number of trials in each state.
    fn states(&self) -> BTreeMap<String, usize> {
        let status = self.genbench(&["status", "torture", "--format", "json"]);
        let mut states = BTreeMap::new();
        for line in status.out.lines() {
            let line: Value = serde_json::from_str(line).expect("JSON");
            *states.entry(line["state"].as_str().expect("text").to_owned()).or_default() += 1;
        }
        states
    }

    /// Waits until no job is left, and records the ends. Every trial is done, interrupted or has not run.
    fn settle(&self, action: &str) {
        wait_until(action, || {
            let output = self.genbench(&["collect", "torture"]);
            let code = [exit::DONE, exit::INCONCLUSIVE].map(i32::from).contains(&output.code);
            assert!(code, "after {action}: {output:?}");
            let states = self.states();
            let known = ["done", "interrupted", "not_run", "running", "queued", "ended"];
            assert!(states.keys().all(|state| known.contains(&state.as_str())), "after {action}: {states:?}");
            !["running", "queued", "ended"].iter().any(|state| states.contains_key(*state))
        });
    }

    /// Names of the jobs in a state, such as `12_3`.
    fn jobs(&self, state: &str) -> Vec<String> {
        let status = self.genbench(&["status", "torture", "--format", "json"]);
        let lines = status.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let job = |line: Value| {
            let note = line["note"].as_str()?.strip_prefix("job ")?;
            let job = note.split([' ', ':']).next()?.to_owned();
            (line["state"] == state).then_some(job)
        };
        lines.filter_map(job).collect()
    }

    fn scancel(&self, jobs: &[String]) {
        let jobs: Vec<&str> = jobs.iter().map(String::as_str).collect();
        self.cluster.scancel(&jobs);
    }

    fn restart_controller(&self, cold: bool) {
        self.cluster.script("stop-controller", &[]);
        // The records of the trials are still there; the jobs are unknown.
        let output = self.genbench(&["status", "torture"]);
        assert!(output.code == 0 && output.err.contains("does not answer"), "{output:?}");
        self.cluster.script("start-controller", if cold { &["cold"] } else { &[] });
    }
}

#[test]
fn no_trial_fails_whatever_happens_to_jobs_controller_and_nodes() {
    let Some(cluster) = Cluster::up(&[]) else { return };
    let tortured = Tortured { cluster: &cluster, bench: Bench::with(GRID) };
    let cancel = || {
        let output = tortured.genbench(&["cancel", "torture"]);
        assert!(output.code == 0 && output.out.contains(" cancelled"), "{output:?}");
    };

    let action = "genbench cancels running and waiting tasks";
    tortured.submit(action);
    cancel();
    tortured.settle(action);

    let action = "Slurm cancels a waiting task, a running one, then whole arrays";
    tortured.submit(action);
    tortured.scancel(&tortured.jobs("queued")[..1]);
    tortured.scancel(&tortured.jobs("running")[..1]);
    let rest = [tortured.jobs("queued"), tortured.jobs("running")].concat();
    let arrays: Vec<String> = rest.iter().filter_map(|job| job.split('_').next().map(str::to_owned)).collect();
    tortured.scancel(&arrays);
    tortured.settle(action);

    let action = "the controller forgets cancelled jobs";
    tortured.submit(action);
    cancel();
    wait_until("the workers have stopped", || tortured.jobs("running").is_empty());
    tortured.restart_controller(true);
    tortured.settle(action);

    let action = "the controller forgets running and waiting jobs";
    tortured.submit(action);
    tortured.restart_controller(true);
    tortured.settle(action);

    let action = "the controller restarts, then the nodes drain and waiting tasks are cancelled";
    tortured.submit(action);
    tortured.restart_controller(false);
    for node in NODES {
        tortured.cluster.scontrol(&["update", &format!("nodename={node}"), "state=drain", "reason=test"]);
    }
    assert!(!tortured.jobs("queued").is_empty(), "the tasks wait for a node");
    cancel();
    tortured.settle(action);
    for node in NODES {
        tortured.cluster.scontrol(&["update", &format!("nodename={node}"), "state=resume"]);
    }

    let action = "a node dies and its trial is cancelled before Slurm notices";
    tortured.submit(action);
    let victim = tortured.cluster.running(&tortured.bench, "torture", "vae").into_iter().next();
    let node = victim.map_or(NODES[0].to_owned(), |victim| victim.node);
    tortured.cluster.script("kill-node", &[&node]);
    cancel();
    tortured.cluster.script("start-node", &[&node]);
    tortured.settle(action);

    let arguments = ["run", "grid.yaml", "--executor", "slurm", "--follow", "--cluster", "slurm.poll_s=1"];
    let output = tortured.genbench(&arguments);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    let here = Bench::with(GRID);
    let output = here.genbench(&["run", "grid.yaml", "--quiet", "--no-timing"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    for table in ["trials.csv", "measurements.csv", "summary.csv", "curves.csv"] {
        let grid = tortured.bench.grid("torture");
        assert_eq!(without_volatile(&grid, table), without_volatile(&here.grid("torture"), table), "{table}");
    }
}
