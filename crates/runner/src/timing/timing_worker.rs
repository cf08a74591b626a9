//! Timing worker: a child process that receives one request per line and sends one reply per line.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use protocol::timing::{Reply, Request, Window};
use protocol::{Machine, worded};

/// A loading or loaded timing worker. Dropping it kills the process.
pub(crate) struct TimingWorker {
    child: Child,
    stdin: Option<ChildStdin>,
    replies: Receiver<Result<Reply, String>>,
}

impl TimingWorker {
    /// Starts the worker, which sends `ready` later.
    pub(crate) fn start(mut command: Command, stderr: std::fs::File) -> std::io::Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(stderr).spawn()?;
        let stdin = child.stdin.take();
        let (sender, replies) = channel();
        if let Some(stdout) = child.stdout.take() {
            thread::spawn(move || {
                for reply in read(stdout) {
                    if sender.send(reply).is_err() {
                        break;
                    }
                }
            });
        }
        Ok(Self { child, stdin, replies })
    }

    /// Waits for `ready` until the time `until` or a stop. Returns the machine, if the worker names it. The error is the
    /// reason why there is no reply.
    pub(crate) fn ready(&mut self, until: Instant, stop: &mut dyn FnMut() -> bool) -> Result<Option<Machine>, String> {
        while Instant::now() < until && !stop() {
            match self.replies.recv_timeout(Duration::from_millis(50)) {
                Ok(Ok(Reply::Ready { machine })) => return Ok(machine),
                Ok(Ok(Reply::Absent { reason })) => return Err(reason),
                Ok(Ok(reply @ (Reply::Timed { .. } | Reply::Counted { .. }))) => {
                    return Err(format!("the first reply of the timing worker was {reply:?}"));
                }
                Ok(Err(why)) => return Err(why),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended()),
            }
        }
        Err("the timing worker was not ready in time".to_owned())
    }

    /// Requests one window and waits for the reply.
    pub(crate) fn window(&mut self, window: Window, seconds: f64) -> Result<Reply, String> {
        // The worker finishes whole units, and one step of a large model may take far longer than a window.
        self.window_until(window, seconds, Duration::from_secs_f64(120.0 + 20.0 * seconds), &mut || false)
    }

    /// Requests the counts of `units` units of work and waits for the reply, at most for `limit`, or until a stop.
    pub(crate) fn count_until(
        &mut self,
        window: Window,
        units: u64,
        limit: Duration,
        stop: &mut dyn FnMut() -> bool,
    ) -> Result<Reply, String> {
        self.request(Request::counted(window, units), limit, stop)
    }

    /// Requests one window and waits for the reply, at most for `limit`, or until a stop.
    pub(crate) fn window_until(
        &mut self,
        window: Window,
        seconds: f64,
        limit: Duration,
        stop: &mut dyn FnMut() -> bool,
    ) -> Result<Reply, String> {
        self.request(Request::timed(window, seconds), limit, stop)
    }

    fn request(&mut self, request: Request, limit: Duration, stop: &mut dyn FnMut() -> bool) -> Result<Reply, String> {
        let mut line = serde_json::to_string(&request).map_err(|error| error.to_string())?;
        line.push('\n');
        let sent = self.stdin.as_mut().map(|stdin| stdin.write_all(line.as_bytes()).and_then(|()| stdin.flush()));
        if !matches!(sent, Some(Ok(()))) {
            return Err(self.ended());
        }
        let until = Instant::now() + limit;
        while Instant::now() < until && !stop() {
            match self.replies.recv_timeout(Duration::from_millis(50)) {
                Ok(Ok(Reply::Ready { .. })) => return Err("the timing worker sent `ready` twice".to_owned()),
                Ok(reply) => return reply,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended()),
            }
        }
        Err(format!("the timing worker did not reply to {:?} in time", request.window))
    }

    /// Closes the worker's stdin and waits for its end, at most for `grace`.
    pub(crate) fn finish(mut self, grace: Duration) {
        drop(self.stdin.take());
        let until = Instant::now() + grace;
        while Instant::now() < until && matches!(self.child.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Largest resident memory of the process so far, in MiB; `None` if the system does not tell.
    pub(crate) fn peak_memory_mib(&self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
        Some(kib / 1024.0)
    }

    fn ended(&mut self) -> String {
        drop(self.stdin.take());
        match self.child.wait() {
            Ok(status) => format!("the timing worker ended: {status}"),
            Err(error) => format!("the timing worker ended: {}", worded(error)),
        }
    }
}

impl Drop for TimingWorker {
    fn drop(&mut self) {
        // The process is not reaped, so the process number is still its own.
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = killpg(Pid::from_raw(self.child.id().cast_signed()), Signal::SIGKILL);
            let _ = self.child.wait();
        }
    }
}

/// Replies on a worker's stdout; an invalid line is an error.
fn read(stdout: ChildStdout) -> impl Iterator<Item = Result<Reply, String>> {
    BufReader::new(stdout).lines().map(|line| {
        let line = line.map_err(|error| format!("cannot read from the timing worker: {}", worded(error)))?;
        serde_json::from_str(&line).map_err(|error| format!("invalid reply of the timing worker `{line}`: {error}"))
    })
}
