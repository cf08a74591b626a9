//! Curves of one variant: paths, and the marks at their ends.

use serde::Serialize;

use super::lines::{Lines, MeanPoint, mean_and_range};
use super::scales::{Progress, Scales};
use crate::report::plots::keys::apart;
use crate::report::variant_style::VariantStyle;
use crate::tables::{digits_after_point, readable};

/// Width and height of the rectangle in which paths are drawn. Its rows are finer than a pixel, because the script computes
/// other scales from them.
const SIZE: [f64; 2] = [1000.0, 2000.0];
/// Least distance of two keys, in percent of the height.
const KEY: f64 = 6.0;

/// Curves of one variant. Positions are percentages of the plot, one for each of its scales.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CurveSeries {
    pub(crate) style: VariantStyle,
    pub(crate) mean: String,
    /// Range over seeds; empty for one seed.
    pub(crate) band: String,
    /// Factor from a position in steps to one in images.
    pub(crate) images: f64,
    /// Positions of the points of the mean in time, as differences.
    pub(crate) times: String,
    /// End of the mean.
    pub(crate) end: Option<CurveMark>,
    /// Heights of the key at the end of the line. Keys do not overlap.
    pub(crate) keys: Vec<f64>,
    /// Last finite points of seeds that diverged.
    pub(crate) diverged: Vec<CurveMark>,
    /// Last value of the mean.
    pub(crate) last: String,
}

/// Point on each scale: distances from the left and from the top.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CurveMark {
    pub(crate) x: Vec<f64>,
    pub(crate) y: Vec<f64>,
}

impl CurveSeries {
    /// Curves of a variant with its lines. `batch` is the number of images of a step.
    pub(super) fn of(style: &VariantStyle, lines: &Lines, batch: f64, scales: &Scales) -> Self {
        let over_seeds = mean_and_range(lines);
        let progress = |step: f64, seconds: f64| Progress { step, images: batch * step, seconds };
        let place = |step: f64, value: f64| {
            let percent = [scales.across(progress(step, 0.0))[0], scales.below(value)[0]];
            [0, 1].map(|at| (percent[at] * SIZE[at] / 100.0).round() as i64)
        };
        let mark = |step: f64, seconds: f64, value: f64| CurveMark {
            x: scales.across(progress(step, seconds)),
            y: scales.below(value).into_iter().map(|y| y.clamp(0.0, 100.0)).collect(),
        };
        let upper = over_seeds.iter().map(|point| place(point.step, point.high));
        let lower = over_seeds.iter().rev().map(|point| place(point.step, point.low));
        let has_band = lines.len() > 1 && over_seeds.len() > 1;
        let end = over_seeds.last().map(|point| mark(point.step, point.seconds, point.mean));
        let ends = lines.iter().flat_map(|line| line.windows(2));
        let ends = ends.filter(|pair| pair[0].value.is_finite() && !pair[1].value.is_finite());
        let text = |point: &MeanPoint| readable(point.mean, digits_after_point(point.mean, 4));
        Self {
            style: style.clone(),
            mean: path(over_seeds.iter().map(|point| place(point.step, point.mean))),
            band: if has_band { path(upper.chain(lower)) + "z" } else { String::new() },
            images: scales.images_per_step(batch),
            times: scales.times(&over_seeds),
            keys: vec![0.0; scales.y.len()],
            diverged: ends.map(|pair| mark(pair[0].step, pair[0].seconds, pair[0].value)).collect(),
            last: over_seeds.last().map_or("not finite".to_owned(), text),
            end,
        }
    }
}

/// Sets the heights of the keys of a panel, on each scale.
pub(super) fn place_keys(series: &mut [CurveSeries]) {
    let scales = series.iter().map(|one| one.keys.len()).max().unwrap_or_default();
    for scale in 0..scales {
        let (members, ends): (Vec<usize>, Vec<f64>) =
            series.iter().enumerate().filter_map(|(at, one)| Some((at, one.end.as_ref()?.y[scale]))).unzip();
        for (at, height) in members.into_iter().zip(apart(&ends, KEY)) {
            series[at].keys[scale] = height;
        }
    }
}

/// A path with relative steps, which are short in text.
fn path(points: impl Iterator<Item = [i64; 2]>) -> String {
    let mut text = String::new();
    let mut last: Option<[i64; 2]> = None;
    for [x, y] in points {
        match last {
            None => text += &format!("M{x} {y}l"),
            Some([from_x, from_y]) => {
                let (dx, dy) = (x - from_x, y - from_y);
                let gap = if text.ends_with('l') || dx < 0 { "" } else { " " };
                text += &format!("{gap}{dx}{}{dy}", if dy < 0 { "" } else { " " });
            }
        }
        last = Some([x, y]);
    }
    text.trim_end_matches('l').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_relative_steps() {
        assert_eq!(path([[0, 900], [10, 850], [20, 850], [15, 860]].into_iter()), "M0 900l10-50 10 0-5 10");
        assert_eq!(path([[3, 4]].into_iter()), "M3 4");
    }
}
