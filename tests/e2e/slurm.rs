//! A real Slurm: three virtual nodes on the loopback (`tests/slurm/cluster.sh`), a grid that is throttled, preempted,
//! loses a node, runs out of time and is cancelled, and ends with the figures that this machine alone gives.
//!
//! Skipped unless GENBENCH_REQUIRE_SLURM is set: it needs root and Debian's `munge slurmctld slurmd slurm-client`.

use std::time::Duration;

use protocol::{Status, exit};

use crate::bench::{Bench, outcome, read};
use crate::cluster::{Cluster, wait_until};
use crate::columns::lasting;

/// Three VAEs of some twenty seconds, three tables of none.
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

/// Long enough that the time is up within it.
const STEPS: &str = "20000";

/// A minute, and the signal 50 seconds before its end: Slurm looks twice a minute.
const ASKED: [&str; 8] =
    ["--executor", "slurm", "--cluster", "throttle=4", "--cluster", "time=1m", "--cluster", "slurm.signal_s=50"];

fn submit(bench: &Bench, cluster: &Cluster) -> String {
    let arguments: Vec<&str> = ["run", "grid.yaml"].into_iter().chain(ASKED).collect();
    let said = cluster.genbench(bench, &arguments);
    assert_eq!(said.code, i32::from(exit::DONE), "{said:?}");
    said.err
}

#[test]
fn a_grid_on_a_real_slurm_ends_as_on_one_machine() {
    let Some(cluster) = Cluster::up(&[("MAX_ARRAY", "4")]) else { return };
    let bench = Bench::with(&GRID.replace("STEPS", STEPS));

    // Submitted in arrays of three, because the cluster allows no more than four tasks in one.
    let told = submit(&bench, &cluster);
    assert!(told.contains("6 trials submitted as jobs 1, 2") && told.contains("genbench status away"), "{told}");
    let told = submit(&bench, &cluster);
    assert!(!told.contains("submitted") && told.contains("6 trials queued or running"), "nothing twice: {told}");

    // Throttled: of each array two at once, on three nodes.
    let vae = || cluster.running(&bench, "away", "vae");
    wait_until("two VAEs run", || vae().len() == 2);
    let status = cluster.genbench(&bench, &["status", "away"]).out;
    assert!(status.contains(": JobArrayTaskLimit") && status.contains("6 trials: "), "{status}");

    // Preempted: something more urgent takes the node of one; Slurm queues it again.
    let (first, second) = (vae()[0].clone(), vae()[1].clone());
    Cluster::with_checkpoint(&first);
    cluster.sbatch(&["-p", "high", "-w", &first.node, "-o", "/dev/null", "--wrap", "sleep 1"]);
    // Lost with its node: neither checkpoint nor exit code, and Slurm has to miss it first.
    Cluster::with_checkpoint(&second);
    cluster.script("kill-node", &[&second.node]);
    for lost in [&first, &second] {
        wait_until("both have begun again", || read(&lost.dir.stderr()).contains("start 2"));
    }
    cluster.script("start-node", &[&second.node]);

    // Cancelled: it stays interrupted until somebody says that it is to go on.
    wait_until("one runs", || !vae().is_empty());
    let third = vae()[0].clone();
    Cluster::with_checkpoint(&third);
    let said = cluster.genbench(&bench, &["cancel", "away", "--trial", &third.id]);
    assert!(said.code == 0 && said.out.starts_with("1 trial cancelled"), "{said:?}");
    wait_until("it is gone", || !vae().iter().any(|one| one.id == third.id));
    let said = cluster.genbench(&bench, &["collect", "away"]);
    assert_eq!(said.code, i32::from(exit::INCONCLUSIVE), "{said:?}");
    wait_until("Slurm lets go of it", || cluster.genbench(&bench, &["collect", "away"]).err.contains("interrupted"));
    assert!(submit(&bench, &cluster).contains("1 trial submitted as job "), "the others are queued");

    // Died by a signal that nobody sent on purpose: a failure, until it is asked for again.
    wait_until("one runs", || !vae().is_empty());
    let victim = vae()[0].clone();
    cluster.kill_worker(&victim);
    wait_until("collect has written it down", || {
        cluster.genbench(&bench, &["collect", "away"]);
        victim.dir.outcome().exists()
    });
    assert!(matches!(outcome(&victim.dir).status, Status::Crashed { signal: Some(9), .. }), "{victim:?}");
    let arguments: Vec<&str> = ["run", "grid.yaml", "--retry-failed", "--follow", "--cluster", "slurm.poll_s=2"]
        .into_iter()
        .chain(ASKED)
        .collect();
    let said = cluster.genbench(&bench, &arguments);
    assert_eq!(said.code, i32::from(exit::DONE), "{said:?}");
    assert!(said.out.contains("report: "), "{said:?}");
    let said = cluster.genbench(&bench, &["collect", "away"]);
    assert_eq!(said.code, i32::from(exit::DONE), "{said:?}");

    // The same as on this machine, in every column that is to last.
    let here = Bench::with(&GRID.replace("STEPS", STEPS));
    let said = here.genbench(&["run", "grid.yaml", "--quiet"]);
    assert_eq!(said.code, i32::from(exit::DONE), "{said:?}");
    for table in ["trials.csv", "measurements.csv", "summary.csv", "curves.csv"] {
        assert_eq!(lasting(&bench.grid("away"), table), lasting(&here.grid("away"), table), "{table}");
    }
    assert!(bench.trials("away").iter().any(|dir| read(&dir.trace()).contains("\"name\":\"resumed\"")));
}

#[test]
fn a_cluster_that_does_not_know_exit_code_85_queues_again_all_the_same() {
    let Some(cluster) = Cluster::up(&[("REQUEUE_EXIT", "none")]) else { return };
    let bench = Bench::with(&GRID.replace("STEPS", "10000").replace("[0, 1, 2]", "[0]"));
    submit(&bench, &cluster);
    wait_until("it runs", || !cluster.running(&bench, "away", "vae").is_empty());
    let vae = cluster.running(&bench, "away", "vae")[0].clone();
    Cluster::with_checkpoint(&vae);
    // As Slurm sends it when the time is nearly up.
    cluster.scancel(&["--batch", "--signal=USR1", &vae.job]);
    wait_until("it has begun again", || read(&vae.dir.stderr()).contains("start 2"));
    wait_until("it is done", || vae.dir.outcome().exists());
    assert_eq!(outcome(&vae.dir).status, Status::Done);
    assert!(read(&vae.dir.trace()).contains("\"name\":\"resumed\""));
    std::thread::sleep(Duration::from_secs(1));
    let said = cluster.genbench(&bench, &["collect", "away"]);
    assert_eq!(said.code, i32::from(exit::DONE), "{said:?}");
}
