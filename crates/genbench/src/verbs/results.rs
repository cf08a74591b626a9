//! `table`, `report` and `regress`: what has run, shown and judged.

use std::io::Write;

use lab::regress::{Reference, figures, judge};
use lab::{Plan, Record, ReportContext};
use protocol::{GridDir, atomic, exit};
use serde_json::json;

use crate::cli::{Format, RegressArgs, ResultArgs};
use crate::failure::Failure;
use crate::host;
use crate::output::{self, say};

/// The width of a terminal table where nobody says another.
const WIDTH: usize = 100;

/// Reads what has run.
pub(super) fn read(args: &ResultArgs) -> Result<(GridDir, Plan, Vec<Record>), Failure> {
    let (folder, plan) = plan(args)?;
    let records = lab::records(&folder, &plan)?;
    Ok((folder, plan, records))
}

/// Reads the plan of a grid that was run.
pub(super) fn plan(args: &ResultArgs) -> Result<(GridDir, Plan), Failure> {
    let folder = GridDir::new(&args.results, &args.name);
    if !folder.plan_json().exists() {
        return Err(Failure::usage(format!(
            "nothing has run in {}\nhelp: genbench run experiments/{}.yaml",
            folder.0.display(),
            args.name
        )));
    }
    let plan = atomic::read_json(&folder.plan_json())?;
    Ok((folder, plan))
}

/// Writes tables and report, and prints the summary.
pub(crate) fn write(folder: &GridDir, plan: &Plan, format: Format) -> Result<(), Failure> {
    let records = lab::records(folder, plan)?;
    lab::tables(folder, plan, &records)?;
    let report = lab::report(folder, plan, &records, &context())?;
    let mut out = output::stdout();
    match format {
        Format::Human => {
            let colour = out.colour();
            writeln!(out, "{}", lab::summary_text(&lab::Summary::of(plan, &records), WIDTH, colour))?;
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

/// Rebuilds the tables.
pub(crate) fn table(args: &ResultArgs) -> Result<u8, Failure> {
    let (folder, plan, records) = read(args)?;
    for path in lab::tables(&folder, &plan, &records)? {
        say!("{}", path.display())?;
    }
    Ok(exit::DONE)
}

/// Rebuilds tables and report.
pub(crate) fn report(args: &ResultArgs) -> Result<u8, Failure> {
    let (folder, plan, _) = read(args)?;
    write(&folder, &plan, Format::Human)?;
    Ok(exit::DONE)
}

/// Judges a run, or makes it the reference.
pub(crate) fn regress(args: &RegressArgs) -> Result<u8, Failure> {
    let (_, plan, records) = read(&args.result)?;
    let path = args
        .reference
        .clone()
        .unwrap_or_else(|| args.result.results.join("reference").join(format!("{}.json", args.result.name)));
    let run = figures(&plan, &records);
    if args.save {
        atomic::write_json(&path, &run)?;
        say!("{}", path.display())?;
        return Ok(exit::DONE);
    }
    let reference: Reference = atomic::read_json(&path)?;
    let gate = judge(&reference, &run);
    let mut out = output::stdout();
    write!(out, "{gate}")?;
    out.flush()?;
    Ok(gate.exit_code())
}
