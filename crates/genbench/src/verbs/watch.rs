//! `watch`: state of a running grid.

use std::io::Write;

use protocol::GridDir;
use runner::{WatchOptions, watch_state};

use crate::cli::WatchArgs;
use crate::failure::Failure;
use crate::output::{self, Stderr};

/// Shows the state of a grid, once or until all trials are finished.
pub(crate) fn watch(args: &WatchArgs) -> Result<u8, Failure> {
    let folder = GridDir(args.results.join(&args.grid));
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
