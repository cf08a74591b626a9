//! Calls of Slurm's commands.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use protocol::worded;

use super::queue::{ACCOUNTS, QUEUE, TaskState, accounts, queue, records};
use crate::error::RunError;

/// Configuration of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Site {
    /// Largest number of tasks of an array.
    pub(super) longest_array: usize,
    /// `true` if Slurm queues a job again that exits with 85.
    pub(super) requeue_exit: bool,
}

fn call(program: &str, arguments: &[&str]) -> Result<String, RunError> {
    let output = Command::new(program)
        .args(arguments)
        // Times as seconds since 1970.
        .env("SLURM_TIME_FORMAT", "%s")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => RunError::Executor(format!(
                "`{program}` is not installed here: run genbench on a machine from which you can call sbatch"
            )),
            _ => RunError::Executor(format!("cannot run `{program}`: {}", worded(error))),
        })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let error = String::from_utf8_lossy(&output.stderr).trim().replace('\n', "; ");
    Err(RunError::Executor(format!("{program}: {}", if error.is_empty() { output.status.to_string() } else { error })))
}

/// Reads the configuration with `scontrol`.
pub(super) fn site() -> Result<Site, RunError> {
    Ok(read_site(&call("scontrol", &["show", "config"])?))
}

fn read_site(text: &str) -> Site {
    let value = |name: &str| {
        text.lines().find_map(|line| {
            let (key, value) = line.split_once('=')?;
            (key.trim() == name).then(|| value.trim())
        })
    };
    // The highest index is MaxArraySize - 1, and the indices start at 0.
    let longest_array = value("MaxArraySize").and_then(|size| size.parse().ok()).unwrap_or(1001);
    let requeue_exit = value("RequeueExit").is_some_and(names_85);
    Site { longest_array, requeue_exit }
}

/// Returns whether a list such as `1,80-90` names 85.
fn names_85(codes: &str) -> bool {
    codes.split(',').any(|part| {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        matches!((from.trim().parse::<u8>(), to.trim().parse::<u8>()),
            (Ok(from), Ok(to)) if (from..=to).contains(&protocol::exit::WORKER_REQUEUE))
    })
}

/// Submits a script. Returns the number of the job.
pub(super) fn sbatch(script: &Path, after: Option<u64>) -> Result<u64, RunError> {
    let script = script.display().to_string();
    let after = after.map(|job| format!("--dependency=afterany:{job}"));
    let arguments: Vec<&str> = ["--parsable"].into_iter().chain(after.as_deref()).chain([script.as_str()]).collect();
    let output = call("sbatch", &arguments)?;
    // `12`, or `12;cluster`.
    let number = output.trim().split(';').next().and_then(|number| number.parse().ok());
    number.ok_or_else(|| RunError::Executor(format!("sbatch: `{}` is not a job number", output.trim())))
}

/// Tasks of this user that have not ended.
pub(super) fn squeue() -> Result<Vec<TaskState>, RunError> {
    Ok(queue(&call("squeue", &["--noheader", "--array", "--me", &format!("--format={QUEUE}")])?))
}

/// States of a job's tasks, ended ones included, from the accounting and from the controller.
pub(super) fn tasks(job: u64) -> Result<BTreeMap<usize, TaskState>, RunError> {
    let number = job.to_string();
    // A site may have no accounting, and the controller keeps ended jobs for a limited time.
    let listed = call("sacct", &["-n", "-P", "-X", "-j", &number, &format!("--format={ACCOUNTS}")]).unwrap_or_default();
    let remembered = match call("scontrol", &["show", "job", &number, "--oneliner"]) {
        Ok(text) => text,
        Err(RunError::Executor(why)) if why.contains("Invalid job id") => String::new(),
        Err(error) => return Err(error),
    };
    let all = accounts(&listed).into_iter().chain(records(&remembered));
    Ok(all.filter(|task| task.job == job).map(|task| (task.task, task)).collect())
}

/// Cancels tasks, named such as `12_3`.
pub(super) fn scancel(tasks: &BTreeSet<String>) -> Result<(), RunError> {
    let tasks: Vec<&str> = tasks.iter().map(String::as_str).collect();
    // The length of a command line is limited.
    tasks.chunks(500).try_for_each(|some| call("scancel", some).map(drop))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_of_a_site_is_parsed() {
        let text = "MaxArraySize            = 201\nRequeueExit             = 1,80-90\nRequeueExitHold         = 85\n";
        assert_eq!(read_site(text), Site { longest_array: 201, requeue_exit: true });
        let bare = read_site("RequeueExit             = (null)\nRequeueExitHold = 85\n");
        assert_eq!(bare, Site { longest_array: 1001, requeue_exit: false });
        assert!(names_85("85") && !names_85("8,5,850") && !names_85("86-99"));
    }

    #[test]
    fn a_missing_command_is_named() {
        let error = call("no-such-command-of-slurm", &[]).unwrap_err().to_string();
        assert!(error.contains("not installed here"), "{error}");
    }
}
