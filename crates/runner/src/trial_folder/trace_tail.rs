//! Reading of a worker's files while it writes them.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use protocol::Event;

/// Reader of a growing `trace.jsonl`.
#[derive(Debug)]
pub(crate) struct TraceTail {
    path: PathBuf,
    offset: u64,
    rest: Vec<u8>,
}

impl TraceTail {
    /// Starts at the present end of the file, which need not exist.
    pub(crate) fn at_end(path: PathBuf) -> Self {
        let offset = length(&path);
        Self { path, offset, rest: Vec::new() }
    }

    /// Starts at the beginning of the file.
    pub(crate) fn from_start(path: PathBuf) -> Self {
        Self { path, offset: 0, rest: Vec::new() }
    }

    /// Returns the events written since the last call. Incomplete and invalid lines are skipped.
    pub(crate) fn read(&mut self) -> Vec<Event> {
        let Ok(new) = read_from(&self.path, self.offset) else { return Vec::new() };
        self.offset += new.len() as u64;
        self.rest.extend(new);
        let Some(end) = self.rest.iter().rposition(|byte| *byte == b'\n') else { return Vec::new() };
        let whole: Vec<u8> = self.rest.drain(..=end).collect();
        whole.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
    }
}

/// Summary of the trace of a trial without an outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct TraceSummary {
    /// Last attempt that wrote an event; 0 without events.
    pub(crate) attempts: u32,
    /// Last step.
    pub(crate) steps: u64,
    /// Highest step; an attempt may start before the last step of the previous one.
    pub(crate) furthest: u64,
    /// Seconds of optimisation, from the last event with `train_s`.
    pub(crate) train_s: f64,
}

impl TraceSummary {
    /// Reads the trace and skips invalid lines; a missing trace gives the default.
    pub(crate) fn read(path: &Path) -> Self {
        let text = fs::read(path).unwrap_or_default();
        let events = text.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Event>(line).ok());
        events.fold(Self::default(), |trace, event| Self {
            attempts: trace.attempts.max(event.attempt),
            steps: event.number("step").map_or(trace.steps, |step| step as u64),
            furthest: event.number("step").map_or(trace.furthest, |step| trace.furthest.max(step as u64)),
            train_s: event.number("train_s").unwrap_or(trace.train_s),
        })
    }
}

/// Length of a file; 0 if it does not exist.
pub(crate) fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |about| about.len())
}

/// Text written to `path` after the offset `from`, trimmed, at most the last `most` bytes.
pub(crate) fn text_after(path: &Path, from: u64, most: u64) -> String {
    let start = from.max(length(path).saturating_sub(most));
    let bytes = read_from(path, start).unwrap_or_default();
    String::from_utf8_lossy(&bytes).trim().to_owned()
}

fn read_from(path: &Path, offset: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn line(attempt: u32, step: u64) -> String {
        format!(
            r#"{{"v":1,"unix_ms":5,"at_s":0.5,"attempt":{attempt},"kind":"event","level":"INFO","name":"scalars","fields":{{"step":{step}}}}}"#
        )
    }

    #[test]
    fn a_line_is_read_once_when_it_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace.jsonl");
        fs::write(&path, format!("{}\n", line(1, 1))).unwrap();
        let mut tail = TraceTail::at_end(path.clone());
        let mut file = File::options().append(true).open(&path).unwrap();
        let text = line(2, 2);
        let (head, end) = text.split_at(30);
        write!(file, "nonsense\n{head}").unwrap();
        assert!(tail.read().is_empty(), "a torn line is no event");
        writeln!(file, "{end}").unwrap();
        let events = tail.read();
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].number("step"), Some(2.0));
        assert!(tail.read().is_empty());
    }

    #[test]
    fn a_summary_counts_attempts_across_incomplete_lines() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace.jsonl");
        assert_eq!(TraceSummary::read(&path), TraceSummary::default());
        fs::write(&path, format!("{}\n{}\n{}\n", line(1, 50), &line(1, 60)[..60], line(2, 45))).unwrap();
        assert_eq!(TraceSummary::read(&path), TraceSummary { attempts: 2, steps: 45, furthest: 50, train_s: 0.0 });
    }

    #[test]
    fn the_tail_of_stderr_belongs_to_this_attempt() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stderr.log");
        fs::write(&path, "old\nnew words\n").unwrap();
        assert_eq!(text_after(&path, 4, 100), "new words");
        assert_eq!(text_after(&path, 4, 6), "words");
        assert_eq!(text_after(&folder.path().join("none"), 0, 9), "");
    }
}
