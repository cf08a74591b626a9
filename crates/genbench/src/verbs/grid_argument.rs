//! The grid of a command: every verb takes its file or its name.

use std::path::{Path, PathBuf};

use protocol::{GridDir, GridRecord, atomic};

use super::planning::planned;
use crate::cli::{EmitArgs, Format, GridArgs, PlanArgs, ReportArgs, ResultArgs, RunArgs, TableArgs, Verb};
use crate::failure::Failure;
use crate::registry::Registry;

/// Replaces the grid in the arguments of a verb: a file by its name for verbs that read results, and the name of a grid
/// that has run by its file for verbs that plan.
pub(super) fn resolved(mut verb: Verb, registry: &Registry) -> Result<Verb, Failure> {
    match &mut verb {
        Verb::Table(TableArgs { result, .. })
        | Verb::Report(ReportArgs { table: TableArgs { result, .. }, .. })
        | Verb::Collect(result)
        | Verb::Claims(result) => to_name(result, registry)?,
        Verb::Regress(args) => to_name(&mut args.result, registry)?,
        Verb::Baseline(verb) => to_name(verb.result(), registry)?,
        Verb::History(verb) => to_name(verb.result(), registry)?,
        Verb::Pack(args) => to_name(&mut args.result, registry)?,
        Verb::Export(args) => to_name(&mut args.result, registry)?,
        Verb::Trace(args) => to_name(&mut args.result, registry)?,
        Verb::Status(args) => to_name(&mut args.result, registry)?,
        Verb::Cancel(args) => to_name(&mut args.result, registry)?,
        Verb::Watch(args) => {
            if let Some(name) = name_in(&args.grid, registry)? {
                args.grid = name.into();
            }
        }
        Verb::Run(RunArgs { grid, results, .. })
        | Verb::Measure(RunArgs { grid, results, .. })
        | Verb::Plan(PlanArgs { grid, results, .. })
        | Verb::Emit(EmitArgs { grid, results, .. }) => to_file(grid, results),
        _ => {}
    }
    Ok(verb)
}

fn to_name(result: &mut ResultArgs, registry: &Registry) -> Result<(), Failure> {
    if let Some(name) = name_in(Path::new(&result.name), registry)? {
        result.name = name;
    }
    Ok(())
}

/// The name in a grid's YAML file; `None` for a path that is no such file.
pub(super) fn name_in(path: &Path, registry: &Registry) -> Result<Option<String>, Failure> {
    let is_yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    if !is_yaml || !path.is_file() {
        return Ok(None);
    }
    // Looking for a graphics adapter would take time and change nothing.
    let (device, seeds) = (Some("flex".into()), None);
    let grid =
        GridArgs { grid: path.to_owned(), device, seeds, set: vec![], only: vec![], message_format: Format::Human };
    Ok(Some(planned(&grid, registry)?.1.grid))
}

/// Replaces the name of a grid that has run by the file in its record, if there is no file of that name.
fn to_file(grid: &mut GridArgs, results: &Path) {
    if grid.grid.exists() {
        return;
    }
    let folder = GridDir(results.join(&grid.grid));
    let record: Option<GridRecord> = atomic::read_json_if_exists(&folder.record()).ok().flatten();
    let file = record.and_then(|record| record.file).map(|file| folder.0.join(file));
    // Without `..`, messages name the file as people write it.
    if let Some(file) = file.and_then(|file| file.canonicalize().ok()) {
        grid.grid = shortened(file);
    }
}

/// A path relative to the current folder if it lies below it.
fn shortened(path: PathBuf) -> PathBuf {
    let below = std::env::current_dir().ok().and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    below.unwrap_or(path)
}
