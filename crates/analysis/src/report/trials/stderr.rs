//! Last lines of the stderr of a worker.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use protocol::text::portable;

/// Number of lines.
const LINES: usize = 20;
/// Largest number of characters of a line.
const WIDTH: usize = 240;
/// Number of bytes at the end of the file that are read.
const BYTES: u64 = 16 << 10;

/// The last lines of a file, without absolute paths; empty if it is missing, empty or unreadable.
pub(super) fn last_lines(path: &Path) -> String {
    let Some(bytes) = end_of(path) else { return String::new() };
    let text = portable(&String::from_utf8_lossy(&bytes));
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let last = lines[lines.len().saturating_sub(LINES)..].iter().map(|line| match line.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => (*line).to_owned(),
    });
    last.collect::<Vec<_>>().join("\n")
}

fn end_of(path: &Path) -> Option<Vec<u8>> {
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(BYTES))).ok()?;
    let mut bytes = Vec::new();
    file.take(BYTES).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stderr.log");
        assert_eq!(last_lines(&path), "");
        let lines: Vec<String> = (0..5000).map(|line| format!("line {line} of /home/me/data/mnist")).collect();
        std::fs::write(&path, lines.join("\n") + "\n").unwrap();
        let shown = last_lines(&path);
        assert_eq!(shown.lines().count(), LINES);
        assert!(shown.ends_with("line 4999 of …/mnist") && !shown.contains("/home"), "{shown}");
        std::fs::write(&path, "x".repeat(1000)).unwrap();
        assert_eq!(last_lines(&path).chars().count(), WIDTH + 1);
    }
}
