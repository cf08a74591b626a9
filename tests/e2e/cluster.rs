//! Slurm cluster on the loopback, started for a test and stopped at its end.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use protocol::TrialDir;
use protocol::event::read_trace;
use serde_json::Value;

use crate::bench::{Bench, CommandOutput, command_output};

/// Lock on the cluster: its three nodes are more than a CI machine has cores.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

pub(crate) struct Cluster {
    folder: tempfile::TempDir,
    _lock: MutexGuard<'static, ()>,
}

/// A running trial.
#[derive(Clone, Debug)]
pub(crate) struct Running {
    pub(crate) id: String,
    pub(crate) dir: TrialDir,
    /// Array job and task, such as `12_3`.
    pub(crate) job: String,
    pub(crate) node: String,
}

impl Cluster {
    /// Starts the cluster. Prints a note and returns `None` if GENBENCH_REQUIRE_SLURM is not set.
    pub(crate) fn up(environment: &[(&str, &str)]) -> Option<Self> {
        if std::env::var_os("GENBENCH_REQUIRE_SLURM").is_none() {
            eprintln!("skipped: GENBENCH_REQUIRE_SLURM is not set");
            return None;
        }
        let lock = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let cluster = Self { folder, _lock: lock };
        let started = cluster.command("up").envs(environment.iter().copied()).output().expect("the script starts");
        assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
        Some(cluster)
    }

    fn command(&self, verb: &str) -> Command {
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/slurm/cluster.sh");
        let mut command = Command::new(script);
        command.arg(verb).arg(self.folder.path());
        command
    }

    /// Runs a verb of `cluster.sh`.
    pub(crate) fn script(&self, verb: &str, arguments: &[&str]) {
        assert!(self.command(verb).args(arguments).status().expect("the script starts").success(), "{verb}");
    }

    fn conf(&self) -> PathBuf {
        self.folder.path().join("slurm.conf")
    }

    fn slurm(&self, program: &str, arguments: &[&str]) -> String {
        let output = command_output(
            Command::new(program).args(arguments).env("SLURM_CONF", self.conf()).output().expect("Slurm is installed"),
        );
        assert_eq!(output.code, 0, "{program}: {output:?}");
        output.out
    }

    pub(crate) fn sbatch(&self, arguments: &[&str]) {
        self.slurm("sbatch", arguments);
    }

    pub(crate) fn scontrol(&self, arguments: &[&str]) {
        self.slurm("scontrol", arguments);
    }

    pub(crate) fn scancel(&self, arguments: &[&str]) {
        self.slurm("scancel", arguments);
    }

    /// Runs genbench with this cluster's configuration.
    pub(crate) fn genbench(&self, bench: &Bench, arguments: &[&str]) -> CommandOutput {
        command_output(bench.command(arguments).env("SLURM_CONF", self.conf()).output().expect("the binary starts"))
    }

    /// Returns the running trials of a variant, as listed by `genbench status`.
    pub(crate) fn running(&self, bench: &Bench, grid: &str, variant: &str) -> Vec<Running> {
        let status = self.genbench(bench, &["status", grid, "--format", "json"]);
        let lines = status.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let text = |line: &Value, key: &str| line[key].as_str().expect("text").to_owned();
        lines
            .filter(|line| line["variant"] == variant && line["state"] == "running")
            .filter_map(|line| {
                let note = text(&line, "note");
                let (job, node) = note.strip_prefix("job ")?.split_once(" on ")?;
                let id = text(&line, "trial");
                let dir = TrialDir(bench.grid(grid).trials().join(&id));
                Some(Running { id, dir, job: job.to_owned(), node: node.to_owned() })
            })
            .collect()
    }

    /// Waits until a trial has a checkpoint to resume from.
    pub(crate) fn wait_for_checkpoint(trial: &Running) {
        wait_until("the trial has a checkpoint", || trial.dir.checkpoint().join("state.json").exists());
    }

    /// Kills a trial's worker.
    pub(crate) fn kill_worker(&self, trial: &Running) {
        let trace = read_trace(&trial.dir.trace()).expect("a trace");
        let pid = trace.iter().rev().find(|event| event.name == "trace_started").and_then(|event| event.number("pid"));
        let killed = Command::new("kill").args(["-9", &pid.expect("a worker").to_string()]).status();
        assert!(killed.expect("kill runs").success());
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let tail = Command::new("tail").args(["-n", "40"]).arg(self.folder.path().join("log/slurmctld")).output();
            eprintln!("{}", tail.map(|tail| String::from_utf8_lossy(&tail.stdout).into_owned()).unwrap_or_default());
        }
        // An error here would hide the failure of the test.
        let _ = self.command("down").status();
    }
}

/// Waits until a condition is true, for two minutes at most.
pub(crate) fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let began = Instant::now();
    while !condition() {
        assert!(began.elapsed() < Duration::from_secs(120), "not true within two minutes: {what}");
        std::thread::sleep(Duration::from_millis(300));
    }
}
