//! Files of a pack, read from the folder of the grid.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use protocol::event::read_trace;
use protocol::{GridDir, Plan, TrialDir};
use serde_json::Value;

use super::anonymise::Anonymiser;
use super::entry_path::{EXTENSIONS, PLAN, TOP, TRIALS, is_allowed};
use super::error::PackError;
use super::part::Part;
use super::thin::thinned;
use super::{PackOptions, error};
use crate::store;

/// All files of a pack but its manifest, in order.
#[derive(Clone, Debug)]
pub(super) struct Contents {
    pub(super) grid: String,
    pub(super) planned: usize,
    pub(super) trials: usize,
    /// Path in the archive and content.
    pub(super) files: Vec<(String, Vec<u8>)>,
}

/// Reads the files of a grid that belong in a pack.
pub(super) fn collect(grid: &GridDir, options: &PackOptions) -> Result<Contents, PackError> {
    let mut anonymiser = Anonymiser::new(options);
    let plan_file = grid.plan_json();
    let original = read(&plan_file)?;
    let bytes = record(&plan_file, original.clone(), |value| anonymiser.paths(value))?;
    let plan: Plan = parse(&plan_file, &original)?;
    keeps_identity(&plan, &parse(&plan_file, &bytes)?)?;

    let mut files = vec![(PLAN.to_owned(), bytes)];
    for name in TOP.into_iter().filter(|name| *name != PLAN) {
        let path = grid.file(name);
        if let Some(bytes) = if_exists(fs::read(&path)).map_err(PackError::file(&path))? {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            files.push((name.to_owned(), anonymiser.text(&text).unwrap_or(text).into_bytes()));
        }
    }
    let (mut trials, mut seen) = (Vec::new(), BTreeSet::new());
    for record in store::records(grid, &plan) {
        if let Some(unreadable) = &record.unreadable {
            return Err(PackError::Refused(format!(
                "{}: {unreadable}\nhelp: {}",
                unreadable.kind(),
                unreadable.help()
            )));
        }
        let folder = record.dir.0.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if record.outcome.is_some() && seen.insert(folder.clone()) {
            trials.push((folder, record.dir));
        }
    }
    if trials.is_empty() {
        return Err(PackError::NothingFinished { grid: plan.grid });
    }
    let mut sorted = Vec::new();
    for (index, (folder, dir)) in trials.iter().enumerate() {
        for (name, path) in listed(dir)? {
            let entry = format!("{TRIALS}/{folder}/{name}");
            if !is_allowed(&entry) {
                return Err(PackError::Refused(format!("{}: a pack cannot hold this name", path.display())));
            }
            let part = Part::of(&entry);
            if options.without.contains(&part) && part != Part::Curves {
                continue;
            }
            let bytes = content(&path, &name, options, &mut anonymiser)?;
            sorted.push(((part, name, index), (entry, bytes)));
        }
    }
    // Records of one kind are neighbours, which compresses best.
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    files.extend(sorted.into_iter().map(|(_, file)| file));
    Ok(Contents { grid: plan.grid.clone(), planned: plan.trials.len(), trials: trials.len(), files })
}

/// Files of a trial that belong in a pack: names below its folder, and paths.
fn listed(dir: &TrialDir) -> Result<Vec<(String, PathBuf)>, PackError> {
    let mut found = Vec::new();
    for (name, path) in entries(&dir.0)? {
        // The checkpoint, or a lost one.
        if name.starts_with("checkpoint") {
            continue;
        }
        if path.is_dir() {
            let inner = entries(&path)?.into_iter().filter(|(_, path)| path.is_file());
            found.extend(inner.map(|(file, path)| (format!("{name}/{file}"), path)));
        } else if path.is_file() {
            found.push((name, path));
        }
    }
    // Logs, lock files and temporary files stay behind.
    found.retain(|(name, _)| {
        let file = name.rsplit('/').next().unwrap_or_default();
        !file.starts_with('.') && file.rsplit_once('.').is_some_and(|(_, extension)| EXTENSIONS.contains(&extension))
    });
    Ok(found)
}

fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>, PackError> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(PackError::file(folder))? {
        let entry = entry.map_err(PackError::file(folder))?;
        entries.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    entries.sort();
    Ok(entries)
}

/// Content of a file of a trial, without paths and host names.
fn content(path: &Path, name: &str, options: &PackOptions, anonymiser: &mut Anonymiser) -> Result<Vec<u8>, PackError> {
    let bytes = read(path)?;
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("json") => record(path, bytes, |value| {
            let host = name == "outcome.json" && anonymiser.host(value);
            anonymiser.paths(value) | host
        }),
        Some("jsonl") => {
            // A line that cannot be read is an error, as it is for the tables.
            read_trace(path)?;
            let points = if options.without.contains(&Part::Curves) { 0 } else { options.points };
            let mut text = Vec::with_capacity(bytes.len());
            for line in thinned(&bytes, points) {
                text.extend(record(path, line.to_vec(), |value| anonymiser.paths(value))?);
                if !text.ends_with(b"\n") {
                    text.push(b'\n');
                }
            }
            Ok(text)
        }
        _ => Ok(bytes),
    }
}

/// A JSON record after `change`; the same bytes if nothing changed.
fn record(path: &Path, bytes: Vec<u8>, change: impl FnOnce(&mut Value) -> bool) -> Result<Vec<u8>, PackError> {
    let mut value: Value = parse(path, &bytes)?;
    if !change(&mut value) {
        return Ok(bytes);
    }
    let is_line = !bytes.contains(&b'\n');
    let text = if is_line { serde_json::to_vec(&value) } else { serde_json::to_vec_pretty(&value) };
    let mut text = text.map_err(io::Error::other)?;
    text.push(b'\n');
    Ok(text)
}

/// Refuses a plan whose trials or labels changed when paths were shortened.
fn keeps_identity(plan: &Plan, packed: &Plan) -> Result<(), PackError> {
    let help = "--paths keeps the paths in the pack; or name the data by a relative path or by `cache:`";
    for (trial, short) in plan.trials.iter().zip(&packed.trials) {
        if trial.id() != short.id() {
            let message =
                format!("the path of the data `{}` is part of the identity of `{}`", trial.data.name, trial.variant);
            return Err(PackError::Refused(format!("{message}\nhelp: {help}")));
        }
    }
    let labels = |plan: &Plan| plan.trials.iter().map(|trial| trial.variant.clone()).collect::<BTreeSet<_>>().len();
    if labels(plan) != labels(packed) {
        return Err(PackError::Refused(format!("labels differ only in the folders of a path\nhelp: {help}")));
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, PackError> {
    fs::read(path).map_err(PackError::file(path))
}

fn if_exists(read: io::Result<Vec<u8>>) -> io::Result<Option<Vec<u8>>> {
    match read {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<T, PackError> {
    serde_json::from_slice(bytes).map_err(|error| error::invalid(path, error))
}
