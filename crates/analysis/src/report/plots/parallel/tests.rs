//! Parallel coordinates of grids with and without three settings.

use super::{ParallelPlot, parallel_plot};
use crate::compare::Marks;
use crate::report::group_data::{GroupData, figure_of};
use crate::report::large_grid_tests::large_grid;
use crate::report::variant_style::VariantStyles;
use crate::results::Results;
use crate::tables::fixture::Fixture;
use crate::tables::{Board, Class};

/// The plot of the first group, and the mean of the primary figure of each of its lines.
fn plot(results: &Results) -> Option<(ParallelPlot, Vec<f64>)> {
    let (summary, comparisons) = (results.summary(), results.comparisons());
    let (styles, marks) = (VariantStyles::of(summary), Marks::of(comparisons));
    let board = Board::of(summary, comparisons);
    let data = GroupData::of(results, &board.groups[0], &styles, &marks);
    let (_, primary) = data.columns(Class::Quality).next()?;
    let plot = parallel_plot(&data, primary)?;
    let variant = |label: &str| data.variants.iter().find(|variant| variant.variant == label);
    let mean = |label: &str| figure_of(variant(label)?, &primary.figure)?.spread.map(|spread| spread.mean);
    let means = plot.lines.iter().filter_map(|line| mean(&line.style.label)).collect();
    Some((plot, means))
}

#[test]
fn three_settings_have_axes_before_the_figures() {
    let folder = tempfile::tempdir().unwrap();
    let (plot, means) = plot(&large_grid(folder.path())).unwrap();
    let heads: Vec<&str> = plot.axes.iter().map(|axis| axis.head[0].as_str()).collect();
    assert_eq!(heads, ["model", "hidden", "lr", "nll ↓", "bits_per_dim ↓", "fid_proxy ↓", "recall ↑"]);
    assert_eq!((plot.lines.len(), means.len(), plot.notes.len()), (20, 20, 0));
    assert!(plot.axes.windows(2).all(|pair| pair[0].at < pair[1].at));
    let inside = |value: &f64| (0.0..=100.0).contains(value);
    assert!(plot.lines.iter().all(|line| line.points.len() == 7 && line.points.iter().flatten().all(inside)));
    // Best mean first, at the top of the axis of the primary figure.
    assert!(means.is_sorted());
    assert!(plot.lines.iter().map(|line| line.points[3][1]).is_sorted());
}

#[test]
fn lines_and_keys_at_one_setting_are_apart() {
    let folder = tempfile::tempdir().unwrap();
    let (plot, _) = plot(&large_grid(folder.path())).unwrap();
    let least = |mut heights: Vec<f64>| {
        heights.sort_by(f64::total_cmp);
        heights.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min)
    };
    for axis in 0..3 {
        assert!(least(plot.lines.iter().map(|line| line.points[axis][1]).collect()) > 0.5, "axis {axis}");
    }
    for end in 0..2 {
        let heights = plot.lines.iter().map(|line| line.keys[end]).collect();
        assert!(least(heights) * plot.height as f64 / 100.0 > 14.0, "end {end}");
    }
}

#[test]
fn variants_without_common_settings_have_no_plot() {
    assert!(plot(&Fixture::new().results()).is_none());
}
