//! Best cells and contents of columns.

use protocol::{Direction, Kind, Measurement, Status, Support, TrialId, Unit};

use super::*;
use crate::summary::{Figure, FigureSummary, Spread, Summary, TrialState, VariantSummary};

/// A variant with one value of `nll` per seed; `None` for a failed seed.
fn variant(name: &str, kind: Kind, support: Support, values: &[Option<f64>]) -> VariantSummary {
    let state = |(seed, value): (usize, &Option<f64>)| TrialState {
        id: TrialId(format!("{name}{seed}")),
        seed: seed as u64,
        status: if value.is_some() { Status::Done.word() } else { "crashed" },
        reason: value.is_none().then(|| "killed".to_owned()),
        collapse: None,
    };
    let figure = Measurement::new("nll", kind, Unit::Nats, Direction::Lower, 0.0).on(support);
    let there: Vec<f64> = values.iter().flatten().copied().collect();
    VariantSummary {
        variant: name.into(),
        section: None,
        model: name.into(),
        data: "digits".into(),
        trials: values.iter().enumerate().map(state).collect(),
        figures: vec![FigureSummary {
            figure: Figure::of(&figure),
            trials: vec![],
            spread: Spread::of(&there),
            values: there,
            se_test: None,
            reasons: vec![],
        }],
    }
}

fn group(variants: Vec<VariantSummary>) -> Group {
    let summary = Summary { grid: "g".into(), about: String::new(), variants };
    let mut groups = Board::of(&summary).groups;
    assert_eq!(groups.len(), 1);
    groups.remove(0)
}

fn best(group: &Group) -> Vec<&str> {
    let rows = group.rows.iter().filter(|row| row.cells.iter().any(|cell| cell.best));
    rows.map(|row| row.variant.as_str()).collect()
}

const CLEAR: &[Option<f64>] = &[Some(1.0), Some(1.1), Some(1.2)];
const WORSE: &[Option<f64>] = &[Some(9.0), Some(9.1), Some(9.2)];

#[test]
fn the_best_interval_overlaps_no_other() {
    let exact = |name: &str, values: &[Option<f64>]| variant(name, Kind::Exact, Support::Binary, values);
    assert_eq!(best(&group(vec![exact("a", WORSE), exact("b", CLEAR)])), ["b"]);
    let wide = &[Some(1.0), Some(2.0), Some(9.0)];
    assert!(best(&group(vec![exact("a", wide), exact("b", CLEAR)])).is_empty(), "intervals touch");
    assert!(best(&group(vec![exact("a", &[Some(9.0)]), exact("b", CLEAR)])).is_empty(), "one seed has no interval");
    assert!(best(&group(vec![exact("b", CLEAR)])).is_empty(), "there is no other variant");
    let survivors = &[Some(1.0), Some(1.1), None];
    assert!(
        best(&group(vec![exact("a", WORSE), exact("b", survivors)])).is_empty(),
        "the other seeds are a biased sample"
    );
}

#[test]
fn kinds_and_supports_have_columns_of_their_own() {
    let group = group(vec![
        variant("exact", Kind::Exact, Support::Binary, WORSE),
        variant("bound", Kind::UpperBound, Support::Binary, CLEAR),
        variant("grey", Kind::Exact, Support::Levels(17), CLEAR),
    ]);
    let labels: Vec<_> = group.columns.iter().map(|column| column.label.as_str()).collect();
    assert_eq!(labels, ["nll (exact, binary)", "nll (upper bound, binary)", "nll (exact, 17 levels)"]);
    assert!(best(&group).is_empty());
    assert_eq!(group.rows[1].cells[1].text.as_deref(), Some("≤ 1.10 ± 0.25"));
    let note = group.rows[1].cells[0].note.unwrap();
    assert_eq!(group.notes[note - 1], "listed in another column: not comparable");
}
