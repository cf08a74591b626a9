//! `table` and `report`: tables and report of a finished grid.

use std::io::{self, Write};
use std::path::Path;

use analysis::{ReportContext, Results};
use protocol::{GridDir, Plan, Unreadable, exit};
use serde_json::json;

use crate::cli::{Format, ResultArgs, TableArgs, results_option};
use crate::failure::Failure;
use crate::host;
use crate::output::{self, Stream, note};
use crate::registry::Registry;

/// Reads the results of a grid, with warnings about records that cannot be used and about other builds.
pub(super) fn read(args: &ResultArgs, registry: &Registry) -> Result<Results, Failure> {
    let (folder, plan) = plan(args)?;
    let results = of(folder, plan, registry);
    list_unreadable(results.records().iter().filter_map(|record| record.unreadable.as_ref()));
    let builds = results.builds();
    if builds > 1 {
        let how = "`genbench run GRID --rerun-if code` trains those of other builds again";
        note!("warning: the finished trials were made by {builds} builds with different code; {how}");
    }
    Ok(results)
}

/// Reads the results of a plan. Plans of earlier versions do not state their closed-form variants: `registry` does.
pub(super) fn of(folder: GridDir, plan: Plan, registry: &Registry) -> Results {
    let is_stated = !plan.closed_form.is_empty();
    let plan = if is_stated { plan } else { plan.with_closed_form(|trial| registry.closed_form(trial)) };
    Results::read(folder, plan)
}

/// Prints records that cannot be used, with advice. Returns whether there is one.
pub(super) fn list_unreadable<'u>(all: impl IntoIterator<Item = &'u Unreadable>) -> bool {
    let all = all.into_iter();
    all.inspect(|one| note!("warning: {}: {one}\nhelp: {}", one.kind(), one.help())).count() > 0
}

/// Reads the plan of a grid.
pub(super) fn plan(args: &ResultArgs) -> Result<(GridDir, Plan), Failure> {
    let folder = GridDir::new(&args.results, &args.name);
    if !folder.plan_json().exists() {
        let name = args.name.trim_end_matches(".yaml").rsplit('/').next().unwrap_or_default();
        let help = if Path::new(&args.name).is_file() {
            "name a grid that has run, its YAML file, or a pack of its results (`genbench pack`), whose name ends in .genbench".to_owned()
        } else if name == args.name {
            format!("run its grid first: genbench run GRID.yaml{}", results_option(&args.results))
        } else {
            format!("there is no file of that name; to name the grid, write {name}")
        };
        return Err(Failure::usage(format!("no results in {}\nhelp: {help}", folder.0.display())));
    }
    let plan = read_plan(&folder)?;
    Ok((folder, plan))
}

/// Prints the summary of a run whose tables are not written.
pub(crate) fn print(results: &Results, format: Format) -> Result<(), Failure> {
    let mut out = output::people();
    match format {
        _ if output::is_quiet() => {}
        Format::Human => summary(results, &mut out)?,
        Format::Json => {
            let mut out = output::stdout();
            writeln!(out, "{}", json!({"report": null, "summary": null}))?;
            out.flush()?;
        }
    }
    Ok(out.flush()?)
}

/// Prints the answer and the table of a run as wide as the terminal.
fn summary(results: &Results, out: &mut output::People) -> Result<(), Failure> {
    answer(results, out)?;
    let (width, styled) = (Stream::Out.width(), Stream::Out.styled());
    Ok(out.styled(&(analysis::summary_text(results.summary(), results.comparisons(), width, styled) + "\n"))?)
}

/// Prints the first screen of the report as text: best variants, by how much, how sure, at what cost, what is open.
fn answer(results: &Results, out: &mut output::People) -> Result<(), Failure> {
    let text = analysis::answer_text(results, Stream::Out.width(), Stream::Out.styled());
    Ok(out.styled(&text)?)
}

/// Reads `plan.json`, with advice if it is damaged.
pub(super) fn read_plan(folder: &GridDir) -> Result<Plan, Failure> {
    let option = folder.0.parent().map(results_option).unwrap_or_default();
    let help = format!("`genbench run GRID.yaml{option}` writes the plan again; no finished trial is lost");
    Plan::read(folder).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => Failure::usage(format!("{error}\nhelp: {help}")),
        _ => error.into(),
    })
}

/// Writes tables and report, and prints the summary.
pub(crate) fn write(results: &Results, format: Format) -> Result<(), Failure> {
    analysis::tables(results)?;
    let report = analysis::report(results, &context())?;
    let mut out = output::people();
    match format {
        _ if output::is_quiet() => {}
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

pub(super) fn context() -> ReportContext {
    let arguments = std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    let command = std::iter::once("genbench".to_owned()).chain(arguments).collect::<Vec<_>>().join(" ");
    ReportContext { genbench: host::VERSION.to_owned(), command: Some(command), ..ReportContext::default() }
}

/// Reads the results of a grid, whose tables go into the folder of the command line, if there is one.
fn results(args: &TableArgs, registry: &Registry) -> Result<Results, Failure> {
    let results = read(&args.result, registry)?;
    Ok(match &args.out {
        Some(folder) => results.written_to(folder.clone()),
        None => results,
    })
}

/// Writes the tables again, and prints the answer and their paths.
pub(crate) fn table(args: &TableArgs, registry: &Registry) -> Result<u8, Failure> {
    if args.quiet {
        output::be_quiet();
    }
    let results = results(args, registry)?;
    let paths = analysis::tables(&results)?;
    if !args.quiet {
        let mut out = output::people();
        answer(&results, &mut out)?;
        for path in paths {
            writeln!(out, "{}", path.display())?;
        }
        out.flush()?;
    }
    Ok(exit::DONE)
}

/// Writes tables and report again.
pub(crate) fn report(args: &TableArgs, registry: &Registry) -> Result<u8, Failure> {
    if args.quiet {
        output::be_quiet();
    }
    write(&results(args, registry)?, Format::Human)?;
    Ok(exit::DONE)
}
