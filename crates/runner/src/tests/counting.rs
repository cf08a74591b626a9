//! Counts in the timing pass.

use protocol::{MeasureSpec, Measurement, Plan, TakenBy, atomic};
use serde_json::json;

use super::bench::{Bench, plan, text};
use crate::options::RunOptions;
use crate::run::time_to;

fn counters() -> MeasureSpec {
    MeasureSpec::new("counters", 1, json!({})).with_taken_by(TakenBy::CountingPass)
}

fn counted(more: Vec<MeasureSpec>) -> Plan {
    let mut plan = plan(&[("ok", 1), ("ok", 2)]);
    for trial in &mut plan.trials {
        trial.measure = [vec![counters()], more.clone()].concat().into();
    }
    plan
}

fn figures(bench: &Bench) -> Vec<Measurement> {
    atomic::read_json(&bench.dir("ok", 1).throughput()).unwrap()
}

#[test]
fn counts_are_taken_once_without_timing() {
    let bench = Bench::new();
    let plan = counted(vec![]);
    bench.run(&plan);
    let _ = std::fs::remove_file(bench.path("log"));
    assert_eq!(time_to(&plan, &bench.options, &mut Vec::new()).unwrap().timed, [plan.trials[0].id()]);
    let of: Vec<_> = figures(&bench).iter().map(|one| (one.name.clone(), one.value)).collect();
    let windows = ["train", "evaluate", "sample"].into_iter();
    let expected: Vec<_> = windows
        .flat_map(|window| {
            [(format!("{window}_allocations"), Some(7.0)), (format!("{window}_allocated_mib"), Some(0.5))]
        })
        .collect();
    assert_eq!(of, expected, "per unit of work");
    assert!(figures(&bench).iter().all(|figure| figure.volatile && figure.machine.is_some()));
    assert_eq!(bench.log(), ["ok count evaluate", "ok count sample", "ok count train"]);
    assert_eq!(text(&bench.grid().file("timing.csv")), "", "nothing was timed");
    assert!(time_to(&plan, &bench.options, &mut Vec::new()).unwrap().timed.is_empty(), "once per machine");
}

#[test]
fn a_measure_that_is_added_later_leaves_the_others_figures() {
    let bench = Bench::new();
    let first = plan(&[("ok", 1), ("ok", 2)]);
    bench.run(&first);
    time_to(&first, &bench.options, &mut Vec::new()).unwrap();
    let timed = figures(&bench);
    let windows = bench.log().len();
    let both = counted(first.trials[0].measure.to_vec());
    time_to(&both, &bench.options, &mut Vec::new()).unwrap();
    let now = figures(&bench);
    assert_eq!((&now[..timed.len()], now.len()), (&timed[..], timed.len() + 6));
    assert_eq!(bench.log().len(), windows + 3, "the windows are not timed again");
    time_to(&both, &RunOptions { fresh: true, ..bench.options.clone() }, &mut Vec::new()).unwrap();
    assert_eq!(figures(&bench).len(), now.len(), "`fresh` replaces both");
}
