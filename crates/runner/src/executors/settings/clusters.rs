//! Settings for one kind of cluster each.

use serde::{Deserialize, Serialize};

/// Settings for Slurm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SlurmSettings {
    /// Partition.
    pub partition: Option<String>,
    /// Account to charge.
    pub account: Option<String>,
    /// Further options of sbatch, such as `--constraint=zen4`.
    pub args: Vec<String>,
    /// Further options of sbatch for trials on a GPU; they follow `args` and override them.
    pub gpu_args: Vec<String>,
    /// Seconds between the signal to save a checkpoint and the time limit.
    pub signal_s: u32,
    /// Largest number of restarts of a trial, for any reason.
    pub restarts: u32,
    /// Seconds between two polls of the queue, with `--follow`.
    pub poll_s: u32,
}

/// Settings for HyperQueue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HyperQueueSettings {
    /// Resource of which a trial on a GPU takes one unit.
    pub gpu: String,
    /// Largest number of restarts of a task after its worker has died.
    pub crash_limit: u16,
}

/// Settings for Kubernetes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KubernetesSettings {
    /// Image with `genbench` on its path.
    pub image: String,
    /// PersistentVolumeClaim of the results folder, shared by all nodes.
    pub claim: String,
    /// Mount path of the claim.
    pub mount: String,
    /// PersistentVolumeClaim of the data files; default: no volume for data.
    pub data_claim: Option<String>,
    /// Mount path of the data files, read-only. The trials name their files by absolute paths, so it is the path of the
    /// folder on the machine of `emit`.
    pub data_mount: String,
    /// Namespace; default: the current one.
    pub namespace: Option<String>,
    /// Kueue queue that admits the job.
    pub queue: Option<String>,
    /// Resource of which a trial on a GPU takes one unit.
    pub gpu: String,
}

impl Default for SlurmSettings {
    fn default() -> Self {
        Self {
            partition: None,
            account: None,
            args: Vec::new(),
            gpu_args: vec!["--gres=gpu:1".to_owned()],
            signal_s: 60,
            restarts: 50,
            poll_s: 15,
        }
    }
}

impl Default for HyperQueueSettings {
    fn default() -> Self {
        Self { gpu: "gpus/nvidia".to_owned(), crash_limit: 50 }
    }
}

impl Default for KubernetesSettings {
    fn default() -> Self {
        Self {
            image: "genbench:latest".to_owned(),
            claim: "results".to_owned(),
            mount: "/results".to_owned(),
            data_claim: None,
            data_mount: "/data".to_owned(),
            namespace: None,
            queue: None,
            gpu: "nvidia.com/gpu".to_owned(),
        }
    }
}
