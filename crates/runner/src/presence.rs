//! Runners on this machine that can be told to end from elsewhere (`genbench cancel`).
//!
//! A runner holds (`flock`) a file of its own under `runners/` for its life; whoever writes into that file asks it to end,
//! as SIGTERM would. A lock says more than a process's number: a number may be another's by now, or another machine's.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use protocol::GridDir;

use crate::error::RunError;
use crate::error::at;
use crate::interrupts::Interrupts;
use crate::machine::host;

/// How often a runner looks into its file.
const EVERY: Duration = Duration::from_millis(500);

/// While it lives, the runner can be told to end.
pub(crate) struct Presence {
    path: PathBuf,
    /// Dropped to end the thread.
    done: Option<Sender<()>>,
    looking: Option<JoinHandle<()>>,
}

impl Presence {
    /// # Errors
    /// The results folder cannot be written.
    pub(crate) fn announce(grid: &GridDir, interrupts: &Interrupts) -> Result<Self, RunError> {
        let folder = grid.runners();
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        let path = folder.join(format!("{}-{}", host(1).name, std::process::id()));
        let file = File::options().create(true).append(true).open(&path).map_err(at(&path))?;
        file.lock().map_err(at(&path))?;
        // What an earlier process of this number was told.
        file.set_len(0).map_err(at(&path))?;
        let (done, ended) = channel();
        let interrupts = interrupts.clone();
        let looking = thread::spawn(move || look(&file, &ended, &interrupts));
        Ok(Self { path, done: Some(done), looking: Some(looking) })
    }
}

/// Holds the file, and passes on what is written into it.
fn look(file: &File, ended: &Receiver<()>, interrupts: &Interrupts) {
    while ended.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
        if file.metadata().is_ok_and(|about| about.len() > 0) {
            interrupts.terminate();
            let _ = ended.recv();
        }
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        // First the file, then the lock: a file that is there and free is one that was left behind.
        let _ = fs::remove_file(&self.path);
        self.done.take();
        if let Some(looking) = self.looking.take() {
            let _ = looking.join();
        }
    }
}

/// Asks every runner that is at work on a grid to end; how many there are.
///
/// # Errors
/// The results folder cannot be read or written.
pub(crate) fn tell_to_end(grid: &GridDir) -> Result<usize, RunError> {
    let folder = grid.runners();
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        entries => entries.map_err(at(&folder))?,
    };
    let mut told = 0;
    for entry in entries {
        let path = entry.map_err(at(&folder))?.path();
        let mut file = match File::options().append(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            file => file.map_err(at(&path))?,
        };
        match file.try_lock() {
            // It was killed.
            Ok(()) => fs::remove_file(&path).map_err(at(&path))?,
            Err(TryLockError::WouldBlock) => {
                file.write_all(b"end\n").map_err(at(&path))?;
                told += 1;
            }
            Err(TryLockError::Error(error)) => return Err(at(&path)(error)),
        }
    }
    Ok(told)
}
