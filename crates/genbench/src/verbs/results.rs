//! `table`, `report` and `regress`: tables, report and gate of a finished grid.

use std::io::Write;
use std::path::Path;

use analysis::gate::{Reference, check, figures};
use analysis::pack::{UnpackOptions, is_pack, unpack};
use analysis::{ReportContext, Results};
use protocol::{GridDir, Plan, atomic, exit};
use serde_json::json;

use crate::cli::{Format, RegressArgs, ResultArgs, TableArgs};
use crate::failure::Failure;
use crate::host;
use crate::output::{self, say};

/// Width of a table on the terminal, in characters.
const WIDTH: usize = 100;

/// Reads the results of a grid.
pub(super) fn read(args: &ResultArgs) -> Result<Results, Failure> {
    let (folder, plan) = plan(args)?;
    Ok(Results::read(folder, plan)?)
}

/// Reads the plan of a grid.
pub(super) fn plan(args: &ResultArgs) -> Result<(GridDir, Plan), Failure> {
    let folder = GridDir::new(&args.results, &args.name);
    if !folder.plan_json().exists() {
        let name = args.name.trim_end_matches(".yaml").rsplit('/').next().unwrap_or_default();
        let help = if name == args.name {
            "run its grid first: genbench run GRID.yaml".to_owned()
        } else {
            format!("write the name of the grid, not its file: {name}")
        };
        return Err(Failure::usage(format!("no results in {}\nhelp: {help}", folder.0.display())));
    }
    let plan = atomic::read_json(&folder.plan_json())?;
    Ok((folder, plan))
}

/// Writes tables and report, and prints the summary.
pub(crate) fn write(results: &Results, format: Format) -> Result<(), Failure> {
    analysis::tables(results)?;
    let report = analysis::report(results, &context())?;
    let mut out = output::stdout();
    match format {
        Format::Human => {
            let colour = out.colour();
            writeln!(out, "{}", analysis::summary_text(results.summary(), WIDTH, colour))?;
            writeln!(out, "{}", report.costs)?;
            writeln!(out, "report: {}", report.html.display())?;
        }
        Format::Json => writeln!(out, "{}", json!({"report": report.html, "summary": report.markdown}))?,
    }
    Ok(out.flush()?)
}

fn context() -> ReportContext {
    ReportContext {
        genbench: host::VERSION.to_owned(),
        lock_sha256: None,
        command: Some(std::env::args().collect::<Vec<_>>().join(" ")),
    }
}

/// Reads the results of a grid, whose tables go into the folder of the command line, if there is one.
fn results(args: &TableArgs) -> Result<Results, Failure> {
    let results = read(&args.result)?;
    Ok(match &args.out {
        Some(folder) => results.written_to(folder.clone()),
        None => results,
    })
}

/// Writes the tables again and prints their paths.
pub(crate) fn table(args: &TableArgs) -> Result<u8, Failure> {
    for path in analysis::tables(&results(args)?)? {
        say!("{}", path.display())?;
    }
    Ok(exit::DONE)
}

/// Writes tables and report again.
pub(crate) fn report(args: &TableArgs) -> Result<u8, Failure> {
    write(&results(args)?, Format::Human)?;
    Ok(exit::DONE)
}

/// Reads a reference: its JSON file, or the figures of a pack.
fn reference(path: &Path) -> Result<Option<Reference>, Failure> {
    if is_pack(path) && path.exists() {
        let folder = tempfile::tempdir()?;
        let grid = unpack(path, folder.path(), &UnpackOptions::default())?.grid;
        let results = Results::read(grid.clone(), atomic::read_json(&grid.plan_json())?)?;
        return Ok(Some(figures(results.plan(), results.records())));
    }
    Ok(atomic::read_json_if_exists(path)?)
}

/// Compares a run with the reference, or writes it as the reference.
pub(crate) fn regress(args: &RegressArgs) -> Result<u8, Failure> {
    let results = read(&args.result)?;
    let path = args
        .reference
        .clone()
        .unwrap_or_else(|| args.result.results.join("reference").join(format!("{}.json", args.result.name)));
    let run = figures(results.plan(), results.records());
    if args.save && is_pack(&path) {
        let help = format!("write the pack with: genbench pack {} --out {}", args.result.name, path.display());
        return Err(Failure::usage(format!("--save writes a JSON file, not a pack\nhelp: {help}")));
    }
    if args.save {
        atomic::write_json(&path, &run)?;
        say!("{}", path.display())?;
        return Ok(exit::DONE);
    }
    let Some(reference) = reference(&path)? else {
        let help = format!("`genbench regress {} --save` makes the current run the reference", args.result.name);
        return Err(Failure::usage(format!("there is no reference {}\nhelp: {help}", path.display())));
    };
    let gate = check(&reference, &run);
    let mut out = output::stdout();
    write!(out, "{gate}")?;
    out.flush()?;
    Ok(gate.exit_code())
}
