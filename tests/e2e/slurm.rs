//! A grid on a real Slurm with three virtual nodes on the loopback (`tests/slurm/cluster.sh`). Jobs are throttled,
//! preempted, cancelled, lose a node and reach their time limit. The figures equal those of a local run.
//!
//! Skipped unless GENBENCH_REQUIRE_SLURM is set. Needs root and Debian's `munge slurmctld slurmd slurm-client`.

use std::time::Duration;

use protocol::{Status, exit};

use crate::bench::{Bench, outcome, read};
use crate::cluster::{Cluster, wait_until};
use crate::table_rows::without_volatile;

/// Three VAEs that train for about 20 s each, and three tables.
const GRID: &str = "\
name: away
device: flex
seeds: [0, 1, 2]
data: {name: digits, binarize: dynamic}
train: {steps: STEPS, batch_size: 64, eval_every: 100, keep: best}
measure: [elbo, nll, parameters]
variants:
  - model: {name: vae, hidden: 64, latent: 8}
  - model: independent
";

/// Number of steps of a trial that is longer than the job's time limit.
const STEPS: &str = "20000";

/// Jobs of one minute, with the signal 50 s before the limit, because Slurm checks limits twice per minute.
const CLUSTER: [&str; 8] =
    ["--executor", "slurm", "--cluster", "throttle=4", "--cluster", "time=1m", "--cluster", "slurm.signal_s=50"];

fn submit(bench: &Bench, cluster: &Cluster) -> String {
    let arguments: Vec<&str> = ["run", "grid.yaml"].into_iter().chain(CLUSTER).collect();
    let output = cluster.genbench(bench, &arguments);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    output.err
}

#[test]
fn a_grid_on_slurm_has_the_figures_of_a_local_run() {
    let Some(cluster) = Cluster::up(&[("MAX_ARRAY", "4")]) else { return };
    let bench = Bench::with(&GRID.replace("STEPS", STEPS));

    // Arrays of three trials, because MAX_ARRAY is 4.
    let messages = submit(&bench, &cluster);
    assert!(
        messages.contains("6 trials submitted as jobs 1, 2") && messages.contains("genbench status away"),
        "{messages}"
    );
    let messages = submit(&bench, &cluster);
    assert!(
        !messages.contains("submitted") && messages.contains("6 trials queued or running"),
        "no trial is submitted twice: {messages}"
    );

    // Throttled: two tasks of each array at the same time.
    let vae = || cluster.running(&bench, "away", "vae");
    wait_until("two VAEs run", || vae().len() == 2);
    let status = cluster.genbench(&bench, &["status", "away"]).out;
    assert!(status.contains(": JobArrayTaskLimit") && status.contains("6 trials: "), "{status}");

    // Preempted: a job of higher priority takes a node, and Slurm queues the trial again.
    let (first, second) = (vae()[0].clone(), vae()[1].clone());
    Cluster::wait_for_checkpoint(&first);
    cluster.sbatch(&["-p", "high", "-w", &first.node, "-o", "/dev/null", "--wrap", "sleep 1"]);
    // Lost node: no new checkpoint and no exit code. Slurm has to notice the loss first.
    Cluster::wait_for_checkpoint(&second);
    cluster.script("kill-node", &[&second.node]);
    for lost in [&first, &second] {
        wait_until("both trials have started again", || read(&lost.dir.stderr()).contains("start 2"));
    }
    cluster.script("start-node", &[&second.node]);

    // Cancelled: the trial stays interrupted until the next `genbench run`.
    wait_until("a VAE runs", || !vae().is_empty());
    let third = vae()[0].clone();
    Cluster::wait_for_checkpoint(&third);
    let output = cluster.genbench(&bench, &["cancel", "away", "--trial", &third.id]);
    assert!(output.code == 0 && output.out.starts_with("1 trial cancelled"), "{output:?}");
    wait_until("the trial has stopped", || !vae().iter().any(|one| one.id == third.id));
    let output = cluster.genbench(&bench, &["collect", "away"]);
    assert_eq!(output.code, i32::from(exit::INCONCLUSIVE), "{output:?}");
    wait_until("Slurm has ended the job", || {
        cluster.genbench(&bench, &["collect", "away"]).err.contains("interrupted")
    });
    assert!(submit(&bench, &cluster).contains("1 trial submitted as job "), "the other trials are still queued");

    // Killed by SIGKILL: the trial is crashed until `--retry-failed`.
    wait_until("a VAE runs", || !vae().is_empty());
    let victim = vae()[0].clone();
    cluster.kill_worker(&victim);
    wait_until("collect has written the outcome", || {
        cluster.genbench(&bench, &["collect", "away"]);
        victim.dir.outcome().exists()
    });
    assert!(matches!(outcome(&victim.dir).status, Status::Crashed { signal: Some(9), .. }), "{victim:?}");
    let arguments: Vec<&str> = ["run", "grid.yaml", "--retry-failed", "--follow", "--cluster", "slurm.poll_s=2"]
        .into_iter()
        .chain(CLUSTER)
        .collect();
    let output = cluster.genbench(&bench, &arguments);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    assert!(output.out.contains("report: "), "{output:?}");
    let output = cluster.genbench(&bench, &["collect", "away"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");

    // All columns that are not volatile equal those of a local run.
    let here = Bench::with(&GRID.replace("STEPS", STEPS));
    let output = here.genbench(&["run", "grid.yaml", "--quiet"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    for table in ["trials.csv", "measurements.csv", "summary.csv", "curves.csv"] {
        assert_eq!(
            without_volatile(&bench.grid("away"), table),
            without_volatile(&here.grid("away"), table),
            "{table}"
        );
    }
    assert!(bench.trials("away").iter().any(|dir| read(&dir.trace()).contains("\"name\":\"resumed\"")));
}

#[test]
fn a_cluster_without_requeue_exit_queues_again_on_exit_code_85() {
    let Some(cluster) = Cluster::up(&[("REQUEUE_EXIT", "none")]) else { return };
    let bench = Bench::with(&GRID.replace("STEPS", "10000").replace("[0, 1, 2]", "[0]"));
    submit(&bench, &cluster);
    wait_until("the VAE runs", || !cluster.running(&bench, "away", "vae").is_empty());
    let vae = cluster.running(&bench, "away", "vae")[0].clone();
    Cluster::wait_for_checkpoint(&vae);
    // Slurm sends this signal shortly before the time limit.
    cluster.scancel(&["--batch", "--signal=USR1", &vae.job]);
    wait_until("the trial has started again", || read(&vae.dir.stderr()).contains("start 2"));
    wait_until("the trial is finished", || vae.dir.outcome().exists());
    assert_eq!(outcome(&vae.dir).status, Status::Done);
    assert!(read(&vae.dir.trace()).contains("\"name\":\"resumed\""));
    std::thread::sleep(Duration::from_secs(1));
    let output = cluster.genbench(&bench, &["collect", "away"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
}
