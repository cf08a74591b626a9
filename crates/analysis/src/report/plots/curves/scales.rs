//! Scales of a learning curve: steps, images or time against a linear or logarithmic value.
//!
//! The page shows the first scale of either direction. Its script switches to the others, for which it needs their ends.

use serde::Serialize;

use super::down;
use super::lines::MeanPoint;
use crate::report::plots::axis::{Axis, Tick};

/// Scale of one direction.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CurveScale {
    /// Name in the choice: `step`, `images` or `time`; `linear` or `log`.
    pub(crate) name: &'static str,
    /// Label of the axis.
    pub(crate) label: String,
    pub(crate) ticks: Vec<Tick>,
    /// Values at the two ends.
    pub(crate) ends: String,
    #[serde(skip)]
    axis: Axis,
}

impl CurveScale {
    fn new(name: &'static str, label: &str, axis: Axis, ticks: Vec<Tick>) -> Self {
        let [low, high] = axis.ends();
        Self { name, label: label.to_owned(), ticks, ends: format!("{low:.6e} {high:.6e}"), axis }
    }
}

/// Point of a curve in all units of the horizontal axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Progress {
    pub(super) step: f64,
    pub(super) images: f64,
    pub(super) seconds: f64,
}

/// Scales of a plot.
pub(super) struct Scales {
    /// Steps, then images and time.
    pub(super) x: Vec<CurveScale>,
    /// The scale that suits the values, then the other one if there is one.
    pub(super) y: Vec<CurveScale>,
}

impl Scales {
    /// Scales that contain all points. `visible` is the shown range of the values, and `all_positive` whether all values are.
    pub(super) fn of(points: &[Progress], visible: [f64; 2], all_positive: bool) -> Option<Self> {
        let x = |of: fn(&Progress) -> f64| Axis::exact(points.iter().map(of).chain([0.0]));
        let step = x(|point| point.step)?;
        let mut scales = vec![CurveScale::new("step", "step", step, step.ticks(4))];
        let images = x(|point| point.images)?;
        scales.push(CurveScale::new("images", "images (steps × batch size)", images, images.ticks(4)));
        if points.iter().any(|point| point.seconds > 0.0) {
            let (divisor, unit) = match points.iter().map(|point| point.seconds).fold(0.0, f64::max) {
                ..300.0 => (1.0, "s"),
                ..18_000.0 => (60.0, "min"),
                _ => (3600.0, "h"),
            };
            let seconds = x(|point| point.seconds)?;
            let shown = Axis::exact(seconds.ends().map(|end| end / divisor))?;
            scales.push(CurveScale::new("time", &format!("training time ({unit})"), seconds, shown.ticks(4)));
        }
        let value = |axis: Axis| {
            let ticks = axis.ticks(5).into_iter().map(|tick| Tick { at: down(tick.at), ..tick }).collect();
            let (name, label) = if axis.is_log() { ("log", "log scale") } else { ("linear", "") };
            CurveScale::new(name, label, axis, ticks)
        };
        let mut values = vec![value(Axis::of(visible)?)];
        let other = Axis::other(visible).filter(|axis| !axis.is_log() || all_positive);
        values.extend(other.map(value));
        Some(Self { x: scales, y: values })
    }

    /// Distance from the left in percent, on each horizontal scale.
    pub(super) fn across(&self, point: Progress) -> Vec<f64> {
        let value = |scale: &CurveScale| match scale.name {
            "images" => point.images,
            "time" => point.seconds,
            _ => point.step,
        };
        self.x.iter().map(|scale| scale.axis.at(value(scale))).collect()
    }

    /// Distance from the top in percent, on each vertical scale.
    pub(super) fn below(&self, value: f64) -> Vec<f64> {
        self.y.iter().map(|scale| down(scale.axis.at(value))).collect()
    }

    /// Factor from a position in steps to one in images.
    pub(super) fn images_per_step(&self, batch: f64) -> f64 {
        let end = |scale: &CurveScale| scale.axis.ends()[1];
        let ratio = batch * end(&self.x[0]) / end(&self.x[1]);
        (ratio * 1e5).round() / 1e5
    }

    /// Positions in time of the points of a mean, in thousandths of the axis, as differences; empty without times.
    pub(super) fn times(&self, points: &[MeanPoint]) -> String {
        let Some(scale) = self.x.iter().find(|scale| scale.name == "time") else { return String::new() };
        let mut last = 0;
        let step = |point: &MeanPoint| {
            let at = (scale.axis.at(point.seconds) * 10.0).round() as i64;
            let text = (at - last).to_string();
            last = at;
            text
        };
        points.iter().map(step).collect::<Vec<_>>().join(" ")
    }
}
