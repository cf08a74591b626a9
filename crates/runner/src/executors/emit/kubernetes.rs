//! Manifest with an Indexed Job of Kubernetes per kind of device, for `kubectl apply -f FILE`.

use protocol::exit;
use protocol::text::shell_word;
use serde_json::{Map, Value, json};

use crate::executors::emit::{Job, Task};

/// Text of the manifest.
pub(super) fn manifest(job: &Job<'_>) -> Result<String, String> {
    let (gpu, flex): (Vec<Task>, Vec<Task>) = job.tasks.iter().cloned().partition(|task| task.gpu);
    let both = !gpu.is_empty() && !flex.is_empty();
    let mut documents = Vec::new();
    for (tasks, suffix) in [(flex, ""), (gpu, if both { "-gpu" } else { "" })] {
        if !tasks.is_empty() {
            let document = one(job, &tasks, &format!("{}{suffix}", name(job.grid)));
            documents.push(serde_yaml::to_string(&document).map_err(|error| error.to_string())?);
        }
    }
    Ok(documents.join("---\n"))
}

/// Job of trials with equal requirements.
fn one(job: &Job<'_>, tasks: &[Task], name: &str) -> Value {
    let settings = job.settings;
    let at_once = settings.throttle.unwrap_or(tasks.len()).min(tasks.len());
    let mut metadata = json!({ "name": name, "labels": { "app.kubernetes.io/name": "genbench" } });
    if let Some(namespace) = &settings.kubernetes.namespace {
        metadata["namespace"] = json!(namespace);
    }
    let mut spec = json!({
        "completionMode": "Indexed",
        "completions": tasks.len(),
        "parallelism": at_once,
        // A failed trial has an outcome, and the others continue.
        "backoffLimitPerIndex": 2,
        "maxFailedIndexes": tasks.len(),
        "podFailurePolicy": { "rules": failure_rules() },
        "template": { "spec": pod(job, tasks) },
    });
    if let Some(queue) = &settings.kubernetes.queue {
        metadata["labels"]["kueue.x-k8s.io/queue-name"] = json!(queue);
        // Kueue resumes the job when it admits it.
        spec["suspend"] = json!(true);
    }
    json!({ "apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": spec })
}

/// Meaning of exit codes and evictions; the first matching rule applies.
fn failure_rules() -> Value {
    let codes = |action: &str, codes: &[u8]| json!({ "action": action, "onExitCodes": { "containerName": "trial", "operator": "In", "values": codes } });
    json!([
        { "action": "Ignore", "onPodConditions": [{ "type": "DisruptionTarget", "status": "True" }] },
        codes("Ignore", &[exit::WORKER_TRY_AGAIN, exit::WORKER_REQUEUE]),
        codes("FailIndex", &[exit::WORKER_DIVERGED, exit::WORKER_REFUSED, exit::WORKER_FAILED]),
    ])
}

fn pod(job: &Job<'_>, tasks: &[Task]) -> Value {
    let settings = job.settings;
    let here = &settings.kubernetes;
    let folder = format!("{}/{}/trials", here.mount.trim_end_matches('/'), job.grid);
    // The index selects a trial from the arguments.
    let script = format!(
        "shift \"$JOB_COMPLETION_INDEX\"\ndir={}/\"$1\"\n{}exec genbench trial \"$dir\" 2>>\"$dir/stderr.log\"\n",
        shell_word(&folder),
        if settings.setup.trim().is_empty() { String::new() } else { format!("{}\n", settings.setup.trim_end()) }
    );
    let mut arguments = vec![script, "genbench".to_owned()];
    arguments.extend(tasks.iter().map(|task| task.id.0.clone()));
    let mut resources = Map::new();
    resources.insert("cpu".to_owned(), json!(settings.cpus.to_string()));
    if let Some(mib) = settings.mem_mib() {
        resources.insert("memory".to_owned(), json!(format!("{mib}Mi")));
    }
    if tasks[0].gpu {
        resources.insert(here.gpu.clone(), json!("1"));
    }
    let mut mounts = vec![json!({ "name": "results", "mountPath": here.mount })];
    let mut volumes = vec![json!({ "name": "results", "persistentVolumeClaim": { "claimName": here.claim } })];
    if let Some(claim) = &here.data_claim {
        mounts.push(json!({ "name": "data", "mountPath": here.data_mount, "readOnly": true }));
        volumes.push(json!({ "name": "data", "persistentVolumeClaim": { "claimName": claim, "readOnly": true } }));
    }
    let mut pod = json!({
        "restartPolicy": "Never",
        // Time to save a checkpoint after SIGTERM.
        "terminationGracePeriodSeconds": settings.slurm.signal_s,
        "containers": [{
            "name": "trial",
            "image": here.image,
            "command": ["/bin/sh", "-c"],
            "args": arguments,
            "resources": { "requests": resources, "limits": resources },
            "volumeMounts": mounts,
        }],
        "volumes": volumes,
    });
    if let Some(time) = settings.time() {
        pod["activeDeadlineSeconds"] = json!(time.as_secs());
    }
    pod
}

/// Name of a grid in the form of Kubernetes: lower case, digits and dashes, at most 63 characters with a suffix.
fn name(grid: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = "genbench-".chars().chain(grid.chars().map(plain)).take(50).collect();
    name.trim_end_matches('-').to_owned()
}
