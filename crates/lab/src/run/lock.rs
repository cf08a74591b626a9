//! The lock on a trial's folder. A worker holds it for its life, so that an orphan and a second
//! runner cannot both write.
//!
//! It is `flock`: on NFS before Linux 2.6.12, or mounted `nolock`, it guards one machine only.

use std::fs::{self, File, TryLockError};
use std::io;

use protocol::TrialDir;

/// The parent's hold on a trial's folder, for the moment of a write.
#[derive(Debug)]
pub(crate) struct FolderLock(File);

impl FolderLock {
    /// Takes the lock, creating the folder if need be; `None` when somebody else holds it.
    pub(crate) fn take(dir: &TrialDir) -> io::Result<Option<Self>> {
        fs::create_dir_all(&dir.0)?;
        let file = File::options().create(true).write(true).truncate(false).open(dir.lock())?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Closing is not enough: a child that another thread is starting may hold a copy of the
        // descriptor until its `exec`. If this fails, the close still follows.
        let _ = self.0.unlock();
    }
}
