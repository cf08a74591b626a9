//! A grid that somebody else runs, here or on another machine, seen from its files alone.
//!
//! It takes no lock and writes nothing: it cannot disturb what it looks at.

mod state;
mod watched_grid;

use std::io::{self, Write};
use std::thread;
use std::time::Duration;

use protocol::GridDir;

pub use state::WatchState;

use crate::options::Show;
use crate::progress::view::{Scene, View};
use watched_grid::WatchedGrid;

/// How to look on.
#[derive(Clone, Copy, Debug)]
pub struct WatchOptions {
    /// How it is shown.
    pub show: Show,
    /// How often the files are looked at.
    pub every: Duration,
}

impl Default for WatchOptions {
    fn default() -> Self {
        Self { show: Show::Auto, every: Duration::from_secs(1) }
    }
}

/// The state of a grid at this moment.
///
/// # Errors
/// There is no plan in the folder, or it cannot be read.
pub fn glance(grid: &GridDir) -> io::Result<WatchState> {
    let mut watched = WatchedGrid::open(grid)?;
    watched.refresh()?;
    Ok(watched.state())
}

/// Shows a grid until all its trials are over, with bars on a terminal and lines to `out` elsewhere; the last state.
///
/// # Errors
/// As for [`glance`].
pub fn watch(grid: &GridDir, options: &WatchOptions, out: &mut dyn Write) -> io::Result<WatchState> {
    let mut watched = WatchedGrid::open(grid)?;
    watched.refresh()?;
    let mut view = View::new(options.show, out);
    view.say(&watched.state().summary(), true);
    loop {
        let rows = watched.rows();
        let (over, total) = (watched.over(), watched.len());
        view.show(&Scene { unit: "trials", over, total, eta_s: watched.eta_s(), rows });
        if over == total {
            break;
        }
        thread::sleep(options.every);
        for news in watched.refresh()? {
            view.say(&news.text, news.good);
        }
    }
    view.close();
    Ok(watched.state())
}
