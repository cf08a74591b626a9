//! `watch`: state of a running grid.

use std::io::Write;

use protocol::GridDir;
use runner::{WatchOptions, watch_state};

use super::planning::planned;
use crate::cli::{Format, GridArgs, WatchArgs};
use crate::failure::Failure;
use crate::output::{self, Stderr};
use crate::registry::Registry;

/// Shows the state of a grid, once or until all trials are finished.
pub(crate) fn watch(args: &WatchArgs, registry: &Registry) -> Result<u8, Failure> {
    let folder = GridDir::new(&args.results, &name(args, registry)?);
    if !folder.plan_json().exists() {
        return Err(Failure::usage(format!("no results in {}", folder.0.display())));
    }
    let options = WatchOptions { show: output::progress(), ..WatchOptions::default() };
    let state =
        if args.once { watch_state(&folder)? } else { runner::watch(&folder, &options, &mut Stderr::default())? };
    let mut out = output::people();
    write!(out, "{state}")?;
    out.flush()?;
    Ok(state.exit_code())
}

/// Returns the name of a grid from its YAML file; anything else is a name already.
fn name(args: &WatchArgs, registry: &Registry) -> Result<String, Failure> {
    if !args.grid.is_file() {
        return Ok(args.grid.to_string_lossy().into_owned());
    }
    let (device, seeds) = (None, None);
    let grid =
        GridArgs { grid: args.grid.clone(), device, seeds, set: vec![], only: vec![], message_format: Format::Human };
    Ok(planned(&grid, registry)?.1.grid)
}
