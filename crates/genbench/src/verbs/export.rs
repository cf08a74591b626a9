//! `export`: tables for papers and pages, measurements as JSON Lines or Parquet, and runs for MLflow and trackio.

use std::io::Write;
use std::path::Path;

use analysis::Results;
use analysis::export::{Markup, Replaces, jsonl, parquet, tensorboard, typeset};
use protocol::text::{count, shell_word};
use protocol::{atomic, exit};

use super::{mlflow, results};
use crate::cli::{ExportArgs, ExportFormat};
use crate::failure::Failure;
use crate::output::{self, say};
use crate::registry::Registry;

/// Exports the results of a grid.
pub(crate) fn export(args: &ExportArgs, registry: &Registry) -> Result<u8, Failure> {
    refuse_options(args)?;
    if let Some(out) = args.out.as_ref().filter(|_| args.to != ExportFormat::Trackio) {
        refuse_folder(out)?;
    }
    let results = results::read(&args.result, registry)?;
    let table = |markup| Ok::<_, Failure>(typeset(&results, markup, &args.figure)?.into_bytes());
    let bytes = match args.to {
        ExportFormat::Latex => table(Markup::Latex)?,
        ExportFormat::Markdown => table(Markup::Markdown)?,
        ExportFormat::Html => table(Markup::Html)?,
        ExportFormat::Jsonl => jsonl(&results).into_bytes(),
        ExportFormat::Parquet => parquet(&results)?,
        ExportFormat::Trackio => return trackio(&results, args.out.as_deref().unwrap_or(Path::new("."))),
        ExportFormat::Mlflow => {
            mlflow::send(&results, args.tracking_uri.as_deref())?;
            return Ok(exit::DONE);
        }
    };
    print_or_write(&bytes, args.out.as_deref())?;
    Ok(exit::DONE)
}

/// Refuses options that the format does not have.
fn refuse_options(args: &ExportArgs) -> Result<(), Failure> {
    let is_table = matches!(args.to, ExportFormat::Latex | ExportFormat::Markdown | ExportFormat::Html);
    let is_mlflow = args.to == ExportFormat::Mlflow;
    let given = [
        ("--figure", !args.figure.is_empty() && !is_table, "has all figures"),
        ("--out", args.out.is_some() && is_mlflow, "writes no file"),
        ("--tracking-uri", args.tracking_uri.is_some() && !is_mlflow, "needs no server"),
    ];
    match given.into_iter().find(|(_, is_refused, _)| *is_refused) {
        Some((option, _, why)) => Err(Failure::usage(format!("this format {why}\nhelp: leave out {option}"))),
        None => Ok(()),
    }
}

/// Writes the event files that trackio imports, and prints the command that imports them.
fn trackio(results: &Results, folder: &Path) -> Result<u8, Failure> {
    let grid = &results.plan().grid;
    let written = tensorboard(results.records(), folder, Replaces::Grid(grid))?;
    let (path, project) = (serde_json::json!(folder.display().to_string()), serde_json::json!(grid));
    let script = format!("import trackio; trackio.import_tf_events({path}, project={project})");
    say!("{} in {}; to import them:", count(written.len(), "run"), folder.display())?;
    // Not broken at the width of the terminal, so that it can be pasted.
    writeln!(output::stdout(), "python3 -c {}", shell_word(&script))?;
    Ok(exit::DONE)
}

/// Refuses a folder in place of a file to write.
pub(super) fn refuse_folder(out: &Path) -> Result<(), Failure> {
    match out.is_dir() {
        true => Err(Failure::usage(format!("{} is a folder\nhelp: write the name of a file", out.display()))),
        false => Ok(()),
    }
}

/// Writes an export into a file and prints its path, or prints the export.
pub(super) fn print_or_write(bytes: &[u8], out: Option<&Path>) -> Result<(), Failure> {
    match out {
        Some(file) => {
            atomic::write(file, bytes)?;
            say!("{}", file.display())?;
        }
        None => {
            let mut out = output::stdout();
            out.write_all(bytes)?;
            out.flush()?;
        }
    }
    Ok(())
}
