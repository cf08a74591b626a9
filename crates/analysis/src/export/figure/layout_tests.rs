//! Layout of random plots: no text is covered, and nothing leaves the page.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::columns::{MARGIN, PAGE_WIDTH};
use super::layout::layout;
use super::shape::{Anchor, Drawing, Shape};
use super::text_width::room;
use super::variant_mark::{color, marker};
use crate::report::{COLORS, IntervalPlot, IntervalRow, MARKERS, OwnControl, SectionPlots, Tick, VariantStyle};
use crate::tables::fixture::Fixture;

/// Ends of a shape: left, top, right, bottom.
fn bounds(shape: &Shape) -> [f64; 4] {
    let of = |points: &[[f64; 2]], around: f64| {
        let least = |side: usize| points.iter().map(|point| point[side]).fold(f64::INFINITY, f64::min) - around;
        let most = |side: usize| points.iter().map(|point| point[side]).fold(f64::NEG_INFINITY, f64::max) + around;
        [least(0), least(1), most(0), most(1)]
    };
    match shape {
        Shape::Line { from, to, width, .. } => of(&[*from, *to], width / 2.0),
        Shape::Rectangle { at, size, .. } => of(&[*at, [at[0] + size[0], at[1] + size[1]]], 0.0),
        Shape::Polygon { points, .. } => of(points, 0.0),
        Shape::Circle { at, radius, line, .. } => of(&[*at], radius + line.unwrap_or(0.0) / 2.0),
        Shape::Text(text) => {
            let width = room(&text.text, text.size, text.bold);
            let before = match text.anchor {
                Anchor::Start => 0.0,
                Anchor::Middle => width / 2.0,
                Anchor::End => width,
            };
            let left = text.at[0] - before;
            [left, text.at[1] - 0.8 * text.size, left + width, text.at[1] + 0.2 * text.size]
        }
    }
}

fn overlap(a: [f64; 4], b: [f64; 4]) -> bool {
    let e = 1e-6;
    a[0] + e < b[2] && b[0] + e < a[2] && a[1] + e < b[3] && b[1] + e < a[3]
}

/// Returns the first fault of a drawing: a shape that leaves the page, or a text that another shape touches.
pub(super) fn fault(drawing: &Drawing) -> Option<String> {
    let all: Vec<([f64; 4], &Shape)> = drawing.shapes.iter().map(|shape| (bounds(shape), shape)).collect();
    for (at, (inner, shape)) in all.iter().enumerate() {
        if inner[0] < 0.0 || inner[1] < 0.0 || inner[2] > drawing.width || inner[3] > drawing.height {
            return Some(format!("outside of the page: {shape:?}"));
        }
        let others = all.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, other)| other);
        if let (Shape::Text(_), Some((_, other))) =
            (shape, others.into_iter().find(|(other, _)| overlap(*inner, *other)))
        {
            return Some(format!("{shape:?} overlaps {other:?}"));
        }
    }
    None
}

fn row(label: String, text: String, positions: [f64; 3], marked: bool, index: usize) -> IntervalRow {
    let [low, mean, high] = positions;
    let (color, marker) = (index % COLORS, index % MARKERS);
    let part = if index.is_multiple_of(3) { "1/3".to_owned() } else { String::new() };
    IntervalRow {
        style: VariantStyle { label, index, key: "a".into(), color, marker, dash: 0 },
        mean,
        interval: marked.then_some([low, high - low]),
        dots: positions.to_vec(),
        controls: vec![OwnControl { at: high, label: "untrained 5".into(), form: 1 }],
        text,
        marked,
        seeds: part,
    }
}

fn rows() -> impl Strategy<Value = Vec<IntervalRow>> {
    let one =
        ("[ -~가-힣é]{0,60}", "[≥ 0-9,.±]{1,24}", [0.0..100.0_f64, 0.0..100.0_f64, 0.0..100.0_f64], any::<bool>());
    prop::collection::vec(one, 1..12).prop_map(|rows| {
        let row = |(index, (label, text, mut at, marked)): (usize, (String, String, [f64; 3], bool))| {
            at.sort_by(f64::total_cmp);
            row(label, text, at, marked, index)
        };
        rows.into_iter().enumerate().map(row).collect()
    })
}

fn ticks(digits: &'static str) -> impl Strategy<Value = Vec<Tick>> {
    prop::collection::vec((0.0..100.0_f64, digits), 0..8).prop_map(|ticks| {
        let mut ticks: Vec<Tick> = ticks.into_iter().map(|(at, label)| Tick { at, label }).collect();
        ticks.sort_by(|a, b| a.at.total_cmp(&b.at));
        ticks
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_overlaps_or_leaves_the_page(
        plots in prop::collection::vec((rows(), ticks("-?[0-9,.]{1,10}"), ticks("[a-z]{1,30} [0-9]{1,8}"), "[ -~]{0,300}"), 1..4),
    ) {
        let plot = |(rows, ticks, lines, note): (Vec<IntervalRow>, Vec<Tick>, Vec<Tick>, String)| IntervalPlot {
            head: ["nll ↓".into(), "nats".into(), "exact".into()],
            ticks,
            is_log: rows.len() > 3,
            lines,
            rows,
            notes: vec![note],
        };
        let sections: Vec<SectionPlots> =
            plots.into_iter().map(|one| SectionPlots { title: "Families, digits".into(), plots: vec![plot(one)] }).collect();
        let drawing = layout(&sections, &[], "not worse");
        prop_assert_eq!(fault(&drawing), None);
        prop_assert!(drawing.width >= PAGE_WIDTH);
        let text = super::svg::svg(&drawing);
        prop_assert!(roxmltree::Document::parse(&text).is_ok());
    }
}

#[test]
fn faults_are_found() {
    let results = Fixture::new().results();
    let drawing = super::drawing(&results, Some("nll")).unwrap();
    assert_eq!(fault(&drawing), None);
    let mut moved = drawing.clone();
    moved.width = 200.0;
    assert!(fault(&moved).unwrap().starts_with("outside"));
    let mut crossed = drawing;
    crossed.shapes.push(marker(1, [MARGIN + 10.0, MARGIN + 6.0], color(0)));
    assert!(fault(&crossed).unwrap().contains("overlaps"));
}
