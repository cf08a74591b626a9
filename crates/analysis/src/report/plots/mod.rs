//! Plots of the page: SVG that is computed here and written by the templates.
//!
//! The server draws because a plot must be complete with scripts off, in print and in an e-mail. A library such as uPlot or
//! Vega-Lite draws nothing without scripts and adds 50 to 500 kB to the page, more than all plots of a grid. Positions are
//! percentages of the plot, so that a plot fills any width while its text keeps its size. The style sheet gives the
//! colours, so that one plot serves light mode, dark mode and print.

pub(super) mod axis;
pub(super) mod calibration;
pub(super) mod curves;
pub(super) mod heat_maps;
pub(super) mod intervals;
mod keys;
pub(super) mod parallel;
pub(super) mod slices;
mod ticks;
pub(super) mod timeline;
pub(super) mod tradeoffs;
pub(super) mod trend;

/// Distance from the top, for a distance from the bottom, in percent.
fn down(percent: f64) -> f64 {
    ((100.0 - percent) * 100.0).round() / 100.0
}
