//! `table`, `report` and `regress`: tables, report and gate of a finished grid.

use std::io::Write;

use analysis::gate::{Reference, check, figures};
use analysis::{ReportContext, Results};
use protocol::{GridDir, Plan, atomic, exit};
use serde_json::json;

use crate::cli::{Format, RegressArgs, ResultArgs};
use crate::failure::Failure;
use crate::host;
use crate::output::{self, Stream, note, say};

/// Reads the results of a grid.
pub(super) fn read(args: &ResultArgs) -> Result<Results, Failure> {
    let (folder, plan) = plan(args)?;
    let results = Results::read(folder, plan)?;
    let builds = results.builds();
    if builds > 1 {
        let how = "`genbench run GRID --rerun-if code` trains those of other builds again";
        note!("warning: the finished trials were made by {builds} builds with different code; {how}");
    }
    Ok(results)
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

/// Prints the summary of a run whose tables are not written.
pub(crate) fn print(results: &Results, format: Format) -> Result<(), Failure> {
    let mut out = output::people();
    match format {
        Format::Human => summary(results, &mut out)?,
        Format::Json => {
            let mut out = output::stdout();
            writeln!(out, "{}", json!({"report": null, "summary": null}))?;
            out.flush()?;
        }
    }
    Ok(out.flush()?)
}

/// Prints the table of a run as wide as the terminal.
fn summary(results: &Results, out: &mut output::People) -> Result<(), Failure> {
    let (width, styled) = (Stream::Out.width(), Stream::Out.styled());
    Ok(out.styled(&(analysis::summary_text(results.summary(), width, styled) + "\n"))?)
}

/// Writes tables and report, and prints the summary.
pub(crate) fn write(results: &Results, format: Format) -> Result<(), Failure> {
    analysis::tables(results)?;
    let report = analysis::report(results, &context())?;
    let mut out = output::people();
    match format {
        Format::Human => {
            summary(results, &mut out)?;
            writeln!(out, "{}", report.costs)?;
            writeln!(out, "report: {}", report.html.display())?;
        }
        Format::Json => {
            let mut out = output::stdout();
            writeln!(out, "{}", json!({"report": report.html, "summary": report.markdown}))?;
            out.flush()?;
        }
    }
    Ok(out.flush()?)
}

fn context() -> ReportContext {
    let arguments = std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    let command = std::iter::once("genbench".to_owned()).chain(arguments).collect::<Vec<_>>().join(" ");
    ReportContext { genbench: host::VERSION.to_owned(), lock_sha256: None, command: Some(command) }
}

/// Writes the tables again and prints their paths.
pub(crate) fn table(args: &ResultArgs) -> Result<u8, Failure> {
    for path in analysis::tables(&read(args)?)? {
        say!("{}", path.display())?;
    }
    Ok(exit::DONE)
}

/// Writes tables and report again.
pub(crate) fn report(args: &ResultArgs) -> Result<u8, Failure> {
    write(&read(args)?, Format::Human)?;
    Ok(exit::DONE)
}

/// Compares a run with the reference, or writes it as the reference.
pub(crate) fn regress(args: &RegressArgs) -> Result<u8, Failure> {
    let results = read(&args.result)?;
    let path = args
        .reference
        .clone()
        .unwrap_or_else(|| args.result.results.join("reference").join(format!("{}.json", args.result.name)));
    let run = figures(results.plan(), results.records());
    if args.save {
        atomic::write_json(&path, &run)?;
        say!("{}", path.display())?;
        return Ok(exit::DONE);
    }
    let Some(reference) = atomic::read_json_if_exists::<Reference>(&path)? else {
        let help = format!("`genbench regress {} --save` makes the current run the reference", args.result.name);
        return Err(Failure::usage(format!("there is no reference {}\nhelp: {help}", path.display())));
    };
    let gate = check(&reference, &run);
    let mut out = output::people();
    write!(out, "{gate}")?;
    out.flush()?;
    Ok(gate.exit_code())
}
