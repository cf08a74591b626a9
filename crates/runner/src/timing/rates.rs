//! Rates of timed windows, and their precision.

use std::collections::BTreeMap;

use protocol::timing::Window;

use super::window_rows::Row;

/// Smallest number of windows that estimates a spread.
const LEAST: usize = 3;

/// Rate of one window.
pub(super) type Rate = fn(&Row) -> f64;

/// Units of work per second.
pub(super) fn units(row: &Row) -> f64 {
    row.units as f64 / row.seconds
}

/// Images per second.
pub(super) fn images(row: &Row) -> f64 {
    row.images as f64 / row.seconds
}

/// Rates of all windows of one kind, by round.
pub(super) fn rates(rows: &[Row], window: Window, rate: Rate) -> BTreeMap<u64, f64> {
    rows.iter().filter(|row| row.window == window).map(|row| (row.round, rate(row))).collect()
}

/// Training steps per second, divided by units of the device's speed per second of the same round.
pub(super) fn steps_per_unit(rows: &[Row]) -> Vec<f64> {
    let mut unit = rates(rows, Window::Gemm, units);
    unit.extend(rates(rows, Window::Sweep, units));
    let steps = rates(rows, Window::Train, units);
    steps.into_iter().filter_map(|(round, rate)| Some(rate / unit.get(&round)?)).collect()
}

/// Returns whether the standard errors of the figures of one kind of window are at most `precision` times the figures.
/// Training is divided by units of the device's speed, so the two kinds stop together.
pub(super) fn are_precise(rows: &[Row], window: Window, precision: f64) -> bool {
    let all = |window| -> Vec<f64> { rates(rows, window, units).into_values().collect() };
    match window {
        Window::Gemm | Window::Sweep | Window::Train => {
            is_precise(&all(Window::Train), precision) && is_precise(&steps_per_unit(rows), precision)
        }
        Window::Evaluate | Window::Sample => is_precise(&all(window), precision),
    }
}

fn is_precise(rates: &[f64], precision: f64) -> bool {
    let enough = precision > 0.0 && rates.len() >= LEAST;
    enough && median(rates.iter().copied()).is_some_and(|median| standard_error(rates) <= precision * median)
}

/// Median of rates or costs; `None` without values.
#[must_use]
pub fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[middle]),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}

/// Standard error; NaN for fewer than two values.
pub(super) fn standard_error(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (variance / n).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::TrialId;

    /// Windows of one kind with these numbers of units.
    fn rows(window: Window, units: &[u64]) -> Vec<Row> {
        let row = |(round, units)| Row {
            variant: "nade".into(),
            trial: TrialId("a".into()),
            round,
            window,
            units,
            images: 10 * units,
            seconds: 0.5,
        };
        (1..).zip(units.iter().copied()).map(row).collect()
    }

    #[test]
    fn a_figure_is_precise_by_its_standard_error() {
        let sample = |units: &[u64], precision| are_precise(&rows(Window::Sample, units), Window::Sample, precision);
        assert!(!sample(&[100, 100], 0.5), "two windows are too few");
        assert!(!sample(&[100, 100, 100], 0.0), "0: all windows");
        // The standard error of 98, 100 and 102 is 2 / sqrt(3), 1.15% of the median.
        assert!(sample(&[98, 100, 102], 0.0116) && !sample(&[98, 100, 102], 0.0115));
    }

    #[test]
    fn training_and_the_unit_of_speed_stop_together() {
        let steady = [rows(Window::Train, &[50, 50, 50]), rows(Window::Gemm, &[700, 700, 700])].concat();
        let unsteady = [rows(Window::Train, &[50, 50, 50]), rows(Window::Gemm, &[700, 500, 900])].concat();
        for window in [Window::Train, Window::Gemm] {
            assert!(are_precise(&steady, window, 0.02));
            assert!(!are_precise(&unsteady, window, 0.02));
        }
        assert!(!are_precise(&rows(Window::Gemm, &[7, 7, 7]), Window::Gemm, 0.02), "nothing to compare with");
    }
}
