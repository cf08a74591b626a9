//! Compared pairs, and their correction for number.

use protocol::{Compare, Direction, Kind, Pairs, Support};

use super::{compared, summed, values, variant};

#[test]
fn all_comparisons_of_a_figure_are_corrected_together() {
    let variants =
        || vec![variant("a", &values(90.0, 4)), variant("b", &values(89.0, 4)), variant("c", &values(80.0, 4))];
    let rows = compared(variants(), &Compare::default()).rows;
    let pairs: Vec<_> = rows.iter().map(|row| (row.variant.as_str(), row.baseline.as_str())).collect();
    assert_eq!(pairs, [("b", "a"), ("c", "a")]);
    // The smaller p-value is doubled, the larger one is not.
    assert!(rows[0].p_holm == rows[0].p && rows[1].p_holm == rows[1].p.map(|p| 2.0 * p) && rows[0].family == 2);
    let all = compared(variants(), &Compare { pairs: Pairs::All, ..Compare::default() }).rows;
    let pairs: Vec<_> = all.iter().map(|row| (row.variant.as_str(), row.baseline.as_str())).collect();
    assert_eq!(pairs, [("b", "a"), ("c", "a"), ("c", "b")]);
    assert!(all.iter().all(|row| row.family == 3));
}

#[test]
fn only_equal_figures_on_equal_data_are_compared() {
    let mut bound = variant("bound", &values(80.0, 3));
    bound.figures[0].figure.kind = Kind::UpperBound;
    let mut levels = variant("levels", &values(80.0, 3));
    levels.figures[0].figure.support = Some(Support::Levels(17));
    let mut elsewhere = variant("elsewhere", &values(80.0, 3));
    elsewhere.data = "chain".into();
    let mut descriptive = variant("descriptive", &values(80.0, 3));
    descriptive.figures = vec![summed("active", Direction::Neither, &values(1.0, 3), "descriptive")];
    let mut base = variant("base", &values(90.0, 3));
    base.figures.push(summed("active", Direction::Neither, &values(2.0, 3), "base"));
    let found = compared(
        vec![base, bound, levels, elsewhere, descriptive, variant("v", &values(80.0, 3))],
        &Compare::default(),
    );
    assert_eq!(found.rows.iter().map(|row| row.variant.as_str()).collect::<Vec<_>>(), ["v"]);
    assert_eq!(found.rows[0].family, 1);
}

#[test]
fn a_named_baseline_is_the_only_one() {
    let named = |label: &str| Compare { baseline: vec![label.to_owned()], ..Compare::default() };
    let variants = || {
        let mut other = variant("other", &values(1.0, 3));
        other.data = "chain".into();
        let mut second = variant("second", &values(1.0, 3));
        second.data = "chain".into();
        vec![variant("a", &values(90.0, 3)), variant("b", &values(80.0, 3)), other, second]
    };
    let pairs = |compare: &Compare| {
        let rows = compared(variants(), compare).rows;
        rows.into_iter().map(|row| format!("{} {}", row.variant, row.baseline)).collect::<Vec<_>>()
    };
    assert_eq!(pairs(&Compare::default()), ["b a", "second other"]);
    assert_eq!(pairs(&named("b")), ["a b"], "chain has no baseline");
    assert!(pairs(&named("gone")).is_empty());
    assert_eq!(compared(variants(), &named("gone")).notes, ["the baseline `gone` is not in the plan"]);
    let asked = Compare { margin: [("nlll".to_owned(), 0.1)].into(), ..Compare::default() };
    assert_eq!(compared(variants(), &asked).notes, ["the margin of `nlll` was not used: no such figure was compared"]);
}
