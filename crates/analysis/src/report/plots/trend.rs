//! Trend of one figure over runs: values with intervals, the mean between steps, and a line at each step.

use serde::Serialize;

use super::axis::{Axis, Tick};
use super::down;

/// Longest interval beyond the means, in ranges of the means. Longer ones leave the plot, so that steps remain visible.
const BEYOND: f64 = 1.5;

/// Value of one run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TrendValue {
    /// Number of the run, from 1.
    pub(crate) run: usize,
    pub(crate) mean: f64,
    /// Half the width of the interval.
    pub(crate) half: Option<f64>,
    /// The value in words.
    pub(crate) text: String,
}

/// Plot of a figure. Positions are percentages from the left and from the top.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TrendPlot {
    pub(crate) x_ticks: Vec<Tick>,
    pub(crate) y_ticks: Vec<Tick>,
    pub(crate) is_log: bool,
    pub(crate) points: Vec<TrendPoint>,
    /// Left end, right end and height of the mean of each piece.
    pub(crate) pieces: Vec<[f64; 3]>,
    /// Lines between the pieces, with their keys.
    pub(crate) steps: Vec<Tick>,
    /// `true` if an interval leaves the plot.
    pub(crate) is_cut: bool,
}

/// Point of one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct TrendPoint {
    pub(crate) x: f64,
    pub(crate) y: f64,
    /// Ends of the interval.
    pub(crate) bar: Option<[f64; 2]>,
    pub(crate) text: String,
}

/// The plot of `values` in a history of `runs` runs. `bounds` are the indices of values at which pieces begin, and their number.
/// `None` without a finite value.
pub(crate) fn trend_plot(values: &[TrendValue], bounds: &[usize], runs: usize) -> Option<TrendPlot> {
    let (y, is_cut) = height(values)?;
    let x = Axis::exact([0.5, runs as f64 + 0.5])?;
    let top = |value: f64| down(y.at(value));
    let finite = values.iter().filter(|value| value.mean.is_finite());
    let points = finite.map(|value| TrendPoint {
        x: x.at(value.run as f64),
        y: top(value.mean),
        bar: value.half.map(|half| [top(value.mean - half), top(value.mean + half)]),
        text: value.text.clone(),
    });
    let piece = |ends: &[usize]| {
        let part = values.get(ends[0]..ends[1]).filter(|part| !part.is_empty())?;
        let mean = part.iter().map(|value| value.mean).sum::<f64>() / part.len() as f64;
        Some([x.at(part[0].run as f64 - 0.5), x.at(part[part.len() - 1].run as f64 + 0.5), top(mean)])
    };
    let inner = bounds.get(1..bounds.len().saturating_sub(1)).unwrap_or_default();
    let steps = inner.iter().enumerate().filter_map(|(number, at)| {
        let run = values.get(*at)?.run as f64;
        Some(Tick { at: x.at(run - 0.5), label: step_key(number) })
    });
    Some(TrendPlot {
        x_ticks: run_ticks(&x, runs),
        y_ticks: y.ticks(5).into_iter().map(|tick| Tick { at: down(tick.at), ..tick }).collect(),
        is_log: y.is_log(),
        points: points.collect(),
        pieces: bounds.windows(2).filter_map(piece).collect(),
        steps: steps.collect(),
        is_cut,
    })
}

/// Key of a step in the plot and in its legend: `a` to `z`, then `a2` and so on.
pub(crate) fn step_key(number: usize) -> String {
    let letter = char::from(b'a' + (number % 26) as u8);
    if number < 26 { letter.to_string() } else { format!("{letter}{}", number / 26 + 1) }
}

/// Axis of the means, with their intervals as far as steps remain visible, and whether an interval is cut.
fn height(values: &[TrendValue]) -> Option<(Axis, bool)> {
    let means = || values.iter().map(|value| value.mean).filter(|mean| mean.is_finite());
    let (low, high) = (means().fold(f64::INFINITY, f64::min), means().fold(f64::NEG_INFINITY, f64::max));
    let halves = || values.iter().filter_map(|value| value.half.filter(|half| half.is_finite()));
    let longest = halves().fold(0.0, f64::max);
    // Means that differ by rounding alone are shown at the scale of their intervals.
    let reach = if high - low > 0.05 * longest { BEYOND * (high - low) } else { longest };
    let (least, most) = (low - reach, high + reach);
    let ends = || {
        let both = |value: &TrendValue| value.half.map(|half| [value.mean - half, value.mean + half]);
        values.iter().filter_map(both).flatten().filter(|end| end.is_finite())
    };
    let is_cut = ends().any(|end| end < least || end > most);
    Some((Axis::of(means().chain(ends().map(|end| end.clamp(least, most))))?, is_cut))
}

/// Ticks at numbers of runs.
fn run_ticks(x: &Axis, runs: usize) -> Vec<Tick> {
    if runs <= 4 {
        return (1..=runs).map(|run| Tick { at: x.at(run as f64), label: run.to_string() }).collect();
    }
    x.ticks(4).into_iter().filter(|tick| !tick.label.contains('.')).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values(all: &[(f64, f64)]) -> Vec<TrendValue> {
        let value = |(at, (mean, half)): (usize, &(f64, f64))| TrendValue {
            run: at + 1,
            mean: *mean,
            half: Some(*half),
            text: String::new(),
        };
        all.iter().enumerate().map(value).collect()
    }

    #[test]
    fn pieces_meet_at_the_step() {
        let plot = trend_plot(&values(&[(1.0, 0.1), (1.0, 0.1), (2.0, 0.1), (2.0, 0.1)]), &[0, 2, 4], 4).unwrap();
        let [first, second] = plot.pieces[..] else { panic!("{plot:?}") };
        assert_eq!((first[0], first[1], second[0], second[1]), (0.0, 50.0, 50.0, 100.0));
        assert!(first[2] > second[2], "a larger value is higher");
        assert_eq!(plot.steps, [Tick { at: 50.0, label: "a".into() }]);
        assert!(!plot.is_cut);
    }

    #[test]
    fn a_long_interval_is_cut_and_does_not_hide_a_step() {
        let plot = trend_plot(&values(&[(1.0, 10.0), (2.0, 0.1)]), &[0, 2], 2).unwrap();
        assert!(plot.is_cut && plot.points[0].y - plot.points[1].y > 20.0, "{plot:?}");
        let rounding = trend_plot(&values(&[(1.0, 0.1), (1.0 + 1e-12, 0.1)]), &[0, 2], 2).unwrap();
        assert!(!rounding.is_cut && (rounding.points[0].y - rounding.points[1].y).abs() < 0.1, "{rounding:?}");
        assert!(trend_plot(&[], &[0, 0], 0).is_none());
    }

    #[test]
    fn keys_of_steps_are_distinct() {
        let keys: std::collections::BTreeSet<String> = (0..200).map(step_key).collect();
        assert_eq!((keys.len(), step_key(0), step_key(27)), (200, "a".to_owned(), "b2".to_owned()));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn points_and_ticks_lie_in_the_plot(all in prop::collection::vec((-1e3..1e3_f64, 0.0..1e3_f64), 1..60)) {
            let plot = trend_plot(&values(&all), &[0, all.len()], all.len()).unwrap();
            prop_assert!(plot.points.iter().all(|point| (0.0..=100.0).contains(&point.x) && (0.0..=100.0).contains(&point.y)));
            prop_assert!(!plot.x_ticks.is_empty() && plot.x_ticks.iter().all(|tick| (0.0..=100.0).contains(&tick.at)));
            prop_assert!(plot.x_ticks.len() <= 7);
            let inside = |point: &TrendPoint| point.bar.is_none_or(|bar| bar.iter().all(|end| (0.0..=100.0).contains(end)));
            prop_assert!(plot.is_cut || plot.points.iter().all(inside));
        }
    }
}
