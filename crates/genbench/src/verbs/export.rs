//! `export`: tables for papers and pages, and measurements as JSON Lines, Parquet or Arrow.

use std::io::Write;
use std::path::Path;

use analysis::export::{Markup, arrow, jsonl, parquet, typeset};
use protocol::{atomic, exit};

use super::results;
use crate::cli::{ExportArgs, ExportFormat};
use crate::failure::Failure;
use crate::output::{self, say};
use crate::registry::Registry;

/// Exports the results of a grid.
pub(crate) fn export(args: &ExportArgs, registry: &Registry) -> Result<u8, Failure> {
    let markup = match args.to {
        ExportFormat::Latex => Some(Markup::Latex),
        ExportFormat::Markdown => Some(Markup::Markdown),
        ExportFormat::Html => Some(Markup::Html),
        ExportFormat::Jsonl | ExportFormat::Parquet | ExportFormat::Arrow => None,
    };
    if markup.is_none() && !args.figure.is_empty() {
        return Err(Failure::usage("this format has all figures\nhelp: leave out --figure"));
    }
    if let Some(out) = &args.out {
        refuse_folder(out)?;
    }
    let results = results::read(&args.result, registry)?;
    let bytes = match (markup, args.to) {
        (Some(markup), _) => typeset(&results, markup, &args.figure)?.into_bytes(),
        (None, ExportFormat::Parquet) => parquet(&results)?,
        (None, ExportFormat::Arrow) => arrow(&results)?,
        (None, _) => jsonl(&results).into_bytes(),
    };
    print_or_write(&bytes, args.out.as_deref())?;
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
