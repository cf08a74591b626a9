//! The lock on a trial's folder.
//!
//! A worker holds the lock while it runs, so that an orphaned worker and a second runner cannot both write. The lock is
//! a `flock`: on NFS before Linux 2.6.12, or mounted `nolock`, it excludes processes of the same machine only.

use std::fs::{self, File, TryLockError};
use std::time::Duration;
use std::{io, thread};

use crate::TrialDir;

/// Exclusive lock on a trial's folder, released on drop.
#[derive(Debug)]
pub struct FolderLock(File);

impl FolderLock {
    /// Takes the lock and creates the folder if it is missing; `None` if another process holds the lock.
    ///
    /// # Errors
    /// The folder or the lock file cannot be created.
    pub fn take(dir: &TrialDir) -> io::Result<Option<Self>> {
        fs::create_dir_all(&dir.0)?;
        let file = File::options().create(true).write(true).truncate(false).open(dir.lock())?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// As [`FolderLock::take`], but retries for 0.2 s: a process that only checks whether the folder is free
    /// holds the lock for a moment.
    ///
    /// # Errors
    /// As for [`FolderLock::take`].
    pub fn take_with_retries(dir: &TrialDir) -> io::Result<Option<Self>> {
        for _ in 0..20 {
            if let Some(lock) = Self::take(dir)? {
                return Ok(Some(lock));
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(None)
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Closing is not enough: a child process that another thread is starting may hold a copy of the descriptor
        // until its `exec`. If unlocking fails, the file is closed all the same.
        let _ = self.0.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holder_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let dir = TrialDir(folder.path().join("new"));
        let held = FolderLock::take(&dir).unwrap().expect("a new folder is free");
        assert!(FolderLock::take(&dir).unwrap().is_none());
        assert!(FolderLock::take_with_retries(&dir).unwrap().is_none());
        drop(held);
        assert!(FolderLock::take_with_retries(&dir).unwrap().is_some());
    }
}
