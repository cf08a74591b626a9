//! The file of a history: JSON lines, to which entries are appended.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use protocol::atomic;

use super::entry::{HISTORY_SCHEMA, HistoryEntry};

/// `history.jsonl` of a grid, in `RESULTS/reference/GRID`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryFile {
    /// Path of the file.
    pub path: PathBuf,
}

impl HistoryFile {
    /// The history of `grid` under the folder of all results.
    #[must_use]
    pub fn of(results: &Path, grid: &str) -> Self {
        Self { path: results.join("reference").join(grid).join("history.jsonl") }
    }

    /// All entries in the order of the file; none if it does not exist.
    ///
    /// # Errors
    /// The file cannot be read, a line is no entry, or a newer genbench wrote it. The error names file and line.
    pub fn read(&self) -> io::Result<Vec<HistoryEntry>> {
        let text = match fs::read_to_string(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            text => text.map_err(|error| atomic::named(&self.path, &error))?,
        };
        let mut entries = Vec::new();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let place = format!("{}:{}", self.path.display(), number + 1);
            let entry: HistoryEntry = serde_json::from_str(line)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, format!("{place}: {error}")))?;
            if entry.schema > HISTORY_SCHEMA {
                let message = format!("{place}: written by a newer genbench (schema {})", entry.schema);
                return Err(io::Error::new(io::ErrorKind::Unsupported, message));
            }
            entries.push(entry);
        }
        Ok(entries)
    }

    /// Appends an entry, as one write. Returns `false` if the last entry is of the same run.
    ///
    /// # Errors
    /// The file cannot be read or written. The error names it.
    pub fn add(&self, entry: &HistoryEntry) -> io::Result<bool> {
        if self.read()?.last() == Some(entry) {
            return Ok(false);
        }
        self.append(entry).map_err(|error| atomic::named(&self.path, &error))?;
        Ok(true)
    }

    fn append(&self, entry: &HistoryEntry) -> io::Result<()> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let is_complete = fs::read(&self.path).map_or(true, |bytes| bytes.is_empty() || bytes.ends_with(b"\n"));
        let start = if is_complete { "" } else { "\n" };
        let line = format!("{start}{}\n", serde_json::to_string(entry)?);
        OpenOptions::new().create(true).append(true).open(&self.path)?.write_all(line.as_bytes())
    }
}
