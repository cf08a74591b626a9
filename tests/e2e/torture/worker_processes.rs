//! Worker processes of a results folder, found by their command lines.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Returns the process ids of the workers below `results`, orphans included.
pub(super) fn workers(results: &Path) -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let is_worker = |pid: &u32| {
        let Ok(line) = fs::read(format!("/proc/{pid}/cmdline")) else { return false };
        let words: Vec<_> = line.split(|byte| *byte == 0).map(String::from_utf8_lossy).collect();
        words.get(1).is_some_and(|verb| verb == "trial")
            && words.get(2).is_some_and(|dir| Path::new(&**dir).starts_with(results))
    };
    let mut pids: Vec<u32> =
        entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(is_worker).collect();
    pids.sort_unstable();
    pids
}

pub(super) fn signal(pid: u32, name: &str) {
    // The process may have ended already.
    let _ = Command::new("kill").args(["-s", name, &pid.to_string()]).status();
}
