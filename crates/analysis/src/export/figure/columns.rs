//! Columns of interval plots: names, plot, values.

use protocol::text::escape::cell;

use super::text_width::{room, wrapped};
use crate::report::{IntervalPlot, IntervalRow};

/// Width of a page whose texts need no more: 16 cm.
pub(super) const PAGE_WIDTH: f64 = 453.6;
pub(super) const MARGIN: f64 = 8.0;
/// Room between the columns.
pub(super) const GAP: f64 = 12.0;
/// Size of names and values.
pub(super) const TEXT: f64 = 8.0;
/// Size of ticks, controls and notes.
pub(super) const SMALL: f64 = 7.0;
/// Size of numbers of seeds.
pub(super) const TINY: f64 = 6.0;
/// Width of the markers before the names.
const MARKER: f64 = 13.0;
/// Width of the star after the values.
const STAR: f64 = 11.0;
/// Width from which names are wrapped, if they have a blank.
const NAME: f64 = 140.0;
/// Smallest width of the plot between names and values.
const STRIP: f64 = 150.0;

/// Columns that all plots share.
pub(super) struct Columns {
    /// Left end of the names.
    pub(super) name: f64,
    /// Left end and width of the plots.
    pub(super) strip: [f64; 2],
    /// Right end of the values.
    pub(super) value: f64,
    /// Width of the page.
    pub(super) page: f64,
}

impl Columns {
    pub(super) fn of<'a>(plots: impl Iterator<Item = &'a IntervalPlot> + Clone, longest_word: f64) -> Self {
        let rows = || plots.clone().flat_map(|plot| &plot.rows);
        let lines = rows().flat_map(name_lines);
        let name_width = lines.map(|line| room(&line, TEXT, false)).fold(0.0, f64::max);
        let values = rows().map(|row| room(&cell(&row.text), TEXT, false).max(room(&seeds(row), TINY, false)));
        let value_width = values.fold(0.0, f64::max);
        let name = MARGIN + MARKER;
        let left = name + name_width + GAP;
        let right = GAP + value_width + STAR + MARGIN;
        let page = PAGE_WIDTH.max(longest_word + 2.0 * MARGIN).max(left + STRIP + right);
        let width = page - left - right;
        let controls = plots.clone().flat_map(|plot| &plot.lines);
        let ends = controls.map(|line| left + width * part(line.at) + 3.0 + room(&cell(&line.label), SMALL, false));
        let page = ends.map(|end| end + MARGIN).fold(page, f64::max);
        Self { name, strip: [left, width], value: left + width + GAP + value_width, page }
    }

    /// Position of a percentage of the plot.
    pub(super) fn at(&self, percent: f64) -> f64 {
        self.strip[0] + self.strip[1] * part(percent)
    }
}

fn part(percent: f64) -> f64 {
    percent.clamp(0.0, 100.0) / 100.0
}

/// Lines of the name of a row.
pub(super) fn name_lines(row: &IntervalRow) -> Vec<String> {
    wrapped(&cell(&row.style.label), NAME, TEXT, false)
}

/// Number of seeds with a value, if some have none.
pub(super) fn seeds(row: &IntervalRow) -> String {
    if row.seeds.is_empty() { String::new() } else { format!("{} seeds", row.seeds) }
}
