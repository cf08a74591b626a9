//! Random faults around a running grid.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use protocol::{GridDir, TrialDir, exit};

use super::disk::Disk;
use super::worker_processes::{signal, workers};
use crate::bench::Bench;

/// Prints a skipped fault. Panics if GENBENCH_REQUIRE_TORTURE is set.
pub(super) fn skipped(what: &str) {
    assert!(std::env::var_os("GENBENCH_REQUIRE_TORTURE").is_none(), "required: {what}");
    eprintln!("skipped: {what}");
}

pub(super) struct FaultInjector<'a> {
    bench: &'a Bench,
    disk: Disk,
    faketime: Option<PathBuf>,
    parents: Vec<Child>,
    random: u64,
    done: BTreeMap<&'static str, usize>,
}

impl<'a> FaultInjector<'a> {
    pub(super) fn new(bench: &'a Bench) -> Self {
        let random = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_nanos() as u64) | 1;
        println!("seed of the faults: {random}");
        let faketime = faketime();
        if faketime.is_none() {
            skipped("clock jumps: libfaketime is not installed");
        }
        let disk = Disk::new(bench.path("disk"));
        Self { bench, disk, faketime, parents: Vec::new(), random, done: BTreeMap::new() }
    }

    /// Injects faults for the given time.
    pub(super) fn inject(&mut self, time: Duration) {
        let began = Instant::now();
        while began.elapsed() < time {
            self.parents.retain_mut(|parent| matches!(parent.try_wait(), Ok(None)));
            while self.parents.len() < 2 {
                let parent = self.parent().spawn().expect("the binary starts");
                self.parents.push(parent);
                self.count("parents started");
            }
            let pause = 200 + self.roll(1300);
            thread::sleep(Duration::from_millis(pause));
            match self.roll(20) {
                0..8 => self.kill_a_worker(),
                _ if self.all_finished() => self.lose_records(),
                8..11 => self.end_a_parent("KILL", "parents killed"),
                11 => self.end_a_parent("TERM", "parents ended by SIGTERM"),
                12 => self.end_a_parent("INT", "parents drained by SIGINT"),
                13..15 => self.damage_a_trace(),
                15..17 => self.truncate_a_checkpoint(),
                17 => self.fill_the_disk(),
                18 => self.forbid_writing(),
                _ => self.turn_the_clock(),
            }
        }
    }

    /// Stops the faults, runs the grid until it is finished, and returns the number of runs.
    pub(super) fn run_to_the_end(&mut self) -> usize {
        self.end_all();
        for run in 1..=3 {
            let output = self.parent().stdout(Stdio::piped()).stderr(Stdio::piped()).output().expect("it runs");
            match output.status.code() {
                Some(code) if code == i32::from(exit::DONE) => return run,
                code => eprintln!("run {run} ended with {code:?}: {}", String::from_utf8_lossy(&output.stderr)),
            }
        }
        panic!("the grid is not finished after three runs");
    }

    pub(super) fn folder(&self) -> PathBuf {
        self.grid().0
    }

    /// Returns the disturbed counterpart of a trial.
    pub(super) fn trial(&self, undisturbed: &TrialDir) -> TrialDir {
        TrialDir(self.grid().trials().join(undisturbed.0.file_name().expect("an id")))
    }

    pub(super) fn record(&self) -> String {
        let counts: Vec<_> = self.done.iter().map(|(what, count)| format!("{count} {what}")).collect();
        counts.join(", ")
    }

    fn grid(&self) -> GridDir {
        GridDir::new(self.disk.path(), "torture")
    }

    fn parent(&mut self) -> Command {
        let results = self.disk.path().to_str().expect("a plain path");
        let mut command =
            self.bench.command(&["run", "grid.yaml", "--no-timing", "--retry-failed", "--results", results]);
        let log = OpenOptions::new().create(true).append(true).open(self.bench.path("parents.log")).expect("a log");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        if let Some(library) = &self.faketime {
            let clock = self.bench.path("clock");
            if !clock.exists() {
                fs::write(&clock, "+0").expect("a clock");
            }
            // Only the wall clock jumps, not the monotonic clock.
            command.env("LD_PRELOAD", library).env("FAKETIME_TIMESTAMP_FILE", clock).env("FAKETIME_NO_CACHE", "1");
            command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").env("FAKETIME_DISABLE_SHM", "1").env("NO_FAKE_STAT", "1");
        }
        command
    }

    fn kill_a_worker(&mut self) {
        let pids = workers(self.disk.path());
        if !pids.is_empty() {
            signal(pids[self.roll(pids.len() as u64) as usize], "KILL");
            self.count("workers killed");
        }
    }

    /// Ends a parent by a signal. SIGKILL leaves its workers behind.
    fn end_a_parent(&mut self, how: &str, what: &'static str) {
        let which = self.roll(self.parents.len() as u64) as usize;
        let mut parent = self.parents.swap_remove(which);
        signal(parent.id(), how);
        parent.wait().expect("it ends");
        self.count(what);
    }

    fn end_all(&mut self) {
        for mut parent in self.parents.drain(..) {
            signal(parent.id(), "KILL");
            let _ = parent.wait();
        }
        while let pids @ [_, ..] = &workers(self.disk.path())[..] {
            pids.iter().for_each(|pid| signal(*pid, "KILL"));
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Appends garbage to a trace, as a power cut may.
    fn damage_a_trace(&mut self) {
        let Some((dir, _lock)) = self.unfinished(|dir| dir.trace().exists()) else { return };
        let garbage: [&[u8]; 4] = [b"{\"v\":1,\"unix_ms\":17", b"\0\0\0\0\0\0\0\0", &[0xff, 0xfe, b'\n', 0x80], b"}\n"];
        let garbage = garbage[self.roll(4) as usize];
        let mut trace = OpenOptions::new().append(true).open(dir.trace()).expect("a trace");
        trace.write_all(garbage).expect("written");
        self.count("last lines damaged");
    }

    /// Truncates a file of a checkpoint.
    fn truncate_a_checkpoint(&mut self) {
        let Some((dir, _lock)) = self.unfinished(|dir| !files(&dir.checkpoint()).is_empty()) else { return };
        let files = files(&dir.checkpoint());
        let file = &files[self.roll(files.len() as u64) as usize];
        let length = file.metadata().map_or(0, |about| about.len());
        let keep = self.roll(length.max(1));
        File::options().write(true).open(file).and_then(|open| open.set_len(keep)).expect("truncated");
        self.count("checkpoints truncated");
    }

    fn all_finished(&self) -> bool {
        let Ok(entries) = fs::read_dir(self.grid().trials()) else { return false };
        entries.flatten().all(|entry| TrialDir(entry.path()).outcome().exists())
    }

    /// Removes outcomes, as if the machine had stopped before they reached the disk.
    fn lose_records(&mut self) {
        for dir in
            fs::read_dir(self.grid().trials()).into_iter().flatten().flatten().map(|entry| TrialDir(entry.path()))
        {
            let Ok(lock) = File::options().write(true).open(dir.lock()) else { continue };
            if self.roll(3) == 0 && lock.try_lock().is_ok() && fs::remove_file(dir.outcome()).is_ok() {
                self.count("records lost");
            }
        }
    }

    fn fill_the_disk(&mut self) {
        if self.disk.is_mounted() {
            self.disk.fill();
            let pause = 500 + self.roll(2000);
            thread::sleep(Duration::from_millis(pause));
            self.disk.empty();
            self.count("times the disk was full");
        }
    }

    fn forbid_writing(&mut self) {
        if !self.disk.is_mounted() {
            return;
        }
        self.end_all();
        if self.disk.read_only(true) {
            let output = self.parent().stderr(Stdio::piped()).output().expect("it runs");
            assert!(self.disk.read_only(false));
            let stderr = String::from_utf8_lossy(&output.stderr);
            let code = output.status.code();
            let reported =
                code == Some(i32::from(exit::ENVIRONMENT)) && stderr.contains("the file system is read-only");
            assert!(reported, "{code:?}: {stderr}");
            self.count("times the disk was read-only");
        }
    }

    fn turn_the_clock(&mut self) {
        if self.faketime.is_some() {
            let to = ["+0", "-2d", "+400d", "-3000d", "+1h"][self.roll(5) as usize];
            // Written atomically, because libfaketime must not read half a file.
            fs::write(self.bench.path("clock.new"), to).expect("a clock");
            fs::rename(self.bench.path("clock.new"), self.bench.path("clock")).expect("a clock");
            self.count("jumps of the clock");
        }
    }

    /// Returns a trial that has started, is not finished and has no worker, with its lock held.
    fn unfinished(&mut self, fit: impl Fn(&TrialDir) -> bool) -> Option<(TrialDir, File)> {
        let entries = fs::read_dir(self.grid().trials()).ok()?;
        let mut free: Vec<_> = entries
            .flatten()
            .map(|entry| TrialDir(entry.path()))
            .filter_map(|dir| {
                let lock = File::options().write(true).open(dir.lock()).ok()?;
                let idle = !dir.outcome().exists() && fit(&dir) && lock.try_lock().is_ok();
                (idle && !dir.outcome().exists()).then_some((dir, lock))
            })
            .collect();
        (!free.is_empty()).then(|| free.swap_remove(self.roll(free.len() as u64) as usize))
    }

    /// Returns a random number below `sides`.
    fn roll(&mut self, sides: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % sides.max(1)
    }

    fn count(&mut self, what: &'static str) {
        *self.done.entry(what).or_default() += 1;
    }
}

impl Drop for FaultInjector<'_> {
    fn drop(&mut self) {
        self.end_all();
    }
}

/// Returns all files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn faketime() -> Option<PathBuf> {
    let lib = fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path().join("faketime/libfaketime.so.1"));
    lib.chain([PathBuf::from("/usr/lib/faketime/libfaketime.so.1")]).find(|path| path.exists())
}
