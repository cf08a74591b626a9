//! Planning of a grid file.

use grid::{Diagnostics, Grid, Overrides, load_and_plan};
use protocol::Plan;
use runner::RunOptions;
use serde_json::json;

use crate::catalog::RegistryCatalog;
use crate::cli::{Format, GridArgs};
use crate::failure::Failure;
use crate::output::{self, Stream};
use crate::registry::Registry;

/// Reads a grid and plans it. A failure lists all mistakes with their lines.
pub(super) fn planned(args: &GridArgs, registry: &Registry) -> Result<(Grid, Plan), Failure> {
    let rendered = |found: &Diagnostics| match args.message_format {
        Format::Json => found.list().iter().map(|one| json!(one).to_string()).collect::<Vec<_>>().join("\n"),
        Format::Human => found.render(Stream::Err.styled(), Stream::Err.width()),
    };
    let overrides = Overrides {
        device: args.device.clone(),
        seeds: args.seeds.clone(),
        set: args.set.clone(),
        only: args.only.clone(),
    };
    let (grid, plan) = load_and_plan(&args.grid, &RegistryCatalog::new(registry), &overrides)
        .map_err(|found| Failure::diagnostics(rendered(&found)))?;
    if !grid.warnings().is_empty() {
        output::styled_message(&rendered(grid.warnings()));
    }
    Ok((grid, plan))
}

/// Options of the runner that decide whose plan is kept: the grid file, and the plan of the whole grid if options select
/// or change its trials.
pub(super) fn plan_options(args: &GridArgs, replace: bool, registry: &Registry) -> RunOptions {
    let overrides = args.overrides();
    // A grid that cannot be planned without its options has no whole.
    let whole = || load_and_plan(&args.grid, &RegistryCatalog::new(registry), &Overrides::default()).ok();
    let whole = if overrides.is_empty() { None } else { whole().map(|(_, plan)| plan) };
    RunOptions { grid_file: Some(args.grid.clone()), replace, whole, overrides, ..RunOptions::default() }
}
