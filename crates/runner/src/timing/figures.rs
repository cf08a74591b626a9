//! Figures of throughput from timed windows.

use std::collections::BTreeMap;

use analysis::TIMING;
use protocol::timing::Window;
use protocol::{Direction, Kind, Measurement, Unit};

use super::rates::{Rate, images, median, rates, standard_error, steps_per_unit, units};
use super::target::TimedWindows;
use super::window_rows::Row;

/// Throughput of a trial from its windows. Each figure is the median over windows, with sd/sqrt(n) of the windows as its
/// standard error (`None` for one window).
///
/// `train_steps_per_gemm` (on a device other than the CPU: `train_steps_per_sweep`) is steps per second divided by units of
/// the device's speed per second of the same round, which is comparable between runs on a machine with varying speed.
/// `absent` has the reasons for kinds of windows without rows, `failed` the reason for a trial that could not be timed, which
/// then has no figures. `share_s` is the trial's share of the time of the pass.
pub(super) fn figures(
    timed: &TimedWindows,
    device: &str,
    rows: &[Row],
    absent: &BTreeMap<Window, String>,
    failed: Option<&str>,
    remark: Option<&str>,
    share_s: f64,
) -> Vec<Measurement> {
    let simple: [(&str, Unit, Window, Rate); 4] = [
        ("train_images_per_s", Unit::ImagesPerSecond, Window::Train, images),
        ("train_steps_per_s", Unit::StepsPerSecond, Window::Train, units),
        ("evaluate_images_per_s", Unit::ImagesPerSecond, Window::Evaluate, images),
        ("sample_images_per_s", Unit::ImagesPerSecond, Window::Sample, images),
    ];
    let make = |name: &str, unit: Unit, windows: &[Window], rates: Vec<f64>| {
        let why = failed.or_else(|| windows.iter().find_map(|window| absent.get(window)).map(String::as_str));
        match (why, median(rates.iter().copied())) {
            (None, Some(value)) => {
                let figure = Measurement::new(name, Kind::Estimate, unit, Direction::Higher, value);
                let figure = figure.with_n(rates.len()).with_se(standard_error(&rates));
                // The reason of a value that is not finite takes precedence over a remark.
                match (figure.reason.is_none(), remark) {
                    (true, Some(remark)) => figure.remark(remark),
                    _ => figure,
                }
            }
            (why, _) => {
                Measurement::absent(name, Kind::Estimate, unit, Direction::Higher, why.unwrap_or("no window was timed"))
            }
        }
    };
    let mut figures: Vec<_> = simple
        .into_iter()
        .map(|(name, unit, window, rate)| {
            make(name, unit, &[window], rates(rows, window, rate).into_values().collect())
        })
        .collect();
    figures.push(make(
        protocol::timing::steps_per_unit(device),
        Unit::One,
        &[Window::Train, Window::of_device(device)[0]],
        steps_per_unit(rows),
    ));
    figures.push(Measurement::new(TIMING, Kind::Exact, Unit::Seconds, Direction::Neither, share_s));
    let of_the_spec = |figure: Measurement| Measurement {
        measure: timed.spec.name.clone(),
        settings: timed.spec.config.clone(),
        version: timed.spec.version,
        ..figure.volatile()
    };
    figures.into_iter().map(of_the_spec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::fixtures;

    fn timed() -> TimedWindows {
        TimedWindows { spec: fixtures::throughput(3, 0.1), windows: 3, seconds: 0.1, precision: 0.02 }
    }

    fn row(window: Window, round: u64, units: u64, images: u64) -> Row {
        let trial = fixtures::trial("nade", 1).id();
        Row { variant: "nade".into(), trial, round, window, units, images, seconds: 0.5 }
    }

    fn show(figures: &[Measurement]) -> String {
        let line = |figure: &Measurement| {
            assert!(figure.volatile && figure.measure == "throughput" && figure.settings["windows"] == 3);
            let number = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3}"));
            let (value, se, why) = (number(figure.value), number(figure.se), figure.reason.as_deref().unwrap_or("-"));
            format!("{} {value} se {se} n {:?} {}: {why}\n", figure.name, figure.n, figure.unit)
        };
        figures.iter().map(line).collect()
    }

    #[test]
    fn the_figures_have_the_documented_names() {
        let all = figures(&timed(), "flex", &[], &BTreeMap::new(), Some("failed"), None, 1.0);
        let names: Vec<&str> = all.iter().map(|figure| figure.name.as_str()).filter(|name| *name != TIMING).collect();
        assert_eq!(names, super::super::TIMING_FIGURES[..5]);
    }

    #[test]
    fn another_device_has_a_unit_of_its_own() {
        let rows = [row(Window::Sweep, 1, 10, 0), row(Window::Train, 1, 20, 80)];
        let all = figures(&timed(), "wgpu", &rows, &BTreeMap::new(), None, None, 1.0);
        assert_eq!((all[4].name.as_str(), all[4].value), ("train_steps_per_sweep", Some(2.0)));
    }

    #[test]
    fn rates_are_medians_and_ratios_are_paired_by_round() {
        let rows = [
            row(Window::Gemm, 1, 10, 0),
            row(Window::Train, 1, 20, 80),
            row(Window::Gemm, 2, 5, 0),
            row(Window::Train, 2, 10, 40),
            row(Window::Gemm, 3, 5, 0),
            row(Window::Train, 3, 15, 60),
            row(Window::Sample, 1, 1, 64),
        ];
        let absent = BTreeMap::from([(Window::Evaluate, "no density and no bound".to_owned())]);
        insta::assert_snapshot!(show(&figures(&timed(), "flex", &rows, &absent, None, Some("load 9.0 on 2 cores"), 1.25)), @r"
        train_images_per_s 120.000 se 23.094 n Some(3) images_per_s: load 9.0 on 2 cores
        train_steps_per_s 30.000 se 5.774 n Some(3) steps_per_s: load 9.0 on 2 cores
        evaluate_images_per_s - se - n None images_per_s: no density and no bound
        sample_images_per_s 128.000 se - n Some(1) images_per_s: load 9.0 on 2 cores
        train_steps_per_gemm 2.000 se 0.333 n Some(3) 1: load 9.0 on 2 cores
        timing 1.250 se - n None s: -
        ");
    }

    #[test]
    fn a_failed_worker_gives_reasons_and_its_cost() {
        let rows = [row(Window::Train, 1, 20, 80)];
        let mut figures =
            figures(&timed(), "flex", &rows, &BTreeMap::new(), Some("the timing worker ended: signal: 9"), None, 1.0);
        let cost = figures.pop().unwrap();
        assert_eq!((cost.name.as_str(), cost.value, figures.len()), (TIMING, Some(1.0), 5));
        assert!(figures.iter().all(|figure| figure.value.is_none()));
        assert!(figures.iter().all(|figure| figure.reason.as_deref().unwrap().contains("signal: 9")));
    }

    #[test]
    fn a_window_of_zero_seconds_has_no_speed() {
        let rows = [Row { seconds: 0.0, ..row(Window::Train, 1, 20, 80) }];
        let figures = figures(&timed(), "flex", &rows, &BTreeMap::new(), None, None, 1.0);
        assert_eq!(figures[0].value, None);
        assert!(figures[0].reason.as_deref().unwrap().contains("not finite"));
    }
}
