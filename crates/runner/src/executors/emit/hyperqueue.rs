//! Job file of HyperQueue, for `hq job submit-file FILE`.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::executors::emit::{Job, Task};

#[derive(Serialize)]
struct JobFile {
    name: String,
    task: Vec<TaskEntry>,
}

/// A task. HyperQueue restarts a task whose worker has died, and the trial resumes from its checkpoint. A failed trial has
/// an outcome with the reason.
#[derive(Serialize)]
struct TaskEntry {
    id: usize,
    command: Vec<String>,
    cwd: String,
    stdout: &'static str,
    stderr: String,
    crash_limit: u16,
    request: Vec<Request>,
}

#[derive(Serialize)]
struct Request {
    resources: BTreeMap<String, u64>,
}

/// Text of the file.
pub(super) fn job_file(job: &Job<'_>) -> Result<String, String> {
    let task = job.tasks.iter().enumerate().map(|(id, task)| entry(job, id, task)).collect();
    let file = JobFile { name: format!("genbench-{}", job.grid), task };
    toml::to_string(&file).map_err(|error| error.to_string())
}

fn entry(job: &Job<'_>, id: usize, task: &Task) -> TaskEntry {
    let dir = task.dir.display().to_string();
    let mut command: Vec<String> = job.worker.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    command.push(dir.clone());
    if !job.settings.setup.trim().is_empty() {
        let script = format!("{}\nexec \"$@\"", job.settings.setup.trim_end());
        let shell = ["/bin/bash", "-c", &script, "genbench"].map(str::to_owned);
        command = shell.into_iter().chain(command).collect();
    }
    let mut resources = BTreeMap::from([("cpus".to_owned(), u64::from(job.settings.cpus))]);
    resources.extend(job.settings.mem_mib().map(|mib| ("mem".to_owned(), mib)));
    if task.gpu {
        resources.insert(job.settings.hyperqueue.gpu.clone(), 1);
    }
    TaskEntry {
        id,
        command,
        stderr: format!("{dir}/stderr.log"),
        cwd: dir,
        stdout: "none",
        crash_limit: job.settings.hyperqueue.crash_limit,
        request: vec![Request { resources }],
    }
}
