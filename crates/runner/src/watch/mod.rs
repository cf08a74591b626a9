//! Progress of a grid that another process runs, here or on another machine, read from its files.
//!
//! Watching takes no lock and writes nothing, so that it never disturbs a run.

mod state;
mod watched_grid;

use std::io::{self, Write};
use std::thread;
use std::time::Duration;

use protocol::GridDir;

pub use state::WatchState;

use crate::options::Show;
use crate::progress::view::{RunProgress, View};
use watched_grid::WatchedGrid;

/// Options of [`watch`].
#[derive(Clone, Copy, Debug)]
pub struct WatchOptions {
    /// Display of progress.
    pub show: Show,
    /// Interval between two polls of the files.
    pub every: Duration,
}

impl Default for WatchOptions {
    fn default() -> Self {
        Self { show: Show::default(), every: Duration::from_secs(1) }
    }
}

/// Reads the present state of a grid.
///
/// # Errors
/// The folder has no plan, or the plan cannot be read.
pub fn watch_state(grid: &GridDir) -> io::Result<WatchState> {
    let mut watched = WatchedGrid::open(grid)?;
    watched.refresh()?;
    Ok(watched.state())
}

/// Shows the progress of a grid until all its trials have ended, as bars on a terminal and lines on `out` otherwise.
/// Returns the last state.
///
/// # Errors
/// As for [`watch_state`].
pub fn watch(grid: &GridDir, options: &WatchOptions, out: &mut dyn Write) -> io::Result<WatchState> {
    let mut watched = WatchedGrid::open(grid)?;
    watched.refresh()?;
    let mut view = View::new(options.show, out);
    view.message(&watched.state().summary(), true);
    loop {
        let rows = watched.rows();
        let (over, total) = (watched.over(), watched.len());
        view.show(&RunProgress { unit: "trials", over, total, eta_s: watched.eta_s(), rows });
        if over == total {
            break;
        }
        thread::sleep(options.every);
        for change in watched.refresh()? {
            view.message(&change.text, change.good);
        }
    }
    view.close();
    Ok(watched.state())
}
