//! `trace`: traces and results in the formats of other tools.

use analysis::export::Replaces;
use analysis::{Record, export};
use protocol::exit;
use protocol::text::count;

use super::export::{print_or_write, refuse_folder};
use super::results;
use crate::cli::{Tool, TraceArgs};
use crate::failure::Failure;
use crate::output::say;
use crate::registry::Registry;

/// Exports all trials, or the trials of the command line.
pub(crate) fn trace(args: &TraceArgs, registry: &Registry) -> Result<u8, Failure> {
    let results = results::read(&args.result, registry)?;
    let mut records = results.records().to_vec();
    for wanted in &args.trial {
        if !records.iter().any(|record| has_prefix(record, wanted)) {
            let help = format!("`genbench status {}` lists the ids", args.result.name);
            return Err(Failure::usage(format!("no id starts with `{wanted}`\nhelp: {help}")));
        }
    }
    records.retain(|record| args.trial.is_empty() || args.trial.iter().any(|wanted| has_prefix(record, wanted)));
    if let (Tool::Chrome | Tool::Junit, Some(out)) = (args.to, &args.out) {
        refuse_folder(out)?;
    }
    let document = match (args.to, &args.out) {
        (Tool::Chrome, _) => export::chrome(&records)?,
        (Tool::Junit, _) => export::junit(results.plan(), &records),
        (Tool::Tensorboard, Some(folder)) => {
            let grid = &results.plan().grid;
            let replaces = if args.trial.is_empty() { Replaces::Grid(grid) } else { Replaces::Trials(grid) };
            let written = export::tensorboard(&records, folder, replaces)?;
            say!("{} in {}", count(written.len(), "run"), folder.display())?;
            return Ok(exit::DONE);
        }
        (Tool::Tensorboard, None) => return Err(Failure::usage("event files need a folder\nhelp: --out FOLDER")),
    };
    print_or_write(document.as_bytes(), args.out.as_deref())?;
    Ok(exit::DONE)
}

fn has_prefix(record: &Record, wanted: &str) -> bool {
    record.id.to_string().starts_with(wanted)
}
