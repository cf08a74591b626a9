//! Small file system for the results, which a test can fill or make read-only.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A tmpfs, or a plain folder if mounting is not permitted.
pub(super) struct Disk {
    folder: PathBuf,
    mounted: bool,
}

impl Disk {
    pub(super) fn new(folder: PathBuf) -> Self {
        fs::create_dir_all(&folder).expect("a folder");
        let mounted = cfg!(target_os = "linux") && mount(&["-t", "tmpfs", "-o", "size=192m", "none"], &folder);
        if !mounted {
            super::fault_injector::skipped("full and read-only disk: a tmpfs cannot be mounted (needs root)");
        }
        Self { folder, mounted }
    }

    pub(super) fn path(&self) -> &Path {
        &self.folder
    }

    pub(super) fn is_mounted(&self) -> bool {
        self.mounted
    }

    /// Fills the file system completely.
    pub(super) fn fill(&self) {
        let mut file = File::create(self.filler()).expect("a file");
        let mut chunk = vec![0; 1 << 20];
        while !chunk.is_empty() {
            if file.write_all(&chunk).is_err() {
                chunk.truncate(chunk.len() / 2);
            }
        }
    }

    pub(super) fn empty(&self) {
        fs::remove_file(self.filler()).expect("the filler is removed");
    }

    /// Makes the file system read-only or writable. Returns whether that worked: open files can prevent it.
    pub(super) fn read_only(&self, read_only: bool) -> bool {
        mount(&["-o", if read_only { "remount,ro" } else { "remount,rw" }], &self.folder)
    }

    fn filler(&self) -> PathBuf {
        self.folder.join("filler")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted {
            // A lazy unmount, because a failed test may leave a worker behind.
            let _ = Command::new("umount").arg("-l").arg(&self.folder).status();
        }
    }
}

fn mount(options: &[&str], folder: &Path) -> bool {
    let mut command = Command::new("mount");
    command.args(options).arg(folder).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
