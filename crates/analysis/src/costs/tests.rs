//! Costs of a made-up trace.

use serde_json::{Value, json};

use super::*;

fn line(attempt: u32, at_s: f64, kind: &str, span: u64, more: Value) -> Event {
    let mut line = json!({
        "v": 1, "unix_ms": 0, "at_s": at_s, "attempt": attempt, "kind": kind, "level": "INFO", "span": span,
    });
    line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(line).unwrap()
}

fn open(attempt: u32, at_s: f64, span: u64, parent: Option<u64>, name: &str) -> Event {
    let (name, measure) = name.split_once(' ').unwrap_or((name, ""));
    line(attempt, at_s, "open", span, json!({"name": name, "parent": parent, "fields": {"measure": measure}}))
}

fn close(attempt: u32, at_s: f64, span: u64, seconds: f64) -> Event {
    line(attempt, at_s, "close", span, json!({"name": "", "seconds": seconds}))
}

fn shown(costs: &Costs) -> String {
    let line =
        |(part, seconds): (&Part, &f64)| format!("{} {} {seconds:.2}\n", part.word(), part.measure().unwrap_or("-"));
    costs.0.iter().map(line).collect()
}

/// A trace in which numbers of closed spans are used again, as `tracing` does.
fn trace() -> Vec<Event> {
    vec![
        open(1, 0.0, 1, None, "trial"),
        open(1, 0.5, 2, Some(1), "train"),
        open(1, 1.0, 3, Some(2), "evaluate"),
        close(1, 2.0, 3, 1.0),
        // Killed here.
        open(1, 2.5, 3, Some(2), "evaluate"),
        line(1, 3.0, "event", 3, json!({"name": "validation"})),
        open(2, 0.0, 1, None, "trial"),
        open(2, 0.0, 2, Some(1), "train"),
        close(2, 4.0, 2, 4.0),
        open(2, 4.0, 2, Some(1), "measure fid_proxy"),
        open(2, 4.0, 3, Some(2), "extractor"),
        close(2, 7.0, 3, 3.0),
        close(2, 8.0, 2, 4.0),
        open(2, 8.0, 2, Some(1), "measure ais"),
        close(2, 10.0, 2, 2.0),
        close(2, 10.5, 1, 10.5),
    ]
}

#[test]
fn inner_parts_are_counted_once_and_a_killed_worker_counts_until_its_last_event() {
    let costs = Costs::of(&trace(), &[]);
    insta::assert_snapshot!(shown(&costs), @r"
    train - 5.00
    evaluate - 1.50
    extractor - 3.00
    measure ais 2.00
    measure fid_proxy 1.00
    other - 1.00
    ");
    assert!((costs.total() - 13.5).abs() < 1e-12, "3 s of the first attempt, 10.5 of the second");
}

#[test]
fn the_cost_line_lists_measures_extractors_and_timing() {
    let timing =
        Measurement::new(TIMING, protocol::Kind::Estimate, protocol::Unit::Seconds, protocol::Direction::Neither, 6.5);
    let mut costs = Costs::of(&trace(), &[timing]);
    insta::assert_snapshot!(costs, @"Measures took 3.0 s (15.0%) of 20.0 s of work: ais 2.0 s, fid_proxy 1.0 s; feature extractors 3.0 s (15.0%), timing pass 6.5 s (32.5%).");
    costs.add(&Costs(BTreeMap::from([(Part::Train, 600.0)])));
    assert!(costs.to_string().starts_with("Measures took 3.0 s (0.5%) of 10 min 20 s of work"), "{costs}");
    insta::assert_snapshot!(Costs::default(), @"Measures took 0 s (0.0%) of 0 s of work.");
}

#[test]
fn durations_have_the_unit_that_shows_their_digits() {
    let shown = [0.0, 1e-5, 0.000_34, 0.012_3, 0.096, 0.0999, 0.5, 12.34, 90.0].map(short_duration);
    assert_eq!(shown, ["0 s", "< 0.1 ms", "0.3 ms", "12 ms", "96 ms", "0.10 s", "0.50 s", "12.3 s", "1 min 30 s"]);
}
