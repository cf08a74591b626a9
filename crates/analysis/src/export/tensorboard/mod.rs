//! Training figures, settings and sample sheets as TensorBoard event files, one run per trial.
//!
//! A file is a sequence of records, each a protocol buffer of tensorflow/core/util/event.proto: wall time, step and
//! named values.

mod hyperparameters;
mod pictures;
mod protobuf;
mod run_name;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::{fs, io};

use protocol::event::{read_trace, unix_seconds};
use protocol::{Event, atomic};

use crate::export::points::points;
use crate::store::Record;
use protobuf::{bytes, double, float, record as framed, whole};
use run_name::run_name;

/// Start of the name of an event file, by which TensorBoard recognises it.
const EVENT_FILE: &str = "events.out.tfevents.";

/// Trials to export, and the files of an earlier export that they replace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replaces<'a> {
    /// All runs of the grid of this name.
    Grid(&'a str),
    /// The runs of the exported trials of the grid of this name.
    Trials(&'a str),
}

/// Writes a run for every trial that has a trace into `folder`: `<variant> seed_<n> <id>/events.out.tfevents...`. Runs of
/// an earlier export are replaced.
///
/// # Errors
/// A trace that cannot be read, or a file that cannot be written.
pub fn tensorboard(records: &[Record], folder: &Path, replaces: Replaces<'_>) -> io::Result<Vec<PathBuf>> {
    let mut runs = Vec::new();
    for record in records {
        let trace = match read_trace(&record.dir.trace()) {
            Ok(trace) => trace,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        if !trace.is_empty() {
            runs.push((record, event_file(record, &trace)?, trace[0].unix_ms / 1_000));
        }
    }
    remove_earlier(records, folder, replaces)?;
    let grid = match replaces {
        Replaces::Grid(grid) | Replaces::Trials(grid) => grid,
    };
    let mut written = Vec::new();
    for (record, file, seconds) in runs {
        let name = format!("{EVENT_FILE}{seconds:010}.{}.{grid}", record.id);
        let path = folder.join(run_name(&record.trial)).join(name);
        atomic::write(&path, &file)?;
        written.push(path);
    }
    Ok(written)
}

/// Removes the event files of an earlier export, and folders that are empty without them.
fn remove_earlier(records: &[Record], folder: &Path, replaces: Replaces<'_>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let replaced = |name: &str| {
        let mut parts = name.strip_prefix(EVENT_FILE).unwrap_or_default().splitn(3, '.');
        let (Some(_), Some(id), Some(of)) = (parts.next(), parts.next(), parts.next()) else { return false };
        match replaces {
            Replaces::Grid(grid) => of == grid,
            Replaces::Trials(grid) => of == grid && records.iter().any(|record| record.id.0 == id),
        }
    };
    for run in entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| path.is_dir()) {
        let mut removed = false;
        for entry in fs::read_dir(&run)? {
            let entry = entry?;
            if entry.file_name().to_str().is_some_and(replaced) {
                fs::remove_file(entry.path())?;
                removed = true;
            }
        }
        if removed && fs::read_dir(&run)?.next().is_none() {
            fs::remove_dir(&run)?;
        }
    }
    Ok(())
}

fn event_file(record: &Record, trace: &[Event]) -> io::Result<Vec<u8>> {
    let start_ms = trace.first().map_or(0, |event| event.unix_ms);
    let end_ms = trace.last().map_or(start_ms, |event| event.unix_ms);
    let (start, end) = (unix_seconds(start_ms), unix_seconds(end_ms));
    let mut file = framed(&[double(1, start), bytes(3, "brain.Event:2")].concat());
    file.extend(summary(start, 0, &hyperparameters::start(record, start)));
    for ((step, tag), (value, unix_ms)) in points(record, trace, end_ms) {
        let value = bytes(1, [bytes(1, tag), float(2, value as f32)].concat());
        file.extend(summary(unix_seconds(unix_ms), step, &value));
    }
    let kept = record.outcome.as_ref().and_then(|outcome| outcome.kept_step).unwrap_or_default();
    for picture in pictures::pictures(record)? {
        file.extend(summary(end, kept, &picture));
    }
    if let Some(ended) = hyperparameters::end(record) {
        file.extend(summary(end, 0, &ended));
    }
    Ok(file)
}

/// A record with named values of one step.
fn summary(wall: f64, step: u64, values: &[u8]) -> Vec<u8> {
    framed(&[double(1, wall), whole(2, step), bytes(5, values)].concat())
}
