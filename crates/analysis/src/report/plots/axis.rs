//! Axis of a plot: from values to percentages of its length.

use serde::Serialize;

use super::ticks::{tick_label, ticks};
use crate::report::group_data::grouped;

/// Ratio of the largest to the smallest value from which an axis is logarithmic.
const LOG_RATIO: f64 = 50.0;

/// A linear or logarithmic axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Axis {
    low: f64,
    high: f64,
    is_log: bool,
}

/// Tick of an axis, at a percentage of its length.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Tick {
    pub(crate) at: f64,
    pub(crate) label: String,
}

impl Axis {
    /// Axis that contains all `values`, with a margin. It is logarithmic if they are positive and differ by a factor of 50.
    /// Values that are not finite are ignored; `None` without others.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let (low, high) = range(values)?;
        Some(Self::between(low, high, low > 0.0 && high / low >= LOG_RATIO))
    }

    /// A linear axis that contains all `values`, without a margin.
    pub(crate) fn exact(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let (low, high) = range(values)?;
        Some(Self { low, high: if high > low { high } else { low + 1.0 }, is_log: false })
    }

    /// Axis that contains all `values`, with a margin, of the other scale than [`Self::of`] would choose. `None` if that scale
    /// is logarithmic and a value is not positive.
    pub(crate) fn other(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let (low, high) = range(values)?;
        let is_log = !(low > 0.0 && high / low >= LOG_RATIO);
        (!is_log || low > 0.0).then(|| Self::between(low, high, is_log))
    }

    fn between(low: f64, high: f64, is_log: bool) -> Self {
        if is_log {
            let pad = (high / low).powf(0.04);
            return Self { low: low / pad, high: high * pad, is_log };
        }
        let pad = if high > low { 0.05 * (high - low) } else { 0.5_f64.max(low.abs() * 0.05) };
        Self { low: low - pad, high: high + pad, is_log }
    }

    /// Values at the two ends.
    pub(crate) fn ends(&self) -> [f64; 2] {
        [self.low, self.high]
    }

    pub(crate) fn is_log(&self) -> bool {
        self.is_log
    }

    /// Position of a value, in percent of the length. Values outside of the axis are outside of 0 to 100.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let part = match self.is_log {
            true => (value / self.low).ln() / (self.high / self.low).ln(),
            false => (value - self.low) / (self.high - self.low),
        };
        let percent = (part * 1e4).round() / 100.0;
        if percent.is_finite() { percent.clamp(-1e4, 1e4) } else { -1e4 }
    }

    /// Returns whether the axis contains a value.
    pub(crate) fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// About `count` ticks at round numbers.
    pub(crate) fn ticks(&self, count: usize) -> Vec<Tick> {
        let powers = if self.is_log { log_ticks(self.low, self.high, count) } else { Vec::new() };
        // An axis of less than a decade may contain a single power of ten.
        let has_powers = powers.len() > 1;
        let values = if has_powers { powers } else { ticks(self.low, self.high, count) };
        let label = |value: f64| if has_powers { short(value) } else { grouped(&tick_label(value, &values)) };
        values.iter().map(|value| Tick { at: self.at(*value), label: label(*value) }).collect()
    }
}

fn range(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let finite = values.into_iter().filter(|value| value.is_finite());
    finite.fold(None, |range, value| {
        Some(range.map_or((value, value), |(low, high): (f64, f64)| (low.min(value), high.max(value))))
    })
}

/// Powers of ten, with 2 and 5 times each if the axis has few; every second or third one if it has many.
fn log_ticks(low: f64, high: f64, count: usize) -> Vec<f64> {
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    let decades = (high / low).log10();
    let factors: &[f64] = if decades < 1.5 { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let step = (decades / count as f64).ceil().max(1.0) as usize;
    let powers = (first..=last).step_by(step).map(|power| 10.0_f64.powi(power));
    let all = powers.flat_map(|power| factors.iter().map(move |factor| factor * power));
    all.filter(|value| *value >= low * 0.999 && *value <= high * 1.001).collect()
}

/// A number with a prefix of thousands: `500`, `20k`, `3M`.
fn short(value: f64) -> String {
    let (divisor, unit) = match value {
        1e15.. => return format!("{value:.0e}"),
        1e9.. => (1e9, "G"),
        1e6.. => (1e6, "M"),
        1e4.. => (1e3, "k"),
        1e-4.. => (1.0, ""),
        _ => return format!("{value:.0e}"),
    };
    let scaled: f64 = format!("{:.1e}", value / divisor).parse().unwrap_or(value / divisor);
    format!("{scaled}{unit}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    #[test]
    fn a_wide_positive_range_is_logarithmic() {
        let axis = Axis::of([1.0, 1e4, f64::NAN]).unwrap();
        assert!(axis.is_log());
        let labels: Vec<String> = axis.ticks(5).into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels, ["1", "10", "100", "1000", "10k"]);
        assert!(!Axis::of([-1.0, 1e4]).unwrap().is_log());
        assert_eq!(Axis::of([f64::INFINITY]), None);
    }

    #[test]
    fn the_other_scale_is_linear_or_needs_positive_values() {
        let narrow = Axis::other([24.0, 31.0]).unwrap();
        let labels: Vec<String> = narrow.ticks(5).into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels, ["24", "26", "28", "30"]);
        let is_log = |values: [f64; 2]| Axis::other(values).map(|axis| axis.is_log());
        assert_eq!(
            [[1.0, 1e4], [1.0, 2.0], [0.0, 2.0], [-1.0, 1e4]].map(is_log),
            [Some(false), Some(true), None, None]
        );
    }

    #[test]
    fn numbers_of_an_axis_are_short() {
        assert_eq!([500.0, 20e3, 3e6, 5e9, 0.002, 2e-7].map(short), ["500", "20k", "3M", "5G", "0.002", "2e-7"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn values_and_ticks_lie_on_the_axis(values in prop::collection::vec(-1e9..1e9_f64, 1..9), positive: bool) {
            let values: Vec<f64> = values.iter().map(|value| if positive { value.abs() + 1e-6 } else { *value }).collect();
            let axis = Axis::of(values.clone()).unwrap();
            prop_assert!(values.iter().all(|value| (0.0..=100.0).contains(&axis.at(*value)) && axis.contains(*value)));
            prop_assert!(axis.ticks(5).iter().all(|tick| (-0.2..=100.2).contains(&tick.at)));
            prop_assert!(axis.ticks(5).len() <= 8);
        }
    }
}
