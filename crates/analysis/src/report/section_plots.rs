//! Interval plots of one figure in every section, for files outside of the page.

use super::answer::Answer;
use super::group_data::GroupData;
use super::plots::intervals::{IntervalPlot, interval_plot};
use super::variant_style::VariantStyles;
use crate::compare::Marks;
use crate::results::Results;
use crate::tables::{Board, Group};

/// Plots of one section on one data set.
#[derive(Clone, Debug)]
pub(crate) struct SectionPlots {
    /// Section, data set and support.
    pub(crate) title: String,
    /// Several if figures of one name differ in settings, kind or support.
    pub(crate) plots: Vec<IntervalPlot>,
}

/// Plots of the figures named `figure`; without a name, those of the primary figure of each section. Then the titles of
/// sections without a value of any figure.
pub(crate) fn section_plots(
    results: &Results,
    board: &Board,
    figure: Option<&str>,
) -> (Vec<SectionPlots>, Vec<String>) {
    let (styles, marks) = (VariantStyles::of(results.summary()), Marks::of(results.comparisons()));
    let interim = results.plan().compare.interim.as_ref();
    let by = interim.map(|interim| interim.by.as_slice()).unwrap_or_default();
    let plots = board.groups.iter().map(|group| {
        let data = GroupData::of(results, group, &styles, &marks);
        let columns: Vec<_> = match figure {
            Some(name) => group.columns.iter().filter(|column| column.figure.name == name).collect(),
            None => Answer::primary(&data, by).into_iter().collect(),
        };
        SectionPlots {
            title: title(group),
            plots: columns.into_iter().filter_map(|column| interval_plot(&data, column)).collect(),
        }
    });
    let plots = plots.filter(|section| !section.plots.is_empty()).collect();
    (plots, board.groups.iter().filter(|group| group.columns.is_empty()).map(title).collect())
}

/// Section, data set and support.
fn title(group: &Group) -> String {
    let section = group.section.as_deref().map(|section| format!("{section}, ")).unwrap_or_default();
    format!("{section}{}", group.title())
}
