//! `history`: the figures of a grid over commits.

use std::io::{self, Write};

use analysis::gate::{Baseline, SeedState};
use analysis::history::{HistoryEntry, HistoryFile, history_csv, history_json, history_text};
use protocol::exit;

use super::results;
use crate::cli::{HistoryFormat, HistoryShowArgs, HistoryVerb, ResultArgs};
use crate::failure::Failure;
use crate::output::{self, note, say};
use crate::registry::Registry;

pub(crate) fn history(verb: &HistoryVerb, registry: &Registry) -> Result<u8, Failure> {
    match verb {
        HistoryVerb::Add(args) => add(args, registry),
        HistoryVerb::Show(args) => show(args),
    }
}

/// Appends the figures of a run.
fn add(args: &ResultArgs, registry: &Registry) -> Result<u8, Failure> {
    let run = Baseline::of(&results::read(args, registry)?);
    if run.count(SeedState::Done) == 0 {
        return Err(Failure::usage(format!("no trial of {} is done\nhelp: run its grid first", run.grid)));
    }
    let file = HistoryFile::of(&args.results, &args.name);
    if !file.add(&HistoryEntry::of(&run)).map_err(refused)? {
        note!("the last entry is of the same run");
        return Ok(exit::NOTHING);
    }
    say!("{}", file.path.display())?;
    Ok(exit::DONE)
}

fn show(args: &HistoryShowArgs) -> Result<u8, Failure> {
    let name = &args.result.name;
    let entries = HistoryFile::of(&args.result.results, name).read().map_err(refused)?;
    if entries.is_empty() {
        note!("{name} has no history\nhelp: genbench history add {name}");
        return Ok(exit::NOTHING);
    }
    match args.format {
        HistoryFormat::Text => {
            let mut out = output::people();
            write!(out, "{}", history_text(&entries))?;
            out.flush()?;
        }
        HistoryFormat::Json => say!("{}", history_json(&entries))?,
        HistoryFormat::Csv => {
            let mut out = output::stdout();
            write!(out, "{}", history_csv(&entries)?)?;
            out.flush()?;
        }
    }
    Ok(exit::DONE)
}

/// A damaged line is a mistake in the file, not an error of the disk.
fn refused(error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::InvalidData => Failure::usage(format!("{error}\nhelp: restore the file, or remove the line")),
        _ => error.into(),
    }
}
