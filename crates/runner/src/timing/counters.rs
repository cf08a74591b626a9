//! Figures of counts: what a training step, an evaluation and sampling ask of the machine.

use std::time::Duration;

use protocol::timing::{Counter, Counts, Reply, Window};
use protocol::{Direction, Kind, MeasureSpec, Measurement};

use super::timing_worker::TimingWorker;

/// Number of counted units of each window. The figure is their median, because single units allocate once more or less.
const UNITS: u64 = 9;

/// Counts of each window of a worker: a reply, or the reason why there is none.
pub(crate) type WindowCounts = Vec<(Window, Result<Counts, String>)>;

/// Asks a worker that has timed nothing yet for its counts, and waits for each window at most for `limit`, or until a stop. The
/// error is the reason why the worker ended.
pub(crate) fn count(
    worker: &mut TimingWorker,
    limit: Duration,
    stop: &mut dyn FnMut() -> bool,
) -> Result<WindowCounts, String> {
    let mut all = Vec::new();
    for window in Window::OF_MODEL {
        let counts = match worker.count_until(window, UNITS, limit, stop)? {
            Reply::Counted { counts, .. } => Ok(counts),
            Reply::Absent { reason } => Err(reason),
            reply @ (Reply::Timed { .. } | Reply::Ready { .. }) => {
                return Err(format!("the timing worker sent {reply:?}"));
            }
        };
        all.push((window, counts));
    }
    Ok(all)
}

/// A count per unit of work.
pub(crate) struct Counted {
    pub(crate) counter: Counter,
    /// Name of the figure, such as `train_allocations`.
    pub(crate) name: String,
    /// The count; the error is the reason why there is none.
    pub(crate) value: Result<f64, String>,
}

/// Counts per unit of work of a trial on `device`. With the error, it is the reason of each of them.
pub(crate) fn per_unit(device: &str, counted: &Result<WindowCounts, String>) -> Vec<Counted> {
    let of_window = |window: Window| {
        let all = counted.as_ref().map_err(String::clone)?;
        let found = all.iter().find(|(one, _)| *one == window);
        found.map_or_else(|| Err("it was not counted".to_owned()), |(_, counts)| counts.clone())
    };
    let count = |window: Window, counter: Counter| {
        let value =
            of_window(window).and_then(|counts| counter.value(&counts).ok_or_else(|| not_counted(device).to_owned()));
        Counted { counter, name: counter.figure(window), value }
    };
    let of = |window: Window| Counter::of_device(device).iter().map(move |counter| count(window, *counter));
    Window::OF_MODEL.into_iter().flat_map(of).collect()
}

/// Figures of a trial on `device`, per unit of work. With the error, each of them has it as its reason.
pub(super) fn figures(spec: &MeasureSpec, device: &str, counted: &Result<WindowCounts, String>) -> Vec<Measurement> {
    let figure = |Counted { counter, name, value }: Counted| {
        let (kind, direction) = match counter.margin() {
            Some(_) => (Kind::Exact, Direction::Lower),
            None => (Kind::Estimate, Direction::Neither),
        };
        let figure = match value {
            Ok(value) => Measurement::new(&name, kind, counter.unit(), direction, value),
            Err(reason) => Measurement::absent(&name, kind, counter.unit(), direction, reason),
        };
        Measurement {
            measure: spec.name.clone(),
            settings: spec.config.clone(),
            version: spec.version,
            ..figure.volatile()
        }
    };
    per_unit(device, counted).into_iter().map(figure).collect()
}

/// Reason of a process that does not count.
fn not_counted(device: &str) -> &'static str {
    if device == "flex" {
        "the allocator of this program does not count: use `genbench::allocator()`"
    } else {
        "this program does not count kernels"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::fixtures;
    use serde_json::json;

    fn show(device: &str, counted: &Result<WindowCounts, String>) -> String {
        let line = |figure: &Measurement| {
            let is_exact = Counter::of_exact_figure(&figure.name).is_some();
            assert!(figure.volatile && (figure.kind == Kind::Exact) == is_exact);
            assert_eq!(figure.direction == Direction::Lower, is_exact);
            let value = figure.value.map_or("-".to_owned(), |value| value.to_string());
            format!("{} {value} {}: {}\n", figure.name, figure.unit, figure.reason.as_deref().unwrap_or("-"))
        };
        figures(&fixtures::measure("counters", json!({})), device, counted).iter().map(line).collect()
    }

    #[test]
    fn counts_are_figures_in_their_units() {
        let counts = Counts { allocations: Some(7), allocated_bytes: Some(3 << 20), ..Counts::default() };
        let counted = Ok(vec![
            (Window::Train, Ok(counts)),
            (Window::Evaluate, Err("no density".to_owned())),
            (Window::Sample, Ok(Counts::default())),
        ]);
        insta::assert_snapshot!(show("flex", &counted), @r"
        train_allocations 7 count: -
        train_allocated_mib 3 MiB: -
        evaluate_allocations - count: no density
        evaluate_allocated_mib - MiB: no density
        sample_allocations - count: the allocator of this program does not count: use `genbench::allocator()`
        sample_allocated_mib - MiB: the allocator of this program does not count: use `genbench::allocator()`
        ");
    }

    #[test]
    fn a_gpu_has_launches() {
        let counts = Counts { launches: Some(240), ..Counts::default() };
        insta::assert_snapshot!(show("wgpu:0", &Ok(vec![(Window::Train, Ok(counts))])), @r"
        train_launches 240 count: -
        train_kernels - count: this program does not count kernels
        train_new_kernels - count: this program does not count kernels
        train_reserved_mib - MiB: this program does not count kernels
        evaluate_launches - count: it was not counted
        evaluate_kernels - count: it was not counted
        evaluate_new_kernels - count: it was not counted
        evaluate_reserved_mib - MiB: it was not counted
        sample_launches - count: it was not counted
        sample_kernels - count: it was not counted
        sample_new_kernels - count: it was not counted
        sample_reserved_mib - MiB: it was not counted
        ");
        assert!(
            show("wgpu", &Err("the timing worker ended".to_owned())).contains("train_launches - count: the timing")
        );
    }
}
