//! Exact counts.

use super::*;
use crate::gate::{GateFormat, GateResult};

/// A count of training on a machine, for seed 0 alone, as the timing pass takes it.
fn allocations(cpu: &str, count: f64) -> BaselineFigure {
    let figure = Measurement::new("train_allocations", Kind::Exact, Unit::Count, Direction::Lower, count);
    let machine = protocol::Machine { cpu: cpu.into(), ..protocol::Machine::default() };
    values(Figure::of(&figure.volatile().on_machine(machine)), &[count])
}

fn side(counts: &[BaselineFigure]) -> Baseline {
    let figures = [vec![values(nll(), &[19.0, 19.2, 18.8])], counts.to_vec()].concat();
    baseline(vec![variant("nade", figures)])
}

fn checked(before: &[BaselineFigure], after: &[BaselineFigure]) -> Gate {
    check(&side(before), &side(after), &GateSettings::default())
}

fn verdicts(gate: &Gate) -> Vec<GateVerdict> {
    gate.variants[0].counters.iter().map(|counter| counter.verdict).collect()
}

#[test]
fn one_more_allocation_is_worse_and_one_fewer_is_better() {
    for (after, verdict, result) in [
        (120.0, GateVerdict::Identical, GateResult::NoRegression),
        (121.0, GateVerdict::Worse, GateResult::Worse),
        (119.0, GateVerdict::Better, GateResult::NoRegression),
    ] {
        let gate = checked(&[allocations("A", 120.0)], &[allocations("A", after)]);
        assert_eq!((verdicts(&gate), gate.result()), (vec![verdict], result), "{after}");
    }
}

#[test]
fn counts_of_another_machine_are_not_compared() {
    let gate = checked(&[allocations("A", 120.0)], &[allocations("B", 500.0)]);
    assert_eq!((verdicts(&gate), gate.result()), (vec![GateVerdict::Undecided], GateResult::NoRegression));
    // A baseline that was counted on both is compared with that of the run's machine.
    let both = [allocations("A", 120.0), allocations("B", 500.0)];
    assert_eq!(verdicts(&checked(&both, &[allocations("B", 500.0)])), [GateVerdict::Identical]);
}

#[test]
fn counts_of_another_version_say_so() {
    let mut other = allocations("A", 120.0);
    other.figure.version += 1;
    let gate = checked(&[allocations("A", 120.0)], &[other]);
    let counter = &gate.variants[0].counters[0];
    assert_eq!((counter.verdict, counter.reason), (GateVerdict::Undecided, Some("the measure has changed")));
}

#[test]
fn counts_of_another_seed_are_not_compared() {
    let mut other = allocations("A", 500.0);
    other.values[0].seed = 1;
    assert_eq!(verdicts(&checked(&[allocations("A", 120.0)], &[other])), [GateVerdict::Undecided]);
}

#[test]
fn a_new_count_is_left_out_and_a_lost_one_is_undecided() {
    assert_eq!(verdicts(&checked(&[], &[allocations("A", 120.0)])), []);
    assert_eq!(verdicts(&checked(&[allocations("A", 120.0)], &[])), [], "the grid does not ask for it");
    let mut after = side(&[]);
    let counters = protocol::fixtures::measure("counters", serde_json::json!({}));
    after.variants[0].trial.measure = vec![counters.with_taken_by(protocol::TakenBy::CountingPass)].into();
    let mut before = side(&[allocations("A", 120.0)]);
    before.variants[0].trial.measure = after.variants[0].trial.measure.clone();
    let gate = check(&before, &after, &GateSettings::default());
    assert_eq!((verdicts(&gate), gate.result()), (vec![GateVerdict::Undecided], GateResult::Undecided));
    assert!(gate.format(GateFormat::Text).expect("written").contains("run it without --no-timing"));
}

#[test]
fn large_counts_have_a_margin_and_the_grid_may_set_one() {
    let of = |before: f64, after: f64| verdicts(&checked(&[allocations("A", before)], &[allocations("A", after)]));
    assert_eq!(of(14_715.0, 14_716.0), [GateVerdict::Equivalent], "a hash table has grown");
    assert_eq!(of(14_715.0, 14_719.0), [GateVerdict::Worse]);
    let settings = GateSettings { margin: [("train_allocations".to_owned(), 5.0)].into(), ..GateSettings::default() };
    let gate = |after: f64| check(&side(&[allocations("A", 120.0)]), &side(&[allocations("A", after)]), &settings);
    assert_eq!(verdicts(&gate(125.0)), [GateVerdict::Equivalent]);
    assert_eq!(verdicts(&gate(126.0)), [GateVerdict::Worse]);
}

#[test]
fn the_totals_name_counters() {
    let gate = checked(&[allocations("A", 120.0)], &[allocations("A", 121.0)]);
    let text = gate.format(GateFormat::Text).expect("written");
    assert!(text.contains("1 figure gates: 1 identical") && text.contains("; 1 counter: 1 worse\n"), "{text}");
}

#[test]
fn trackers_get_the_counts_of_the_run() {
    let gate = checked(&[allocations("A", 120.0)], &[allocations("A", 121.0)]);
    let object =
        |format| -> serde_json::Value { serde_json::from_str(&gate.format(format).expect("written")).expect("JSON") };
    assert_eq!(object(GateFormat::Bmf)["nade"]["train-allocations"]["value"], 121.0);
    let entries = object(GateFormat::GhaBenchmark);
    let expected = serde_json::json!({"name": "nade / train_allocations", "unit": "count", "value": 121.0});
    assert!(entries.as_array().expect("a list").contains(&expected), "{entries}");
}

#[test]
fn counts_are_no_scores() {
    let gate = checked(&[allocations("A", 120.0)], &[allocations("A", 121.0)]);
    assert_eq!(gate.variants[0].figures.len(), 1, "{gate:?}");
    let text = gate.format(GateFormat::Text).expect("written");
    let row = text.lines().find(|line| line.contains("train_allocations")).expect("a row");
    assert_eq!(row.split_whitespace().collect::<Vec<_>>(), ["train_allocations", "120", "121", "1", "0.024", "WORSE"]);
}
