//! `compare`: differences between the results of runs.

use std::io::Write;
use std::path::{Path, PathBuf};

use analysis::pack::is_pack;
use analysis::runs::{NamedResults, RunsComparison};
use protocol::{GridDir, Plan, atomic, exit};

use super::grid_argument::name_in;
use super::pack::Opened;
use super::results;
use crate::cli::{CompareArgs, CompareFormat, ResultArgs};
use crate::failure::Failure;
use crate::host;
use crate::output::{self, Stream};
use crate::registry::Registry;

/// File of the page.
const PAGE: &str = "compare.html";

/// Compares the first run with each other one. The exit code does not depend on the verdicts.
pub(crate) fn compare(args: &CompareArgs, registry: &Registry) -> Result<u8, Failure> {
    let mut opened = Vec::new();
    let mut runs = Vec::new();
    for name in &args.runs {
        let (folder, plan) = found(name, &args.results, &mut opened, registry)?;
        let results = results::of(folder, plan, registry);
        results::list_unreadable(results.records().iter().filter_map(|record| record.unreadable.as_ref()));
        runs.push(NamedResults { name: name.clone(), results });
    }
    let comparison = RunsComparison::of(&runs);
    let page = args.out.as_ref().map(|folder| write(&comparison, folder)).transpose()?;
    match args.format {
        CompareFormat::Text => {
            let mut out = output::people();
            out.styled(&comparison.text(Stream::Out.width(), Stream::Out.styled()))?;
            if let Some(page) = page {
                writeln!(out, "\npage: {}", page.display())?;
            }
            out.flush()?;
        }
        CompareFormat::Json => {
            print(&comparison.json().map_err(|error| Failure::internal(error.to_string()))?)?;
        }
        CompareFormat::Markdown => print(&comparison.markdown())?,
    }
    Ok(exit::DONE)
}

fn print(text: &str) -> Result<(), Failure> {
    let mut out = output::stdout();
    write!(out, "{text}")?;
    Ok(out.flush()?)
}

fn write(comparison: &RunsComparison, folder: &Path) -> Result<PathBuf, Failure> {
    let path = folder.join(PAGE);
    atomic::write(&path, comparison.page(host::VERSION)?.as_bytes())?;
    Ok(path)
}

/// Folder and plan of a run: a pack, a grid that has run by its file or its name, or a results folder. An unpacked pack lives
/// as long as its entry in `opened`.
fn found(
    name: &str,
    results: &Path,
    opened: &mut Vec<Opened>,
    registry: &Registry,
) -> Result<(GridDir, Plan), Failure> {
    let path = Path::new(name);
    let of =
        |name: String, results: &Path| results::plan(&ResultArgs { name, results: results.to_owned(), pack: None });
    if is_pack(path) {
        let pack = Opened::open(path)?;
        let read = of(pack.name.clone(), pack.folder.path());
        opened.push(pack);
        return read;
    }
    let grid = name_in(path, registry)?.unwrap_or_else(|| name.to_owned());
    let folder = GridDir(path.to_owned());
    let is_folder = !GridDir::new(results, &grid).plan_json().exists() && folder.plan_json().exists();
    if is_folder {
        let plan = results::read_plan(&folder)?;
        return Ok((folder, plan));
    }
    of(grid, results)
}
