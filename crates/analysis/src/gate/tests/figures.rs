//! Verdicts on figures.

use protocol::exit;

use super::*;
use crate::gate::image_terms::StoredTerms;
use crate::gate::{FigureResult, GateResult, Pairing};

const BEFORE: [f64; 3] = [19.0, 19.2, 18.8];

#[test]
fn equal_bits_are_identical_and_need_no_statistics() {
    let gate = of_figure(values(nll(), &BEFORE), values(nll(), &BEFORE));
    assert_eq!((first(&gate).verdict(), gate.result()), (Some(GateVerdict::Identical), GateResult::NoRegression));
    assert_eq!(verdict(values(nll(), &BEFORE[..1]), values(nll(), &BEFORE[..1])), GateVerdict::Identical, "one seed");
    let last_bit = BEFORE.map(|value| f64::from_bits(value.to_bits() + 1));
    assert_eq!(verdict(values(nll(), &BEFORE), values(nll(), &last_bit)), GateVerdict::Equivalent);
}

/// NADE with 40 instead of 50 hidden units loses 0.57 nats. The seeds of the two sides overlap, and their pairs do not.
#[test]
fn a_loss_that_pairs_show_is_seen() {
    let after = [19.56, 19.79, 19.36];
    let gate = of_figure(values(nll(), &BEFORE), values(nll(), &after));
    assert_eq!((first(&gate).verdict(), gate.result()), (Some(GateVerdict::Worse), GateResult::Worse));
    let FigureResult::Judged(judgement) = &first(&gate).result else { panic!("judged") };
    assert_eq!(judgement.pairing, Pairing::Seeds(3));
    assert!((judgement.loss - 0.57).abs() < 1e-9, "{judgement:?}");
    assert_eq!(verdict(values(nll(), &after), values(nll(), &BEFORE)), GateVerdict::Better);
}

#[test]
fn higher_is_better_for_a_lower_bound() {
    let lower = [-20.1, -20.3, -19.9];
    let higher = [-19.0, -19.2, -18.8];
    assert_eq!(verdict(values(elbo(), &higher), values(elbo(), &lower)), GateVerdict::Worse);
    assert_eq!(verdict(values(elbo(), &lower), values(elbo(), &higher)), GateVerdict::Better);
}

/// A noisier run widens its interval, not its tolerance: it becomes undecided, never equivalent.
#[test]
fn noise_is_undecided_with_the_visible_loss_and_the_needed_seeds() {
    let gate = of_figure(values(nll(), &BEFORE), values(nll(), &[19.9, 18.9, 19.3]));
    let FigureResult::Judged(judgement) = &first(&gate).result else { panic!("judged") };
    assert_eq!((judgement.verdict, gate.result()), (GateVerdict::Undecided, GateResult::Undecided));
    assert!(judgement.visible_loss.is_some_and(|loss| loss > 1.0), "{judgement:?}");
    assert!(judgement.needed.is_some());
    assert_eq!(gate.result().exit_code(false), exit::INCONCLUSIVE);
    assert_eq!(gate.result().exit_code(true), exit::REGRESSION);
}

#[test]
fn one_seed_on_both_sides_shows_no_spread() {
    let gate = of_figure(values(nll(), &[19.0]), values(nll(), &[99.0]));
    assert_eq!(first(&gate).verdict(), Some(GateVerdict::Undecided));
    assert!(gate.to_string().contains("one seed shows no spread: run more seeds"), "{gate}");
}

/// t of one seed against three at 99%: 9.92 standard deviations (0.2) times the root of 4 / 3, or 2.29 nats.
#[test]
fn one_seed_is_judged_by_the_spread_of_the_other_side() {
    let one = |value: f64| values(nll(), &[value]);
    let gate = of_figure(values(nll(), &BEFORE), one(30.0));
    let FigureResult::Judged(judgement) = &first(&gate).result else { panic!("judged") };
    assert_eq!((judgement.verdict, judgement.pairing), (GateVerdict::Worse, Pairing::OneSeed(3)));
    let half = judgement.interval.map(|interval| interval.high - judgement.loss);
    assert!(
        (judgement.loss - 11.0).abs() < 1e-9 && half.is_some_and(|half| (half - 2.292).abs() < 1e-3),
        "{judgement:?}"
    );
    assert_eq!((first(&gate).baseline, first(&gate).run), (Some(19.0), Some(30.0)), "the loss is that of the means");
    assert!(gate.to_string().contains("one seed, judged by the spread of 3 others"), "{gate}");
    assert_eq!(verdict(values(nll(), &BEFORE), one(21.0)), GateVerdict::Undecided);
    assert_eq!(verdict(values(nll(), &BEFORE), one(9.0)), GateVerdict::Better);
    assert_eq!(verdict(one(30.0), values(nll(), &BEFORE)), GateVerdict::Better, "the baseline has one seed");
    for (before, after) in [(one(19.0), values(nll(), &BEFORE)), (values(nll(), &BEFORE), one(19.0))] {
        assert_eq!(verdict(before, after), GateVerdict::Identical, "the common seed has equal bits");
    }
}

#[test]
fn other_seeds_are_compared_without_pairs() {
    let other = |shift: f64| BaselineFigure {
        values: BEFORE.iter().zip(10..).map(|(value, seed)| SeedValue { seed, value: value + shift }).collect(),
        ..values(nll(), &[])
    };
    assert_eq!(verdict(values(nll(), &BEFORE), other(0.05)), GateVerdict::Undecided);
    assert_eq!(verdict(values(nll(), &BEFORE), other(9.0)), GateVerdict::Worse);
}

/// Differences per image of 3 nats or more, but no difference on average: more seeds would not decide it.
#[test]
fn the_error_over_test_images_widens_the_interval() {
    let terms = |sign: f64| {
        let terms: Vec<f64> = (0..360).map(|at| 19.0 + if at % 2 == 0 { 3.0 * sign } else { -3.0 * sign }).collect();
        Some(StoredTerms::of(&terms))
    };
    let before = BaselineFigure { terms: terms(1.0), ..values(nll(), &BEFORE) };
    let near = BEFORE.map(|value| value + 0.01);
    let after = BaselineFigure { terms: terms(-1.0), ..values(nll(), &near) };
    assert_eq!(verdict(before.clone(), after), GateVerdict::Undecided);
    let after = BaselineFigure { terms: terms(1.0), ..values(nll(), &near) };
    assert_eq!(verdict(before, after), GateVerdict::Equivalent);
}

#[test]
fn a_closed_form_model_is_one_computation() {
    let closed = |value: f64| {
        let figure = values(nll(), &[value]);
        baseline(vec![BaselineVariant { closed_form: true, ..variant("markov", vec![figure]) }])
    };
    let verdict = |after: f64| {
        let gate = check(&closed(22.0), &closed(after), &GateSettings::default());
        first(&gate).verdict()
    };
    assert_eq!(verdict(22.0), Some(GateVerdict::Identical));
    assert_eq!(verdict(22.0 + 1e-9), Some(GateVerdict::Equivalent));
    assert_eq!(verdict(23.0), Some(GateVerdict::Worse));
    // Equal terms leave the rounding alone; other seeds are the same computation.
    let with_terms = |value: f64, seed: u64| {
        let mut side = closed(value);
        side.variants[0].figures[0].terms = Some(StoredTerms::of(&[21.0, 23.0]));
        side.variants[0].figures[0].values[0].seed = seed;
        side.variants[0].seeds[0].seed = seed;
        side
    };
    for (after, expected) in
        [(with_terms(22.0 + 1e-9, 0), GateVerdict::Equivalent), (with_terms(22.0, 7), GateVerdict::Identical)]
    {
        let gate = check(&with_terms(22.0, 0), &after, &GateSettings::default());
        assert_eq!(first(&gate).verdict(), Some(expected), "{gate}");
    }
}

#[test]
fn figures_of_one_name_keep_their_settings_apart() {
    let space = |settings: &str| Figure { settings: settings.to_owned(), ..fid() };
    let (pixels, features) = (space(r#"{"features":"pixels"}"#), space(r#"{"features":"conv"}"#));
    let side = |shift: f64| {
        let of = |figure: &Figure, at: f64| values(figure.clone(), &[at, at + 0.1, at - 0.1]);
        baseline(vec![variant("gan", vec![of(&pixels, 5.0), of(&features, 1.0 + shift)])])
    };
    let settings = GateSettings { gate: vec!["fid_proxy".into()], ..GateSettings::default() };
    let gate = check(&side(0.0), &side(2.0), &settings);
    let found: Vec<_> = gate.variants[0].figures.iter().map(|one| (one.label.as_str(), one.word())).collect();
    assert_eq!(found, [("fid_proxy (features pixels)", "identical"), ("fid_proxy (features conv)", "WORSE")]);
}

#[test]
fn only_the_gating_figure_decides_the_exit_code() {
    let side = |fid_value: f64| {
        let fid = values(fid(), &[fid_value, fid_value + 0.001, fid_value - 0.001]);
        baseline(vec![variant("nade", vec![values(nll(), &BEFORE), fid])])
    };
    let gate = check(&side(1.0), &side(2.0), &GateSettings::default());
    assert_eq!(gate.variants[0].figures[1].verdict(), Some(GateVerdict::Worse));
    assert_eq!(gate.result(), GateResult::NoRegression);
    let settings = GateSettings { gate: vec!["fid_proxy".into(), "nll".into()], ..GateSettings::default() };
    assert_eq!(check(&side(1.0), &side(2.0), &settings).result(), GateResult::Worse);
}

#[test]
fn the_margin_of_the_grid_replaces_the_default() {
    let side = |shift: f64| {
        baseline(vec![variant("nade", vec![values(nll(), &BEFORE.map(|value| value + shift * (1.0 + value / 1e4)))])])
    };
    let with = |margin: f64| GateSettings { margin: [("nll".to_owned(), margin)].into(), ..GateSettings::default() };
    assert_eq!(check(&side(0.0), &side(0.2), &with(0.3)).result(), GateResult::NoRegression);
    assert_eq!(check(&side(0.0), &side(0.2), &with(0.1)).result(), GateResult::Worse);
}
