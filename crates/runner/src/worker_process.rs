//! Worker process: a child in its own process group, and the thread that waits for it.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::unistd::Pid;
use protocol::TrialDir;

use crate::options::RunOptions;

/// Exit of a worker, sent by the thread that waited for it.
#[derive(Debug)]
pub(crate) struct Exit {
    /// Index of the trial in the list of entries.
    pub(crate) trial: usize,
    /// Exit status, or the error of waiting.
    pub(crate) status: io::Result<ExitStatus>,
}

impl Exit {
    /// Exit code and signal; both are `None` if waiting failed.
    pub(crate) fn code_and_signal(&self) -> (Option<i32>, Option<i32>) {
        self.status.as_ref().map_or((None, None), |status| (status.code(), status.signal()))
    }
}

/// Handle for signals to a worker. It is emptied before the process is reaped, so that a signal never reaches another
/// process with the same number.
#[derive(Clone, Debug)]
pub(crate) struct ProcessHandle(Arc<Mutex<Option<Pid>>>);

impl ProcessHandle {
    /// Sends a signal to the worker and all its children.
    pub(crate) fn signal(&self, signal: Signal) {
        let pid = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pid) = *pid {
            // An error means that the worker has ended and is not reaped yet.
            let _ = killpg(pid, signal);
        }
    }

    /// Process group of the worker; `None` after its end.
    pub(crate) fn group(&self) -> Option<i32> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).map(Pid::as_raw)
    }
}

/// Builds the command of a worker for a trial's folder, with the environment of its device.
///
/// On flex a worker computes on one thread: one worker per core is faster than one worker on all cores.
pub(crate) fn command(words: &[OsString], dir: &TrialDir, device: &str, options: &RunOptions) -> Option<Command> {
    let (program, arguments) = words.split_first()?;
    let mut command = Command::new(program);
    // Its stderr is a log, whose lines the width of this terminal does not break.
    command.args(arguments).arg(&dir.0).process_group(0).env_remove("COLUMNS");
    if device == "flex" {
        command.env("RAYON_NUM_THREADS", "1");
    }
    command.envs(options.env.iter().map(|(name, value)| (name, value)));
    Some(command)
}

/// Opens the log for stderr and writes a line that marks the start of this attempt.
pub(crate) fn stderr_log(dir: &TrialDir, mark: &str) -> io::Result<File> {
    let mut log = File::options().create(true).append(true).open(dir.stderr())?;
    writeln!(log, "--- {mark}")?;
    Ok(log)
}

/// Starts a worker, and a thread that sends its exit with the index `trial`.
pub(crate) fn start(
    mut command: Command,
    stderr: File,
    trial: usize,
    exit_sender: Sender<Exit>,
) -> io::Result<ProcessHandle> {
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(stderr).spawn()?;
    let process = ProcessHandle(Arc::new(Mutex::new(Some(Pid::from_raw(child.id().cast_signed())))));
    let held = process.clone();
    thread::spawn(move || {
        let status = wait(child, &held);
        // The receiver is gone only if an error ended the dispatcher.
        let _ = exit_sender.send(Exit { trial, status });
    });
    Ok(process)
}

/// Waits without reaping, then empties the handle and reaps.
fn wait(mut child: Child, process: &ProcessHandle) -> io::Result<ExitStatus> {
    let pid = Pid::from_raw(child.id().cast_signed());
    while let Err(nix::errno::Errno::EINTR) = waitid(Id::Pid(pid), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT) {}
    *process.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    child.wait()
}
