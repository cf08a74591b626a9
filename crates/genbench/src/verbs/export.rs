//! `export`: tables and plots for papers and pages, and measurements as JSON Lines, Parquet or Arrow.

use std::io::Write;
use std::path::Path;

use analysis::export::{Markup, arrow, jsonl, parquet, pdf, svg, typeset};
use protocol::{atomic, exit};

use super::results;
use crate::cli::{ExportArgs, ExportFormat};
use crate::failure::Failure;
use crate::output::{self, say};
use crate::registry::Registry;

/// Exports the results of a grid.
pub(crate) fn export(args: &ExportArgs, registry: &Registry) -> Result<u8, Failure> {
    check_figures(args)?;
    if let Some(out) = &args.out {
        refuse_folder(out)?;
    }
    let results = results::read(&args.result, registry)?;
    let tables = |markup| typeset(&results, markup, &args.figure).map(String::into_bytes);
    let figure = args.figure.first().map(String::as_str);
    let bytes = match args.to {
        ExportFormat::Latex => tables(Markup::Latex)?,
        ExportFormat::Markdown => tables(Markup::Markdown)?,
        ExportFormat::Html => tables(Markup::Html)?,
        ExportFormat::Svg => svg(&results, figure)?.into_bytes(),
        ExportFormat::Pdf => pdf(&results, figure)?,
        ExportFormat::Jsonl => jsonl(&results).into_bytes(),
        ExportFormat::Parquet => parquet(&results)?,
        ExportFormat::Arrow => arrow(&results)?,
    };
    print_or_write(&bytes, args.out.as_deref())?;
    Ok(exit::DONE)
}

/// Refuses figures for a format that has all, and several for a plot.
fn check_figures(args: &ExportArgs) -> Result<(), Failure> {
    match (args.to, args.figure.as_slice()) {
        (ExportFormat::Jsonl | ExportFormat::Parquet | ExportFormat::Arrow, [_, ..]) => {
            Err(Failure::usage("this format has all figures\nhelp: leave out --figure"))
        }
        (ExportFormat::Svg | ExportFormat::Pdf, [first, _, ..]) => {
            Err(Failure::usage(format!("a plot has one figure\nhelp: name one, such as --figure {first}")))
        }
        _ => Ok(()),
    }
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
