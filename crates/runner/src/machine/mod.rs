//! Facts about the machine of the runner. A file that a system lacks leaves a fact unknown; it is not an error.

mod memory;

pub(crate) use memory::{by_group, can_be_watched, format_bytes};

use std::path::Path;
use std::{fs, thread};

use protocol::Host;

/// Number of logical processors that this process may use.
pub(crate) fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Description of the machine, for outcomes that the parent writes.
pub(crate) fn host(threads: usize) -> Host {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo")
        .lines()
        .find_map(|line| line.strip_prefix("model name").and_then(|rest| rest.split_once(": ")))
        .map(|(_, name)| name.trim().to_owned());
    Host {
        name: read("/proc/sys/kernel/hostname").trim().to_owned(),
        os: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        cpu: cpu.unwrap_or_default(),
        cores: cores(),
        threads,
    }
}

/// Load average over the last minute.
pub(crate) fn load() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}

/// Number of processes that the kernel has killed for memory, on this machine and in this process's control group, whose
/// limit may be lower. Only an increase is meaningful.
pub(crate) fn memory_kills() -> u64 {
    let machine = fs::read_to_string("/proc/vmstat").ok();
    let group = fs::read_to_string("/proc/self/cgroup").ok().and_then(|text| {
        let path = text.lines().find_map(|line| line.strip_prefix("0::"))?.to_owned();
        fs::read_to_string(format!("/sys/fs/cgroup{path}/memory.events")).ok()
    });
    [machine, group].into_iter().flatten().filter_map(|text| counter(&text, "oom_kill")).sum()
}

/// Returns whether the file system of a folder has no space left for a record; false if the system does not report it.
pub(crate) fn disk_full(folder: &Path) -> bool {
    /// Smaller than the first file of a checkpoint, larger than a record, in bytes.
    const RECORD: f64 = 65_536.0;
    nix::sys::statvfs::statvfs(folder)
        .is_ok_and(|disk| (disk.blocks_available() as f64) * (disk.fragment_size() as f64) < RECORD)
}

fn counter(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_is_read_by_its_whole_name() {
        let text = "oom 7\noom_kill_group 3\noom_kill 2\n";
        assert_eq!(counter(text, "oom_kill"), Some(2));
        assert_eq!(counter(text, "oom_killer"), None);
    }

    #[test]
    fn a_host_has_at_least_one_core() {
        assert!(host(1).cores >= 1);
        assert!(host(1).os.contains(std::env::consts::ARCH));
    }
}
