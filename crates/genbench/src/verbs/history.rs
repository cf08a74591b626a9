//! `history`: the figures of a grid over commits.

use std::io::{self, Write};

use analysis::gate::{Baseline, SeedState};
use analysis::history::{HistoryEntry, HistoryFile, history_csv, history_json, history_page, history_text};
use protocol::{atomic, exit};

use super::results;
use crate::cli::{HistoryAddArgs, HistoryFormat, HistoryShowArgs, HistoryVerb};
use crate::failure::Failure;
use crate::host;
use crate::output::{self, note, say};
use crate::registry::Registry;

pub(crate) fn history(verb: &HistoryVerb, registry: &Registry) -> Result<u8, Failure> {
    match verb {
        HistoryVerb::Add(args) => add(args, registry),
        HistoryVerb::Show(args) => show(args),
    }
}

/// Appends the figures of a run.
fn add(args: &HistoryAddArgs, registry: &Registry) -> Result<u8, Failure> {
    let run = Baseline::of(&results::read(&args.result, registry)?);
    if run.count(SeedState::Done) == 0 {
        return Err(Failure::usage(format!("no trial of {} is done\nhelp: run its grid first", run.grid)));
    }
    let file = HistoryFile::of(args.histories.as_ref().unwrap_or(&args.result.results), &args.result.name);
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
        note!("{name} has no history\nhelp: genbench history add {}", args.result.words());
        return Ok(exit::NOTHING);
    }
    let wanted = match args.format {
        HistoryFormat::Text => history_text(&entries),
        HistoryFormat::Json => format!("{}\n", history_json(&entries)),
        HistoryFormat::Csv => history_csv(&entries)?,
        HistoryFormat::Html => history_page(&entries, host::VERSION)?,
    };
    if let Some(path) = &args.out {
        atomic::write(path, wanted.as_bytes())?;
    }
    if args.out.is_none() && args.format != HistoryFormat::Text {
        let mut out = output::stdout();
        write!(out, "{wanted}")?;
        out.flush()?;
    } else {
        let mut out = output::people();
        write!(out, "{}", history_text(&entries))?;
        out.flush()?;
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
