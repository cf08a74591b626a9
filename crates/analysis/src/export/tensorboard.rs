//! Figures of training as TensorBoard event files, one run per trial.
//!
//! A file is a sequence of records (length, checksum, bytes, checksum), each a protocol buffer of
//! tensorflow/core/util/event.proto: wall time, step and named values.

use std::io;
use std::path::{Path, PathBuf};

use protocol::event::read_trace;
use protocol::{Event, EventKind, atomic};

use crate::store::Record;

/// Writes a run for every trial that has a trace into `folder`: `<variant>/seed_<n>/events.out.tfevents...`.
///
/// # Errors
/// A trace that cannot be read, or a file that cannot be written.
pub fn tensorboard(records: &[Record], folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    for record in records {
        let trace = match read_trace(&record.dir.trace()) {
            Ok(trace) => trace,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        let Some(first) = trace.first() else { continue };
        let seconds = first.unix_ms / 1_000;
        let run = folder.join(safe(&record.trial.variant)).join(format!("seed_{}", record.trial.seed));
        // TensorBoard recognises event files by this part of the name.
        let path = run.join(format!("events.out.tfevents.{seconds:010}.{}", record.id));
        atomic::write(&path, &events(&trace))?;
        written.push(path);
    }
    Ok(written)
}

/// Folder name of a label.
fn safe(label: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() || " =._-+,()".contains(c) { c } else { '_' };
    let name: String = label.chars().map(kept).take(200).collect();
    if name.starts_with('.') { name.replacen('.', "_", 1) } else { name }
}

fn events(trace: &[Event]) -> Vec<u8> {
    let start = trace.first().map_or(0.0, wall_time);
    let mut file = record(&[double(1, start), bytes(3, b"brain.Event:2")].concat());
    for event in trace.iter().filter(|event| event.kind == EventKind::Event) {
        let values = values(event);
        let Some(step) = event.number("step").filter(|_| !values.is_empty()) else { continue };
        let summary: Vec<u8> = values
            .iter()
            .flat_map(|(tag, value)| bytes(1, &[bytes(1, tag.as_bytes()), float(2, *value as f32)].concat()))
            .collect();
        file.extend(record(&[double(1, wall_time(event)), whole(2, step as u64), bytes(5, &summary)].concat()));
    }
    file
}

fn wall_time(event: &Event) -> f64 {
    event.unix_ms as f64 / 1e3
}

/// Named values of an event: figures of a training step, or a validation value.
fn values(event: &Event) -> Vec<(String, f64)> {
    match event.name.as_str() {
        "scalars" => {
            let figures = event.fields.keys().filter(|name| *name != "step");
            figures.filter_map(|name| Some((format!("train/{name}"), event.number(name)?))).collect()
        }
        "validation" => {
            let named = event.text("quantity").zip(event.number("value"));
            named.map(|(quantity, value)| (format!("validation/{quantity}"), value)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn record(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    [&length[..], &masked(&length).to_le_bytes(), data, &masked(data).to_le_bytes()].concat()
}

/// Masked checksum of the format.
fn masked(data: &[u8]) -> u32 {
    crc32c::crc32c(data).rotate_right(15).wrapping_add(0xa282_ead8)
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

fn key(field: u64, wire: u64) -> Vec<u8> {
    varint(field << 3 | wire)
}

fn whole(field: u64, value: u64) -> Vec<u8> {
    [key(field, 0), varint(value)].concat()
}

fn double(field: u64, value: f64) -> Vec<u8> {
    [key(field, 1), value.to_le_bytes().to_vec()].concat()
}

fn float(field: u64, value: f32) -> Vec<u8> {
    [key(field, 5), value.to_le_bytes().to_vec()].concat()
}

fn bytes(field: u64, value: &[u8]) -> Vec<u8> {
    [key(field, 2), varint(value.len() as u64), value.to_vec()].concat()
}
