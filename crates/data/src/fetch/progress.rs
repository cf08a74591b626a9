//! Progress of a download.

use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::FetchFile;

/// Shortest time between two reports.
const BETWEEN: Duration = Duration::from_millis(100);

/// Report of [`fetch`](super::fetch) on the download of a file. It displays as one line.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress {
    /// The file exists already with the right hash.
    Present {
        /// Name of the file.
        file: &'static str,
    },
    /// The file is being downloaded.
    Receiving {
        /// Name of the file.
        file: &'static str,
        /// Number of bytes so far, including those of an earlier attempt.
        done: u64,
        /// Size of the file in bytes.
        total: u64,
        /// Bytes per second of this attempt; `None` at its start.
        rate: Option<f64>,
    },
    /// A mirror failed; the next one is tried, if there is one.
    Failed {
        /// Name of the file.
        file: &'static str,
        /// Address of the mirror.
        mirror: String,
        /// The reason.
        reason: String,
    },
    /// The file was copied from a folder of the operating system.
    Copied {
        /// Name of the file.
        file: &'static str,
        /// The folder.
        from: PathBuf,
    },
    /// The file is complete, has the right hash and is stored uncompressed.
    Complete {
        /// Name of the file.
        file: &'static str,
    },
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Present { file } => write!(f, "{file}: in the cache already, hash is right"),
            Self::Copied { file, from } => write!(f, "{file}: copied from {}, hash is right", from.display()),
            Self::Receiving { file, done, total, rate } => {
                write!(f, "{file}: {} of {}", Bytes(*done), Bytes(*total))?;
                rate.map_or(Ok(()), |rate| write!(f, ", {:.1} MB/s", rate / 1e6))
            }
            Self::Failed { file, mirror, reason } => write!(f, "{file}: {mirror}: {reason}"),
            Self::Complete { file } => write!(f, "{file}: complete, hash is right"),
        }
    }
}

/// A number of bytes, displayed in units of powers of ten.
struct Bytes(u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        #[expect(clippy::cast_precision_loss, reason = "one decimal is printed")]
        let bytes = self.0 as f64;
        match self.0 {
            0..1_000 => write!(f, "{bytes} B"),
            1_000..1_000_000 => write!(f, "{:.1} kB", bytes / 1e3),
            _ => write!(f, "{:.1} MB", bytes / 1e6),
        }
    }
}

/// Counter of the bytes of one download of a file.
pub(super) struct Meter {
    file: &'static str,
    total: u64,
    done: u64,
    received: u64,
    started: Instant,
    reported: Option<Instant>,
}

impl Meter {
    /// A counter for a file of which `done` bytes exist already.
    pub(super) fn new(file: &FetchFile, done: u64) -> Self {
        Self { file: file.name, total: file.bytes, done, received: 0, started: Instant::now(), reported: None }
    }

    /// Number of bytes so far.
    pub(super) fn done(&self) -> u64 {
        self.done
    }

    /// Size of the file in bytes.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Adds `count` bytes, and reports if the last report is old enough.
    pub(super) fn add(&mut self, count: usize, progress: &mut dyn FnMut(Progress)) {
        self.done += count as u64;
        self.received += count as u64;
        if self.reported.is_none_or(|last| last.elapsed() >= BETWEEN) {
            self.report(progress);
        }
    }

    /// Reports the progress.
    pub(super) fn report(&mut self, progress: &mut dyn FnMut(Progress)) {
        self.reported = Some(Instant::now());
        let seconds = self.started.elapsed().as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
        let rate = (seconds > 0.0).then(|| self.received as f64 / seconds);
        progress(Progress::Receiving { file: self.file, done: self.done, total: self.total, rate });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::Content;

    #[test]
    fn each_state_is_one_line() {
        let receiving = |done, total, rate| Progress::Receiving { file: "images.gz", done, total, rate }.to_string();
        insta::assert_snapshot!(receiving(3_210_000, 9_912_422, Some(4_140_000.0)), @"images.gz: 3.2 MB of 9.9 MB, 4.1 MB/s");
        insta::assert_snapshot!(receiving(999, 28_881, None), @"images.gz: 999 B of 28.9 kB");
        insta::assert_snapshot!(receiving(0, 4_542, Some(0.0)), @"images.gz: 0 B of 4.5 kB, 0.0 MB/s");
        insta::assert_snapshot!(Progress::Present { file: "images.gz" }, @"images.gz: in the cache already, hash is right");
        let copied = Progress::Copied { file: "images.gz", from: "/usr/share/images".into() };
        insta::assert_snapshot!(copied, @"images.gz: copied from /usr/share/images, hash is right");
        insta::assert_snapshot!(Progress::Complete { file: "images.gz" }, @"images.gz: complete, hash is right");
        let failed =
            Progress::Failed { file: "images.gz", mirror: "http://a/".into(), reason: "http status 404".into() };
        insta::assert_snapshot!(failed, @"images.gz: http://a/: http status 404");
    }

    #[test]
    fn the_meter_counts_and_reports_first_and_on_request() {
        let mut seen = Vec::new();
        let mut meter =
            Meter::new(&FetchFile { name: "a", bytes: 30, sha256: "", content: Content { bytes: 30, sha256: "" } }, 10);
        meter.add(5, &mut |progress| seen.push(progress));
        meter.add(15, &mut |_| ());
        meter.report(&mut |progress| seen.push(progress));
        let done: Vec<_> = seen
            .iter()
            .map(|progress| match progress {
                Progress::Receiving { done, total: 30, .. } => *done,
                other => panic!("{other}"),
            })
            .collect();
        assert_eq!(done, [15, 30]);
    }
}
