//! Compared pairs and their verdicts.

use protocol::{Compare, Direction, Kind, Measurement, Pairs, Status, Support, TrialId, Unit};
use stats::{Verdict, fisher};

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
    FigureSummary {
        figure: Figure::of(&figure),
        trials,
        values,
        spread,
        se_test: spread.map(|_| 0.3),
        images: Some(400),
        reasons: vec![],
    }
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
        closed_form: false,
        trials: seeds.iter().enumerate().map(state).collect(),
        figures: vec![summed("nll", Direction::Lower, seeds, name)],
    }
}

pub(super) fn values(first: f64, count: usize) -> Vec<S> {
    (0..count).map(|seed| V(first + seed as f64 / 100.0)).collect()
}

pub(super) fn compared(variants: Vec<VariantSummary>, compare: &Compare) -> Comparisons {
    Comparisons::of(&Summary { grid: "g".into(), about: String::new(), variants }, compare, &ImageTerms::none())
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
    assert_eq!((row.verdict, row.reason.as_str(), row.reach), (Verdict::Better, "", Some(2.0 / 252.0)));
    assert!((row.effect.unwrap() + 10.0).abs() < 1e-12);
    // The variance of five values a hundredth apart is 2.5e-4; each side has an error of 0.3 over images.
    assert!((row.se_seeds().unwrap() - (2.0 * 2.5e-4 / 5.0_f64).sqrt()).abs() < 1e-12);
    assert!((row.se_test().unwrap() - 0.18_f64.sqrt()).abs() < 1e-12);
    assert!((row.se().unwrap() - (0.18 + 1e-4_f64).sqrt()).abs() < 1e-12);
    let interval = row.interval.unwrap();
    assert!(interval.low < -10.83 && -10.84 < interval.low && -9.17 < interval.high && interval.high < -9.16);
    assert_eq!(one(&values(90.0, 5), &values(80.0, 5), &Compare::default()).verdict, Verdict::Worse);
    let near = one(&values(90.5, 5), &values(90.0, 5), &Compare::default());
    assert_eq!(near.verdict, Verdict::Undecided, "within the error over test images");
    assert!(near.reason.contains("the error over test images dominates: more than "), "{}", near.reason);
}

#[test]
fn a_reason_states_what_would_decide() {
    let row = one(&values(80.0, 3), &values(90.0, 3), &Compare::default());
    assert_eq!(row.verdict, Verdict::Better, "three seeds suffice for a clear difference");
    let row = one(&values(80.0, 1), &values(90.0, 1), &Compare::default());
    assert_eq!((row.interval, row.se(), row.p), (None, None, None));
    assert_eq!(row.reason, "undecided: one seed of v shows no spread");
    let paired = Compare { paired: true, ..Compare::default() };
    let row = one(&values(80.0, 5), &values(90.0, 5), &paired);
    let reason = "undecided: all pairs have one difference, which is no evidence of how seeds vary";
    assert_eq!((row.verdict, row.reason.as_str()), (Verdict::Undecided, reason));
    let mixed = [V(1.0), V(5.0), V(2.0), V(6.0), V(3.0)];
    let row = one(&mixed, &[V(3.0), V(6.0), V(4.0), V(8.0), V(4.5)], &Compare::default());
    let words = row.reason.split("; ").nth(1).unwrap();
    assert!(
        row.reason.starts_with("undecided: corrected p = ") && words.ends_with("at the observed difference and spread"),
        "{}",
        row.reason
    );
    // With the stated number of seeds of this spread and difference, the comparison is decided.
    let seeds: usize = words.split(' ').next().unwrap().parse().unwrap();
    let spread = |mean: f64, sd: f64, n: usize| -> Vec<S> {
        let unit = ((n - 1) as f64 / n as f64).sqrt();
        (0..n).map(|at| V(mean + sd * unit * if at % 2 == 0 { 1.0 } else { -1.0 })).collect()
    };
    let even = seeds + seeds % 2;
    let (a, b) = row.sd;
    let more = one(&spread(3.4, a, even), &spread(5.1, b, even), &Compare::default());
    assert_eq!(more.verdict, Verdict::Better, "{seeds}: {}", more.reason);
    let fewer = one(&spread(3.4, a, even / 2), &spread(5.1, b, even / 2), &Compare::default());
    assert_eq!(fewer.verdict, Verdict::Undecided);
}

#[test]
fn equal_values_of_all_seeds_are_no_evidence_unless_the_model_is_in_closed_form() {
    let flat = |value: f64| vec![V(value); 6];
    let row = one(&flat(80.0), &flat(90.0), &Compare::default());
    let reason = "undecided: all seeds of a side have one value, which is no evidence of how seeds vary";
    assert_eq!((row.verdict, row.p, row.reason.as_str()), (Verdict::Undecided, None, reason));
    let row = one(&values(80.0, 5), &flat(90.0), &Compare::default());
    assert_eq!(row.verdict, Verdict::Better);
    let remark =
        "all seeds of base have one value, which is no evidence of how seeds vary: the spread of v is used for both";
    assert_eq!(row.reason, remark);
    // The spread of five seeds, for five and six seeds.
    assert!((row.se_seeds().unwrap() - (2.5e-4_f64 * (1.0 / 5.0 + 1.0 / 6.0)).sqrt()).abs() < 1e-12);

    let closed = |seeds: [Vec<S>; 2]| {
        let [base, v] = seeds;
        let variants = [variant("base", &base), variant("v", &v)];
        let variants = variants.map(|variant| VariantSummary { closed_form: true, ..variant }).to_vec();
        compared(variants, &Compare::default()).rows.remove(0)
    };
    // Repeats are one observation: the number of seeds changes nothing, and only the images have an error.
    let (one_seed, six) = (closed([flat(90.0), vec![V(89.0)]]), closed([flat(90.0), flat(89.0)]));
    assert_eq!((one_seed.p, one_seed.se_seeds(), six.p), (six.p, None, one_seed.p));
    assert_eq!((one_seed.verdict, six.verdict), (Verdict::Better, Verdict::Better));
    assert!((six.se().unwrap() - 0.18_f64.sqrt()).abs() < 1e-12);
    assert_eq!(closed([flat(90.0), flat(89.5)]).verdict, Verdict::Undecided, "within the error over test images");
}

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
fn a_variant_with_lost_seeds_is_not_better_by_survivorship() {
    let survivors = [values(80.0, 7), vec![Lost]].concat();
    let row = one(&survivors, &values(90.0, 8), &Compare::default());
    assert_eq!((row.verdict, row.seeds, row.lost), (Verdict::Undecided, (7, 8), (1, 0)));
    let remark = "v lost 1 seed (failed or collapsed): the means are over the other seeds";
    let reason = "undecided: the side that is ahead lost a larger share of its seeds, by more than 10%";
    assert_eq!(row.reason, format!("{reason}; {remark}"));
    assert_eq!(one(&values(80.0, 8), &survivors, &Compare::default()).verdict, Verdict::Undecided);
    // One of ten seeds is within the margin of the rates, and the same share on both sides is, too.
    let ten = [values(80.0, 9), vec![Lost]].concat();
    assert_eq!(one(&ten, &values(90.0, 10), &Compare::default()).verdict, Verdict::Better);
    assert_eq!(one(&survivors, &[values(90.0, 7), vec![Lost]].concat(), &Compare::default()).verdict, Verdict::Better);
    let worse = [values(99.0, 3), vec![Lost; 5]].concat();
    assert_eq!(one(&worse, &values(90.0, 8), &Compare::default()).verdict, Verdict::Worse);
    let equal = one(&survivors, &values(80.0, 8), &margin(5.0));
    assert_eq!(equal.verdict, Verdict::Undecided, "{}", equal.reason);
}

#[test]
fn nothing_is_tested_before_all_seeds_have_run() {
    let row = one(&[values(80.0, 7), vec![NotRun]].concat(), &values(90.0, 8), &Compare::default());
    assert_eq!((row.p, row.p_holm, row.tails, row.verdict), (None, None, None, Verdict::Undecided));
    assert_eq!(row.reason, "undecided: 1 seed not run");
    assert!(row.effect.is_some());
    let row = one(&[Lost, Lost], &values(90.0, 2), &Compare::default());
    assert_eq!((&row.figure, row.lost.0, row.verdict), (&None, 2, Verdict::Undecided));
    assert_eq!(row.reason, "no seed of v is done: seeds 0, 1 diverged");
}

#[test]
fn within_the_margin_is_equivalent() {
    let row = one(&values(90.0, 5), &values(90.01, 5), &margin(1.0));
    assert!(row.verdict == Verdict::Equivalent && row.p_equivalent.unwrap() < 0.05);
    let row = one(&values(90.0, 5), &values(90.01, 5), &margin(0.001));
    assert_eq!(row.verdict, Verdict::Undecided);
    assert!(row.reason.contains(", of a difference of 0.001 or more "), "{}", row.reason);
    // A difference beyond doubt that does not matter.
    let row = one(&values(90.0, 8), &values(92.0, 8), &margin(5.0));
    assert!(row.p_holm.unwrap() < 0.001 && row.verdict == Verdict::Equivalent);
}

#[test]
fn pairs_are_formed_by_seed() {
    let paired = Compare { paired: true, ..Compare::default() };
    let shaky = |first: f64| (0..7).map(|seed| V(first + f64::from(seed * seed) / 100.0)).collect::<Vec<_>>();
    let (a, b) = (values(80.0, 7), [shaky(90.0)[..6].to_vec(), vec![Lost]].concat());
    let row = one(&a, &b, &paired);
    assert_eq!((row.verdict, row.seeds, row.lost), (Verdict::Better, (7, 6), (0, 1)));
    assert_eq!(row.tails.map(|tails| tails.two_sided()), Some(2.0 / 64.0), "over the six pairs that have both");
    let row = one(&a, &[shaky(90.0), values(90.0, 2)].concat(), &paired);
    assert_eq!(row.reason, "2 seeds without a partner excluded");
    assert_eq!((row.without_partner, row.seeds), (2, (7, 7)));
}

#[test]
fn rates_of_seeds_are_compared_by_an_exact_test() {
    let of = |name: &str, ones: usize, seeds: usize| {
        let all: Vec<S> = (0..seeds).map(|seed| V(f64::from(u8::from(seed < ones)))).collect();
        VariantSummary { figures: vec![summed("collapsed", Direction::Lower, &all, name)], ..variant(name, &all) }
    };
    let row = |a: (usize, usize), b: (usize, usize)| {
        compared(vec![of("base", b.0, b.1), of("v", a.0, a.1)], &Compare::default()).rows.remove(0)
    };
    let clear = row((0, 6), (6, 6));
    assert_eq!((clear.p, clear.verdict, clear.interval), (fisher((0, 6), (6, 6)), Verdict::Better, None));
    let few = row((0, 3), (3, 3));
    assert!((few.p.unwrap() - 0.1).abs() < 1e-12 && few.verdict == Verdict::Undecided);
    assert_eq!(row((2, 6), (2, 6)).verdict, Verdict::Undecided);
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
}

/// One quantity in two units has one verdict, one margin and one call for seeds.
#[test]
fn bits_per_dim_follow_the_nats() {
    let with_bits = |name: &str, seeds: &[S]| {
        let mut both = variant(name, seeds);
        let scale = |one: &S| if let V(value) = one { V(value / 44.0) } else { *one };
        let mut bits = summed("bits_per_dim", Direction::Lower, &seeds.iter().map(scale).collect::<Vec<_>>(), name);
        (bits.figure.unit, bits.se_test) = (Unit::BitsPerDim, Some(0.3 / 44.0));
        both.figures.push(bits);
        both
    };
    let rows = |first: f64, compare: &Compare| {
        compared(vec![with_bits("base", &values(90.0, 5)), with_bits("v", &values(first, 5))], compare).rows
    };
    for (name, of) in [("nll", 2.0), ("bits_per_dim", 2.0 / 44.0)] {
        for (first, verdict) in [(90.1, Verdict::Equivalent), (80.0, Verdict::Better), (91.5, Verdict::Worse)] {
            let compare = Compare { margin: [(name.to_owned(), of)].into(), ..Compare::default() };
            let rows = rows(first, &compare);
            let found: Vec<_> = rows.iter().map(|row| row.verdict).collect();
            let verdict = if first > 91.0 { found[0] } else { verdict };
            assert_eq!(found, [verdict; 2], "margin of {name}");
            assert!(
                (rows[0].margin.unwrap() - 2.0).abs() < 1e-9 && (rows[1].margin.unwrap() - 2.0 / 44.0).abs() < 1e-9
            );
        }
    }
}
