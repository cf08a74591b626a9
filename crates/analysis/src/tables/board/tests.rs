//! Marked cells and contents of columns.

use protocol::{Control, ControlKind, Direction, Kind, Measurement, Status, Support, TrialId, Unit};

use super::*;
use crate::compare::Comparisons;
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
    let with_value = values.iter().enumerate().filter(|(_, value)| value.is_some());
    let trials = with_value.map(|(seed, _)| TrialId(format!("{name}{seed}"))).collect();
    VariantSummary {
        variant: name.into(),
        section: None,
        model: name.into(),
        data: "digits".into(),
        closed_form: false,
        trials: values.iter().enumerate().map(state).collect(),
        figures: vec![FigureSummary {
            figure: Figure::of(&figure),
            trials,
            spread: Spread::of(&there),
            values: there,
            se_test: None,
            images: None,
            reasons: vec![],
            likelihood: None,
        }],
    }
}

fn group(variants: Vec<VariantSummary>) -> Group {
    let summary = Summary { grid: "g".into(), about: String::new(), variants };
    let compare = protocol::Compare { pairs: protocol::Pairs::All, ..protocol::Compare::default() };
    let comparisons = Comparisons::of(&summary, &compare, &crate::ImageTerms::none());
    let mut groups = Board::of(&summary, &comparisons).groups;
    assert_eq!(groups.len(), 1);
    groups.remove(0)
}

fn marked(group: &Group) -> Vec<&str> {
    let rows = group.rows.iter().filter(|row| row.cells.iter().any(|cell| cell.marked));
    rows.map(|row| row.variant.as_str()).collect()
}

const CLEAR: &[Option<f64>] = &[Some(1.0), Some(1.1), Some(1.2)];
const WORSE: &[Option<f64>] = &[Some(9.0), Some(9.1), Some(9.2)];

#[test]
fn the_marked_set_is_what_no_verdict_calls_worse() {
    let exact = |name: &str, values: &[Option<f64>]| variant(name, Kind::Exact, Support::Binary, values);
    assert_eq!(marked(&group(vec![exact("a", WORSE), exact("b", CLEAR)])), ["b"]);
    let near = &[Some(1.0), Some(1.2), Some(1.15)];
    assert_eq!(marked(&group(vec![exact("a", WORSE), exact("b", CLEAR), exact("c", near)])), ["b", "c"]);
    assert!(
        marked(&group(vec![exact("c", near), exact("b", CLEAR)])).is_empty(),
        "a set that is everybody marks nobody"
    );
    assert!(marked(&group(vec![exact("a", &[Some(9.0)]), exact("b", CLEAR)])).is_empty(), "one seed has no spread");
    assert!(marked(&group(vec![exact("b", CLEAR)])).is_empty(), "there is no other variant");
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
    assert!(marked(&group).is_empty());
    assert_eq!(group.rows[1].cells[1].text.as_deref(), Some("≤ 1.10 ± 0.25"));
    let note = group.rows[1].cells[0].note.unwrap();
    assert_eq!(group.notes[note - 1], "listed in another column: not comparable");
}

/// A figure of a variant with its value of each seed.
fn summed(figure: Measurement, values: &[f64]) -> FigureSummary {
    let trials = (0..values.len()).map(|seed| TrialId(seed.to_string())).collect();
    let (figure, spread) = (Figure::of(&figure), Spread::of(values));
    let values = values.to_vec();
    FigureSummary { figure, trials, values, spread, se_test: None, images: None, reasons: vec![], likelihood: None }
}

/// A variant with a probe, its two controls, and a description with a control.
fn probed(name: &str, probe: &[f64], untrained: f64) -> VariantSummary {
    let one = |name: &str, direction| Measurement::new(name, Kind::Estimate, Unit::One, direction, 0.0);
    let control =
        |control: Control| Measurement { control: Some(control.clone()), ..one(&control.name(), Direction::Neither) };
    let seeds = probe.len();
    let figures = vec![
        summed(one("probe", Direction::Higher), probe),
        summed(control(Control::new("probe", ControlKind::Baseline, "pixels")), &vec![0.87; seeds]),
        summed(control(Control::untrained("probe")), &vec![untrained; seeds]),
        summed(one("ratio", Direction::Neither), &vec![1.1; seeds]),
        summed(control(Control::memoriser("ratio")), &vec![0.0; seeds]),
        summed(one("plain", Direction::Neither), &vec![5.0; seeds]),
    ];
    VariantSummary { figures, ..variant(name, Kind::Exact, Support::Binary, &vec![Some(1.0); seeds]) }
}

#[test]
fn controls_are_in_the_cells_of_their_figure_or_in_its_column() {
    let two = group(vec![probed("a", &[0.93, 0.94, 0.95], 0.9), probed("b", &[0.5, 0.6, 0.7], 0.25)]);
    let labels: Vec<_> = two.columns.iter().map(|column| (column.label.as_str(), column.class)).collect();
    // A control has no column of its own, and a description with a control is a score.
    assert_eq!(labels, [("probe", Class::Quality), ("ratio", Class::Quality), ("plain", Class::Other)]);
    assert_eq!(two.heads(0), ["probe ↑", "", "estimate", "pixels 0.870"]);
    assert_eq!(two.heads(1), ["ratio", "", "estimate", "memoriser 0"]);
    let cells = |group: &Group, column: usize| -> Vec<String> {
        group.rows.iter().map(|row| row.cells[column].controls_text()).collect()
    };
    // As many decimals as the figure.
    assert_eq!(cells(&two, 0), ["untrained 0.900", "untrained 0.25"]);
    assert_eq!(cells(&two, 1), ["", ""]);
    let wide = group(vec![probed("a", &[0.0, 30.0, 60.0], 0.9)]);
    assert_eq!(cells(&wide, 0), ["pixels 0.87, untrained 0.90"], "an imprecise figure has precise controls");
    let one = group(vec![probed("a", &[0.93, 0.94, 0.95], 0.9)]);
    assert_eq!(cells(&one, 0), ["pixels 0.870, untrained 0.900"], "one row shares nothing");
}

#[test]
fn a_control_without_its_figure_has_a_column() {
    let mut alone = probed("a", &[0.9, 0.9], 0.5);
    alone.figures.retain(|summed| summed.figure.name != "probe");
    let labels: Vec<_> = group(vec![alone]).columns.into_iter().map(|column| column.label).collect();
    assert_eq!(labels, ["ratio", "probe_pixels", "probe_untrained", "plain"]);
}

#[test]
fn controls_of_other_settings_belong_to_another_figure() {
    let mut mixed = probed("a", &[0.9, 0.9], 0.5);
    mixed.figures[2].figure.settings = r#"{"train":10}"#.into();
    let group = group(vec![mixed]);
    assert_eq!(group.rows[0].cells[0].controls_text(), "pixels 0.8700");
    assert!(group.columns.iter().any(|column| column.label == "probe_untrained"));
}

#[test]
fn terminal_and_markdown_print_controls_and_their_legend() {
    let variants = vec![probed("a", &[0.93, 0.94, 0.95], 0.9), probed("b", &[0.5, 0.6, 0.7], 0.25)];
    let summary = Summary { grid: "g".into(), about: String::new(), variants };
    let text = crate::tables::summary_text(&summary, &Comparisons::default(), 100, false);
    for part in ["0.940 ± 0.025 (untrained 0.900)", "0.60 ± 0.25 (untrained 0.25)", "pixels 0.870", "controls, such as"]
    {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("probe_untrained") && !text.contains("plain"), "{text}");
    let without = Summary { variants: vec![variant("a", Kind::Exact, Support::Binary, CLEAR)], ..summary };
    assert!(!crate::tables::summary_text(&without, &Comparisons::default(), 100, false).contains("controls"));
}
