//! Heights of the variants on one axis of parallel coordinates.

use protocol::Direction;

use super::ParallelAxis;
use crate::report::grid_settings::GridSetting;
use crate::report::group_data::{GroupData, figure_of};
use crate::report::plots::axis::{Axis, Tick};
use crate::summary::VariantSummary;
use crate::tables::{Column, heads};

/// Share of the distance between two values of a setting over which the lines through a value are spread.
const SPREAD: f64 = 0.85;
/// Longest name of a value, in characters.
const NAME: usize = 14;

/// An axis before it has a place: head, ticks, and the height and text of each variant.
pub(super) struct Scale {
    pub(super) axis: ParallelAxis,
    pub(super) heights: Vec<Option<f64>>,
    pub(super) texts: Vec<String>,
}

impl Scale {
    /// Values at equal distances, the largest number or the first word at the top.
    pub(super) fn of_setting(setting: &GridSetting) -> Self {
        let mut distinct = setting.distinct();
        if distinct.iter().all(|text| text.parse::<f64>().is_ok()) {
            distinct.reverse();
        }
        let slot = 100.0 / distinct.len() as f64;
        let center = |place: usize| (place as f64 + 0.5) * slot;
        let mut heights = vec![None; setting.values.len()];
        for (place, value) in distinct.iter().enumerate() {
            let members: Vec<usize> = (0..heights.len()).filter(|at| setting.values[*at] == *value).collect();
            for (rank, at) in members.iter().enumerate() {
                let part = (rank as f64 + 1.0) / (members.len() as f64 + 1.0) - 0.5;
                heights[*at] = Some(rounded(center(place) + part * slot * SPREAD));
            }
        }
        let tick = |(place, value): (usize, &&str)| Tick { at: rounded(center(place)), label: shortened(value) };
        let ticks = distinct.iter().enumerate().map(tick).collect();
        let head = [setting.name.clone(), String::new(), String::new()];
        let text = |value: &String| format!("{} {value}", setting.name);
        Self {
            axis: ParallelAxis { at: 0.0, head, is_setting: true, is_log: false, ticks },
            heights,
            texts: setting.values.iter().map(text).collect(),
        }
    }

    /// Means of a figure, the better end at the top.
    pub(super) fn of_figure(data: &GroupData<'_>, column: &Column, variants: &[&VariantSummary]) -> Option<Self> {
        let figure = &column.figure;
        let means: Vec<Option<f64>> =
            variants.iter().map(|variant| Some(figure_of(variant, figure)?.spread?.mean)).collect();
        let axis = Axis::of(means.iter().flatten().copied())?;
        let from_top = |percent: f64| match figure.direction {
            Direction::Lower => percent,
            Direction::Higher | Direction::Neither => rounded(100.0 - percent),
        };
        let text = |variant: &&VariantSummary| match data.cell_text(&variant.variant, figure) {
            Some(text) => format!("{} {text}", column.label),
            None => format!("no {}", column.label),
        };
        Some(Self {
            axis: ParallelAxis {
                at: 0.0,
                head: heads(&column.label, figure, data.board.support.is_none()),
                is_setting: false,
                is_log: axis.is_log(),
                ticks: axis.ticks(5).into_iter().map(|tick| Tick { at: from_top(tick.at), ..tick }).collect(),
            },
            heights: means.iter().map(|mean| mean.map(|mean| from_top(axis.at(mean)))).collect(),
            texts: variants.iter().map(text).collect(),
        })
    }
}

/// A name of at most [`NAME`] characters.
fn shortened(name: &str) -> String {
    if name.chars().count() <= NAME {
        return name.to_owned();
    }
    name.chars().take(NAME - 1).chain(['…']).collect()
}

fn rounded(percent: f64) -> f64 {
    (percent * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_through_a_value_are_spread_around_it() {
        let values = ["8", "16", "8", "32"].map(str::to_owned).to_vec();
        let scale = Scale::of_setting(&GridSetting { name: "hidden".into(), values });
        let ticks: Vec<(f64, &str)> = scale.axis.ticks.iter().map(|tick| (tick.at, tick.label.as_str())).collect();
        assert_eq!(ticks, [(16.67, "32"), (50.0, "16"), (83.33, "8")]);
        let heights: Vec<f64> = scale.heights.into_iter().flatten().collect();
        assert_eq!((heights[1], heights[3]), (50.0, 16.67));
        assert!(heights[0] < 83.33 && heights[2] > 83.33 && heights[2] - heights[0] < 33.4, "{heights:?}");
        assert_eq!(scale.texts[0], "hidden 8");
    }

    #[test]
    fn long_names_are_shortened() {
        assert_eq!(shortened("diagonal_bilstm_2"), "diagonal_bils…");
        assert_eq!(shortened("diagonal_bilst"), "diagonal_bilst");
    }
}
