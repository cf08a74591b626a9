//! Progress bars: one for the grid, and one line below it for each running trial.

use std::collections::BTreeMap;

use indicatif::{HumanDuration, MultiProgress, ProgressBar, ProgressStyle};
use protocol::text::escape::{self, cell};
use protocol::text::fold;

use crate::progress::view::RunProgress;

/// Progress bars on a terminal. A line that is wider than the terminal is cut.
pub(crate) struct Bars {
    all: MultiProgress,
    grid: ProgressBar,
    rows: BTreeMap<usize, ProgressBar>,
    width: usize,
}

impl Bars {
    pub(super) fn new(width: usize) -> Self {
        let all = MultiProgress::new();
        let grid = all.add(ProgressBar::new(0).with_style(style("{bar:30.cyan} {wide_msg}")));
        Self { all, grid, rows: BTreeMap::new(), width }
    }

    pub(super) fn message(&self, text: &str) {
        // A closed terminal does not stop the run.
        let _ = self.all.println(fold(&escape::terminal(text), self.width));
    }

    pub(super) fn show(&mut self, progress: &RunProgress<'_>) {
        self.grid.set_length(progress.total as u64);
        self.grid.set_position(progress.over as u64);
        let elapsed = HumanDuration(self.grid.elapsed());
        let message = format!("{}, {}, {elapsed:#} so far", progress.counts(), progress.eta());
        self.grid.set_message(message);
        let gone = |key: &usize| !progress.rows.iter().any(|row| row.key == *key);
        let ended: Vec<_> = self.rows.keys().copied().filter(gone).collect();
        for bar in ended.iter().filter_map(|key| self.rows.remove(key)) {
            bar.finish_and_clear();
            self.all.remove(&bar);
        }
        for row in &progress.rows {
            let all = &self.all;
            let bar = self.rows.entry(row.key).or_insert_with(|| {
                let bar = ProgressBar::new(0).with_style(style("  {bar:16.green} {wide_msg}"));
                all.add(bar)
            });
            // A bar of length 0 would appear full.
            bar.set_length(row.snapshot.total.max(1));
            bar.set_position(row.snapshot.done);
            bar.set_message(format!("{}: {}", cell(&row.label), cell(&row.text())));
        }
    }

    pub(super) fn close(&mut self) {
        for (_, bar) in std::mem::take(&mut self.rows) {
            bar.finish_and_clear();
        }
        self.grid.finish_and_clear();
    }
}

/// Style of a template; an invalid template gives the library's default.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
