//! Files through which another process requests the termination of runners on this machine (`genbench cancel`).
//!
//! A runner holds a lock (`flock`) on its own file under `runners/` while it runs. Text in that file is a termination
//! request, like SIGTERM. A lock is safer than a process number, which another process or machine may have.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use protocol::GridDir;

use crate::error::{RunError, at};
use crate::interrupts::Interrupts;
use crate::machine::host;

/// Interval between two polls of the file.
const POLL_EVERY: Duration = Duration::from_millis(500);

/// The file of this runner; dropping it removes the file.
pub(crate) struct RunnerFile {
    path: PathBuf,
    /// Sender whose drop ends the thread.
    done: Option<Sender<()>>,
    poller: Option<JoinHandle<()>>,
}

impl RunnerFile {
    /// Creates and locks the file, and polls it in a thread.
    ///
    /// # Errors
    /// The results folder cannot be written.
    pub(crate) fn create(grid: &GridDir, interrupts: &Interrupts) -> Result<Self, RunError> {
        let folder = grid.runners();
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        let path = folder.join(format!("{}-{}", host(1).name, std::process::id()));
        let file = File::options().create(true).append(true).open(&path).map_err(at(&path))?;
        file.lock().map_err(at(&path))?;
        // Removes a request to an earlier process with this number.
        file.set_len(0).map_err(at(&path))?;
        let (done, ended) = channel();
        let interrupts = interrupts.clone();
        let poller = thread::spawn(move || poll(&file, &ended, &interrupts));
        Ok(Self { path, done: Some(done), poller: Some(poller) })
    }
}

/// Holds the lock, and forwards a request in the file.
fn poll(file: &File, ended: &Receiver<()>, interrupts: &Interrupts) {
    while ended.recv_timeout(POLL_EVERY) == Err(RecvTimeoutError::Timeout) {
        if file.metadata().is_ok_and(|about| about.len() > 0) {
            interrupts.terminate();
            let _ = ended.recv();
        }
    }
}

impl Drop for RunnerFile {
    fn drop(&mut self) {
        // The file is removed before the lock is released: a file without a lock belongs to a killed runner.
        let _ = fs::remove_file(&self.path);
        self.done.take();
        if let Some(poller) = self.poller.take() {
            let _ = poller.join();
        }
    }
}

/// Requests the termination of every runner of a grid. Returns their number.
///
/// # Errors
/// The results folder cannot be read or written.
pub(crate) fn request_termination(grid: &GridDir) -> Result<usize, RunError> {
    let folder = grid.runners();
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        entries => entries.map_err(at(&folder))?,
    };
    let mut requested = 0;
    for entry in entries {
        let path = entry.map_err(at(&folder))?.path();
        let mut file = match File::options().append(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            file => file.map_err(at(&path))?,
        };
        match file.try_lock() {
            // The runner was killed.
            Ok(()) => fs::remove_file(&path).map_err(at(&path))?,
            Err(TryLockError::WouldBlock) => {
                file.write_all(b"end\n").map_err(at(&path))?;
                requested += 1;
            }
            Err(TryLockError::Error(error)) => return Err(at(&path)(error)),
        }
    }
    Ok(requested)
}
