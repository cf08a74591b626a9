//! `export`: tables and plots for papers and pages, measurements as JSON Lines, Parquet or Arrow, and runs for MLflow and trackio.

use std::fs;
use std::io::Write;
use std::path::Path;

use analysis::Results;
use analysis::export::{Markup, Replaces, arrow, jsonl, parquet, pdf, svg, tensorboard, typeset};
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
    let names = args.figure.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    let figures: Vec<String> = names.collect();
    let tables = |markup| typeset(&results, markup, &figures).map(String::into_bytes);
    let figure = figures.first().map(String::as_str);
    let bytes = match args.to {
        ExportFormat::Latex => tables(Markup::Latex)?,
        ExportFormat::Markdown => tables(Markup::Markdown)?,
        ExportFormat::Html => tables(Markup::Html)?,
        ExportFormat::Svg => svg(&results, figure)?.into_bytes(),
        ExportFormat::Pdf => pdf(&results, figure)?,
        ExportFormat::Jsonl => jsonl(&results).into_bytes(),
        ExportFormat::Parquet => parquet(&results)?,
        ExportFormat::Arrow => arrow(&results)?,
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
    let is_plot = matches!(args.to, ExportFormat::Svg | ExportFormat::Pdf);
    let is_table = matches!(args.to, ExportFormat::Latex | ExportFormat::Markdown | ExportFormat::Html);
    let is_mlflow = args.to == ExportFormat::Mlflow;
    let given = [
        ("--figure", !args.figure.is_empty() && !is_table && !is_plot, "has all figures"),
        ("--out", args.out.is_some() && is_mlflow, "writes no file"),
        ("--tracking-uri", args.tracking_uri.is_some() && !is_mlflow, "needs no server"),
    ];
    if let ([first, _, ..], true) = (args.figure.as_slice(), is_plot) {
        return Err(Failure::usage(format!("a plot has one figure\nhelp: name one, such as --figure {first}")));
    }
    match given.into_iter().find(|(_, is_refused, _)| *is_refused) {
        Some((option, _, why)) => Err(Failure::usage(format!("this format {why}\nhelp: leave out {option}"))),
        None => Ok(()),
    }
}

/// Writes the event files that trackio imports, and prints the command that imports them.
fn trackio(results: &Results, folder: &Path) -> Result<u8, Failure> {
    let grid = &results.plan().grid;
    if folder.exists() && !folder.is_dir() {
        let why = format!("{} is a file\nhelp: write the name of a folder", folder.display());
        return Err(Failure::usage(why));
    }
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

/// Writes an export into a file and prints its path, or prints the export. `-` is stdout. The path of a pipe or a device is
/// not printed, because it may be stdout.
pub(super) fn print_or_write(bytes: &[u8], out: Option<&Path>) -> Result<(), Failure> {
    match out.filter(|out| *out != Path::new("-")) {
        Some(file) => {
            let is_ordinary = fs::metadata(file).map_or(true, |about| about.is_file());
            atomic::write(file, bytes)?;
            if is_ordinary {
                say!("{}", file.display())?;
            }
        }
        None => {
            let mut out = output::stdout();
            out.write_all(bytes)?;
            out.flush()?;
        }
    }
    Ok(())
}
