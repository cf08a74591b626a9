//! One worker: a child process in a process group of its own, and the thread that waits for it.

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

/// The end of a worker, sent by the thread that waited for it.
#[derive(Debug)]
pub(crate) struct Exit {
    /// Which trial, by its place in the queue's list.
    pub(crate) trial: usize,
    /// How it ended.
    pub(crate) status: io::Result<ExitStatus>,
}

impl Exit {
    /// Exit code and signal; neither if the child could not be waited for.
    pub(crate) fn code_and_signal(&self) -> (Option<i32>, Option<i32>) {
        self.status.as_ref().map_or((None, None), |status| (status.code(), status.signal()))
    }
}

/// A handle to end a worker by. It is emptied before the process is reaped, so that a signal
/// never reaches another process that was given the same number.
#[derive(Clone, Debug)]
pub(crate) struct ProcessHandle(Arc<Mutex<Option<Pid>>>);

impl ProcessHandle {
    /// Signals the worker and whatever it has started.
    pub(crate) fn signal(&self, signal: Signal) {
        let pid = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pid) = *pid {
            // It may have ended already and wait to be reaped: no error.
            let _ = killpg(pid, signal);
        }
    }

    /// The worker's process group, while it lives.
    pub(crate) fn group(&self) -> Option<i32> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).map(Pid::as_raw)
    }
}

/// The command of a worker on a trial's folder, with the environment that its device asks for.
///
/// On flex a worker computes on one thread: as many workers as cores were measured faster than
/// the reverse.
pub(crate) fn command(words: &[OsString], dir: &TrialDir, device: &str, options: &RunOptions) -> Option<Command> {
    let (program, arguments) = words.split_first()?;
    let mut command = Command::new(program);
    command.args(arguments).arg(&dir.0).process_group(0);
    if device == "flex" {
        command.env("RAYON_NUM_THREADS", "1");
    }
    command.envs(options.env.iter().map(|(name, value)| (name, value)));
    Some(command)
}

/// Opens the log for stderr and marks in it where this attempt begins.
pub(crate) fn stderr_log(dir: &TrialDir, mark: &str) -> io::Result<File> {
    let mut log = File::options().create(true).append(true).open(dir.stderr())?;
    writeln!(log, "--- {mark}")?;
    Ok(log)
}

/// Starts a worker and a thread that sends its end as `trial`.
pub(crate) fn start(mut command: Command, stderr: File, trial: usize, tell: Sender<Exit>) -> io::Result<ProcessHandle> {
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(stderr).spawn()?;
    let process = ProcessHandle(Arc::new(Mutex::new(Some(Pid::from_raw(child.id().cast_signed())))));
    let held = process.clone();
    thread::spawn(move || {
        let status = wait(child, &held);
        // The dispatcher outlives its workers, unless an error ended it.
        let _ = tell.send(Exit { trial, status });
    });
    Ok(process)
}

/// Waits without reaping, then empties the process and reaps.
fn wait(mut child: Child, process: &ProcessHandle) -> io::Result<ExitStatus> {
    let pid = Pid::from_raw(child.id().cast_signed());
    while let Err(nix::errno::Errno::EINTR) = waitid(Id::Pid(pid), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT) {}
    *process.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    child.wait()
}
