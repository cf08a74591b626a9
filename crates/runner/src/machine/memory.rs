//! Memory of workers, from `/proc`.
//!
//! The kernel could limit the address space, but wgpu maps far more memory than it uses. Resident memory can only be
//! polled.

use std::collections::BTreeMap;
use std::fs;

/// Returns whether this system reports the memory of processes.
pub(crate) fn can_be_watched() -> bool {
    fs::read_to_string("/proc/self/status").is_ok_and(|text| resident(&text).is_some())
}

/// Resident bytes of each process group. Pages that processes share count once per process.
pub(crate) fn by_group() -> BTreeMap<i32, u64> {
    let mut held = BTreeMap::new();
    let Ok(entries) = fs::read_dir("/proc") else { return held };
    for entry in entries.flatten() {
        // Skips other entries of /proc, and processes that have ended.
        let stat = fs::read_to_string(entry.path().join("stat")).ok();
        let Some(group) = stat.as_deref().and_then(group) else { continue };
        let status = fs::read_to_string(entry.path().join("status")).ok();
        *held.entry(group).or_default() += status.as_deref().and_then(resident).unwrap_or(0);
    }
    held
}

/// Process group in `/proc/PID/stat`: the third field after the name, which may contain blanks and parentheses.
fn group(stat: &str) -> Option<i32> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(2)?.parse().ok()
}

/// Resident bytes in `/proc/PID/status`; `None` for a kernel thread.
fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

/// Formats bytes: `512 MiB`, `2.5 GiB`.
pub(crate) fn format_bytes(bytes: u64) -> String {
    let mib = bytes as f64 / f64::from(1 << 20);
    let short = |value: f64| format!("{value:.1}").trim_end_matches(".0").to_owned();
    if mib < 1024.0 { format!("{} MiB", short(mib)) } else { format!("{} GiB", short(mib / 1024.0)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_for_any_process_name() {
        assert_eq!(group("7 (a) b (c)) S 1 42 7 0"), Some(42));
        assert_eq!(group("7 (torn"), None);
        assert_eq!(resident("Name:\tx\nVmRSS:\t    2048 kB\n"), Some(2 << 20));
        assert_eq!(resident("Name:\tkthreadd\n"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_group_of_this_test_has_memory() {
        assert!(can_be_watched());
        let own = nix::unistd::getpgrp().as_raw();
        assert!(by_group()[&own] > 1 << 20);
    }

    #[test]
    fn bytes_have_units() {
        let all: Vec<_> = [1 << 20, 800_000_000, 2 << 30, (2 << 30) + (1 << 29)].map(format_bytes).into();
        assert_eq!(all, ["1 MiB", "762.9 MiB", "2 GiB", "2.5 GiB"]);
    }
}
