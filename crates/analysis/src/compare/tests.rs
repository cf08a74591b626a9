//! Compared pairs and their verdicts.

use protocol::{Compare, Direction, Kind, Measurement, Pairs, Status, Support, TrialId, Unit};
use stats::{Verdict, unpaired};

use super::*;
use crate::summary::{Figure, FigureSummary, Spread, Summary, TrialState, VariantSummary};

/// A seed of a made-up variant.
#[derive(Clone, Copy)]
pub(super) enum S {
    V(f64),
    Lost,
    NotRun,
}
use S::{Lost, NotRun, V};

fn summed(name: &str, direction: Direction, seeds: &[S], variant: &str) -> FigureSummary {
    let there = seeds.iter().enumerate().filter_map(|(seed, one)| match one {
        V(value) => Some((TrialId(format!("{variant}{seed}")), *value)),
        Lost | NotRun => None,
    });
    let (trials, values): (Vec<_>, Vec<_>) = there.unzip();
    let figure = Measurement::new(name, Kind::Exact, Unit::Nats, direction, 0.0).on(Support::Binary);
    let spread = Spread::of(&values);
    FigureSummary { figure: Figure::of(&figure), trials, values, spread, se_test: spread.map(|_| 0.3), reasons: vec![] }
}

pub(super) fn variant(name: &str, seeds: &[S]) -> VariantSummary {
    let state = |(seed, one): (usize, &S)| TrialState {
        id: TrialId(format!("{name}{seed}")),
        seed: seed as u64,
        status: match one {
            V(_) => Status::Done.word(),
            Lost => "diverged",
            NotRun => "not_run",
        },
        reason: None,
        collapse: None,
    };
    VariantSummary {
        variant: name.into(),
        section: None,
        model: name.into(),
        data: "digits".into(),
        trials: seeds.iter().enumerate().map(state).collect(),
        figures: vec![summed("nll", Direction::Lower, seeds, name)],
    }
}

pub(super) fn values(first: f64, count: usize) -> Vec<S> {
    (0..count).map(|seed| V(first + seed as f64 / 100.0)).collect()
}

pub(super) fn compared(variants: Vec<VariantSummary>, compare: &Compare) -> Comparisons {
    Comparisons::of(&Summary { grid: "g".into(), about: String::new(), variants }, compare)
}

fn one(seeds: &[S], baseline: &[S], compare: &Compare) -> Comparison {
    let mut rows = compared(vec![variant("base", baseline), variant("v", seeds)], compare).rows;
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

fn margin(margin: f64) -> Compare {
    Compare { margin: [("nll".to_owned(), margin)].into(), ..Compare::default() }
}

#[test]
fn clear_differences_are_found_in_both_directions() {
    let row = one(&values(80.0, 5), &values(90.0, 5), &Compare::default());
    assert_eq!((row.verdict, row.reason.as_str(), row.p()), (Verdict::Better, "", Some(2.0 / 252.0)));
    assert!((row.effect.unwrap() + 10.0).abs() < 1e-12);
    let interval = row.interval.unwrap();
    assert!(-10.1 < interval.low && interval.low < -10.0 && -10.0 < interval.high && interval.high < -9.9);
    // The variance of five values a hundredth apart is 2.5e-4.
    assert!((row.se_seeds.unwrap() - (2.0 * 2.5e-4 / 5.0_f64).sqrt()).abs() < 1e-12);
    assert!((row.se_test.unwrap() - 0.18_f64.sqrt()).abs() < 1e-12);
    assert_eq!(one(&values(90.0, 5), &values(80.0, 5), &Compare::default()).verdict, Verdict::Worse);
    let near = one(&values(90.5, 5), &values(90.0, 5), &Compare::default());
    assert_eq!(near.reason, "within the error over test images, taken unpaired");
}

#[test]
fn a_reason_states_what_too_few_seeds_can_reach() {
    let row = one(&values(80.0, 3), &values(90.0, 3), &Compare::default());
    assert_eq!(row.verdict, Verdict::Undecided);
    assert_eq!(row.reason, "undecided: 3 seeds against 3 can reach p = 0.1 at best");
    let row = one(&values(80.0, 1), &values(90.0, 1), &Compare::default());
    assert_eq!((row.interval, row.se_seeds, row.p()), (None, None, Some(1.0)));
    assert_eq!(row.reason, "undecided: 1 seed against 1 can reach p = 1 at best");
    let paired = Compare { paired: true, ..Compare::default() };
    let row = one(&values(80.0, 5), &values(90.0, 5), &paired);
    assert_eq!((row.p(), row.reason.as_str()), (Some(0.0625), "undecided: 5 pairs can reach p = 0.062 at best"));
    assert_eq!(one(&values(80.0, 6), &values(90.0, 6), &paired).verdict, Verdict::Better);
    let mixed = [V(1.0), V(5.0), V(2.0), V(6.0), V(3.0)];
    let row = one(&mixed, &[V(2.0), V(4.0), V(3.0), V(5.0), V(3.5)], &Compare::default());
    assert!(row.reason.starts_with("undecided: corrected p = "), "{}", row.reason);
}

#[test]
fn all_comparisons_of_a_figure_are_corrected_together() {
    let variants =
        || vec![variant("a", &values(90.0, 4)), variant("b", &values(80.0, 4)), variant("c", &values(70.0, 4))];
    let rows = compared(variants(), &Compare::default()).rows;
    let pairs: Vec<_> = rows.iter().map(|row| (row.variant.as_str(), row.baseline.as_str())).collect();
    assert_eq!(pairs, [("b", "a"), ("c", "a")]);
    assert_eq!((rows[0].p(), rows[0].p_holm, rows[0].family), (Some(2.0 / 70.0), Some(4.0 / 70.0), 2));
    assert_eq!(rows[0].reason, "undecided: 4 seeds against 4 can reach p = 0.029 at best, 0.057 among 2 comparisons");
    let all = compared(variants(), &Compare { pairs: Pairs::All, ..Compare::default() }).rows;
    let pairs: Vec<_> = all.iter().map(|row| (row.variant.as_str(), row.baseline.as_str())).collect();
    assert_eq!(pairs, [("b", "a"), ("c", "a"), ("c", "b")]);
    assert!(all.iter().all(|row| row.family == 3 && row.p_holm == Some(6.0 / 70.0)));
}

#[test]
fn a_variant_with_lost_seeds_is_not_better_by_survivorship() {
    let survivors = [values(80.0, 7), vec![Lost]].concat();
    let row = one(&survivors, &values(90.0, 8), &Compare::default());
    assert_eq!((row.verdict, row.seeds, row.lost), (Verdict::Undecided, (7, 8), (1, 0)));
    let remark = "v lost 1 seed: p is computed from ranks, with lost seeds ranked worst; effect and intervals use the other seeds";
    assert_eq!(row.reason, format!("undecided: the better side lost a seed; {remark}"));
    assert_eq!(one(&values(80.0, 8), &survivors, &Compare::default()).verdict, Verdict::Undecided);
    // With half of the seeds lost, the variant no longer appears better.
    let half = [values(80.0, 4), vec![Lost; 4]].concat();
    assert!(one(&half, &values(90.0, 8), &Compare::default()).p().unwrap() > 0.5);
    // The rest as good as the baseline, five of eight lost: worse.
    let worse = [vec![V(90.5); 3], vec![Lost; 5]].concat();
    assert_eq!(one(&worse, &values(90.0, 8), &Compare::default()).verdict, Verdict::Worse);
    let equal = one(&survivors, &values(80.0, 8), &margin(5.0));
    assert_eq!((equal.verdict, equal.p_equivalent), (Verdict::Undecided, None));
}

#[test]
fn nothing_is_tested_before_all_seeds_have_run() {
    let row = one(&[values(80.0, 7), vec![NotRun]].concat(), &values(90.0, 8), &Compare::default());
    assert_eq!((row.p(), row.p_holm, row.verdict), (None, None, Verdict::Undecided));
    assert_eq!(row.reason, "undecided: 1 seed not run");
    assert!(row.effect.is_some() && row.reach.is_some());
    let row = one(&[Lost, Lost], &values(90.0, 2), &Compare::default());
    assert_eq!((&row.figure, row.lost.0, row.verdict), (&None, 2, Verdict::Undecided));
    assert_eq!(row.reason, "no seed of v is done: seeds 0, 1 diverged");
}

#[test]
fn within_the_margin_is_equivalent() {
    let row = one(&values(90.0, 5), &values(90.01, 5), &margin(1.0));
    assert_eq!((row.verdict, row.p_equivalent), (Verdict::Equivalent, Some(1.0 / 252.0)));
    let row = one(&values(90.0, 5), &values(90.01, 5), &margin(0.001));
    assert_eq!(row.verdict, Verdict::Undecided);
    assert!(row.reason.contains("; corrected p of a difference of 0.001 or more = "), "{}", row.reason);
    // A difference beyond doubt that does not matter.
    let row = one(&values(90.0, 8), &values(90.5, 8), &margin(1.0));
    assert!(row.p_holm.unwrap() < 0.001 && row.verdict == Verdict::Equivalent);
}

#[test]
fn pairs_are_formed_by_seed() {
    let paired = Compare { paired: true, ..Compare::default() };
    let (a, b) = (values(80.0, 7), [values(90.0, 6), vec![Lost]].concat());
    let row = one(&a, &b, &paired);
    assert_eq!((row.verdict, row.seeds, row.lost, row.p()), (Verdict::Better, (7, 6), (0, 1), Some(2.0 / 128.0)));
    assert!((row.effect.unwrap() + 10.0).abs() < 1e-12, "over the six pairs that have both");
    let row = one(&a, &values(90.0, 9), &paired);
    assert_eq!(row.reason, "2 seeds without a partner excluded");
    assert_eq!((row.without_partner, row.seeds), (2, (7, 7)));
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

#[test]
fn the_direction_of_a_figure_decides_the_verdict() {
    let seeds = |name: &str, first: f64| {
        let mut variant = variant(name, &values(first, 5));
        variant.figures = vec![summed("coverage", Direction::Higher, &values(first, 5), name)];
        variant
    };
    let rows = compared(vec![seeds("base", 1.0), seeds("v", 2.0)], &Compare::default()).rows;
    assert_eq!(rows[0].verdict, Verdict::Better);
    let lost = |values: &[S], name: &str| {
        let mut variant = variant(name, values);
        variant.figures = vec![summed("coverage", Direction::Higher, values, name)];
        variant
    };
    let rows = compared(
        vec![lost(&values(1.0, 8), "base"), lost(&[vec![V(1.5); 3], vec![Lost; 5]].concat(), "v")],
        &Compare::default(),
    )
    .rows;
    // Lost seeds share ranks 1 to 5, the baseline has 6 to 13, the survivors share 14 to 16.
    let ranks = [vec![15.0; 3], vec![3.0; 5]].concat();
    let expected = unpaired(&ranks, &[6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0], 0).unwrap();
    assert_eq!(rows[0].tails.unwrap(), expected, "lost seeds rank lowest where higher is better");
}
