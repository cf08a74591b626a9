//! Batch script of an array job: it selects a trial and runs the worker.

use std::ffi::OsString;
use std::path::Path;

use protocol::exit;
use protocol::text::shell_word;

use super::arrays::Array;
use crate::executors::settings::Settings;
use crate::executors::time;

/// Parameters of a script.
pub(super) struct Script<'a> {
    /// Name of the grid.
    pub(super) grid: &'a str,
    /// Absolute path of the grid's folder.
    pub(super) folder: &'a Path,
    /// Absolute path of the submission's folder.
    pub(super) submission: &'a Path,
    /// Key of the submission.
    pub(super) key: &'a str,
    pub(super) array: &'a Array,
    /// `true` if the trials run on a GPU.
    pub(super) gpu: bool,
    /// Command of the worker; the trial's folder is appended.
    pub(super) worker: &'a [OsString],
    /// `true` if the cluster queues a job again that exits with 85.
    pub(super) requeue_exit: bool,
    pub(super) settings: &'a Settings,
}

impl Script<'_> {
    /// Text of the script.
    pub(super) fn text(&self) -> String {
        let mut text = String::from("#!/bin/bash\n");
        for option in self.options() {
            text += &format!("#SBATCH {option}\n");
        }
        let folder = shell_word(&self.folder.display().to_string());
        let list = shell_word(&self.submission.join("trials").display().to_string());
        text += &format!(
            "# Trials of the grid {}, one per array task. Written by genbench; see docs/cluster.md.\n\
             trial=$(sed -n \"$((SLURM_ARRAY_TASK_ID + 1))p\" {list})\n\
             dir={folder}/trials/$trial\n\
             exec >/dev/null 2>>\"$dir/stderr.log\"\n\
             job=${{SLURM_ARRAY_JOB_ID}}_$SLURM_ARRAY_TASK_ID\n\
             echo \"--- job $job on $SLURMD_NODENAME, start $((${{SLURM_RESTART_COUNT:-0}} + 1))\" >&2\n",
            self.grid
        );
        text += &format!(
            "if [ \"${{SLURM_RESTART_COUNT:-0}}\" -gt {restarts} ]; then\n  \
             echo \"restarted {restarts} times: no more restarts\" >&2\n  exit {failed}\nfi\n",
            restarts = self.settings.slurm.restarts,
            failed = exit::WORKER_FAILED,
        );
        if !self.settings.setup.trim().is_empty() {
            text += self.settings.setup.trim_end();
            text += "\n";
        }
        let worker: Vec<String> = self.worker.iter().map(|word| shell_word(&word.to_string_lossy())).collect();
        let worker = worker.join(" ");
        if self.requeue_exit {
            text += &format!("exec {worker} \"$dir\"\n");
        } else {
            text += &outliving(&worker);
        }
        text
    }

    /// Options of `sbatch`. If an option is given twice, the last one counts.
    fn options(&self) -> Vec<String> {
        let slurm = &self.settings.slurm;
        let throttle = self.array.throttle.map(|throttle| format!("%{throttle}")).unwrap_or_default();
        let mut options = vec![
            format!("--job-name={}", shell_word(&format!("genbench-{}", self.grid))),
            format!("--comment={}", self.key),
            format!("--array=0-{}{throttle}", self.array.trials.len() - 1),
            format!("--output={}", shell_word(&self.submission.join("log").display().to_string())),
            "--open-mode=append".to_owned(),
            "--requeue".to_owned(),
            format!("--signal=B:USR1@{}", slurm.signal_s),
            format!("--cpus-per-task={}", self.settings.cpus),
        ];
        options.extend(self.settings.time().map(|limit| format!("--time={}", time::slurm(limit))));
        options.extend(self.settings.mem_mib().map(|mib| format!("--mem={mib}M")));
        options.extend(slurm.partition.as_ref().map(|name| format!("--partition={name}")));
        options.extend(slurm.account.as_ref().map(|name| format!("--account={name}")));
        options.extend(slurm.args.iter().cloned());
        if self.gpu {
            options.extend(slurm.gpu_args.iter().cloned());
        }
        options
    }
}

/// End of a script for a cluster that does not requeue on exit code 85. The script outlives the worker, forwards signals
/// and queues the job again. It does so only after the signal of the time limit: a cancelled job gets SIGTERM, and Slurm
/// itself queues a preempted job again.
fn outliving(worker: &str) -> String {
    format!(
        "# This cluster's RequeueExit does not name {requeue}.\n\
         {worker} \"$dir\" &\n\
         worker=$! time_is_up=no again=yes\n\
         trap 'again=yes time_is_up=yes; kill -USR1 $worker 2>/dev/null' USR1\n\
         trap 'again=yes; kill -TERM $worker 2>/dev/null' TERM\n\
         # A signal interrupts `wait` while the worker still runs.\n\
         while [ $again = yes ]; do again=no; wait $worker; code=$?; done\n\
         if [ $code = {requeue} ] && [ $time_is_up = yes ]; then\n  \
         trap - TERM\n  scontrol requeue \"$job\" && sleep 300\n\
         fi\n\
         exit $code\n",
        requeue = exit::WORKER_REQUEUE
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(requeue_exit: bool, gpu: bool) -> String {
        let settings = Settings::read(
            None,
            &["time=4h", "mem=2G", "setup=module load vulkan", "slurm.args=[--exclude=n9]"].map(str::to_owned),
        )
        .unwrap();
        let script = Script {
            grid: "mine",
            folder: Path::new("/home/me/my results/mine"),
            submission: Path::new("/home/me/my results/mine/slurm/000001"),
            key: "genbench-5-1",
            array: &Array { trials: 0..9, throttle: Some(4), after: None },
            gpu,
            worker: &["/home/me/genbench".into(), "trial".into()],
            requeue_exit,
            settings: &settings,
        };
        script.text()
    }

    #[test]
    fn the_script_runs_the_worker_in_its_place() {
        insta::assert_snapshot!(text(true, true));
    }

    #[test]
    fn the_script_outlives_the_worker_and_requeues() {
        insta::assert_snapshot!(text(false, false));
    }
}
