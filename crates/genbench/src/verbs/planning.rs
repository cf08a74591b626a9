//! Planning of a grid file.

use grid::{Diagnostics, Grid, Overrides, load_and_plan};
use protocol::{Plan, exit};
use runner::RunOptions;
use serde_json::json;

use crate::catalog::RegistryCatalog;
use crate::cli::{Format, GridArgs};
use crate::failure::Failure;
use crate::output::{self, note};
use crate::registry::Registry;

/// Reads a grid and plans it. A failure lists all mistakes with their lines.
pub(super) fn planned(args: &GridArgs, registry: &Registry) -> Result<(Grid, Plan), Failure> {
    let failure = |found: Diagnostics| {
        let text = match args.message_format {
            Format::Json => found.list().iter().map(|one| json!(one).to_string() + "\n").collect(),
            Format::Human => found.render(output::stderr_colour()),
        };
        Failure::new(exit::USAGE, text)
    };
    let overrides = Overrides {
        device: args.device.clone(),
        seeds: args.seeds.clone(),
        set: args.set.clone(),
        only: args.only.clone(),
    };
    let (grid, plan) = load_and_plan(&args.grid, &RegistryCatalog::new(registry), &overrides).map_err(failure)?;
    if !grid.warnings().is_empty() {
        note!("{}", grid.warnings().render(output::stderr_colour()));
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
