//! Failed, collapsed and missing seeds.

use super::*;
use crate::gate::GateResult;

const VALUES: [f64; 3] = [19.0, 19.2, 18.8];

fn with(seed: usize, state: SeedState) -> Baseline {
    let mut nade = variant("nade", vec![values(nll(), &VALUES)]);
    nade.seeds[seed].state = state;
    nade.seeds[seed].reason = (state != SeedState::Done).then(|| "diverged: loss was not finite".to_owned());
    if state != SeedState::Done {
        nade.figures[0].values.retain(|one| one.seed != seed as u64);
    }
    baseline(vec![nade])
}

fn result(before: &Baseline, after: &Baseline) -> GateResult {
    check(before, after, &GateSettings::default()).result()
}

#[test]
fn a_new_failure_is_worse_and_an_expected_one_is_not() {
    let (done, failed) = (with(1, SeedState::Done), with(1, SeedState::Failed));
    let gate = check(&done, &failed, &GateSettings::default());
    assert_eq!(gate.variants[0].failures, ["seed 1: diverged: loss was not finite"]);
    assert_eq!(gate.result(), GateResult::Worse);
    assert_eq!(result(&failed, &failed), GateResult::NoRegression);
    assert_eq!(result(&failed, &done), GateResult::NoRegression, "a seed that failed is done now");
}

#[test]
fn an_interrupted_run_is_undecided() {
    assert_eq!(result(&with(2, SeedState::Done), &with(2, SeedState::NotRun)), GateResult::Undecided);
}

#[test]
fn one_collapse_is_undecided_and_seven_are_worse() {
    assert_eq!(result(&with(0, SeedState::Done), &with(0, SeedState::Collapsed)), GateResult::Undecided);
    let eight: Vec<f64> = (0..8).map(|seed| 19.0 + f64::from(seed) / 10.0).collect();
    let mut collapsed = variant("nade", vec![values(nll(), &eight)]);
    let done = collapsed.clone();
    for seed in &mut collapsed.seeds[..7] {
        seed.state = SeedState::Collapsed;
    }
    assert_eq!(result(&baseline(vec![done]), &baseline(vec![collapsed])), GateResult::Worse);
}

/// A partial run measured nothing: that is no missing figure.
#[test]
fn a_variant_without_a_finished_seed_is_undecided() {
    let mut run = with(0, SeedState::NotRun);
    run.variants[0].figures.clear();
    for state in [SeedState::NotRun, SeedState::Collapsed] {
        run.variants[0].seeds.iter_mut().for_each(|seed| seed.state = state);
        assert_eq!(result(&with(0, SeedState::Done), &run), GateResult::Undecided, "{state:?}");
    }
}

#[test]
fn a_finished_seed_without_a_value_is_missing() {
    let (before, mut after) = (with(0, SeedState::Done), with(0, SeedState::Done));
    after.variants[0].figures[0].values.remove(1);
    let gate = check(&before, &after, &GateSettings::default());
    assert_eq!((first(&gate).word(), gate.result()), ("MISSING", GateResult::Worse));
    assert!(gate.to_string().contains("no value: seed 1"), "{gate}");
}

#[test]
fn a_variant_that_always_failed_does_not_decide() {
    let mut both = with(0, SeedState::Done);
    let mut lost = both.variants[0].clone();
    lost.trial = protocol::fixtures::trial("vae", 0);
    lost.figures.clear();
    lost.seeds.iter_mut().for_each(|seed| seed.state = SeedState::Failed);
    both.variants.push(lost);
    let gate = check(&both, &both, &GateSettings::default());
    assert_eq!(gate.result(), GateResult::NoRegression);
    assert!(gate.to_string().contains("3 seeds failed as in the baseline"), "{gate}");
}

#[test]
fn seeds_that_the_grid_no_longer_has_are_a_remark() {
    let all = with(0, SeedState::Done);
    let mut fewer = all.clone();
    fewer.variants[0].seeds.remove(2);
    fewer.variants[0].figures[0].values.remove(2);
    let gate = check(&all, &fewer, &GateSettings::default());
    assert_eq!(gate.variants[0].notes, ["1 seed of the baseline left out"]);
    assert_eq!(gate.result(), GateResult::NoRegression);
    assert!(check(&fewer, &all, &GateSettings::default()).variants[0].notes.is_empty(), "more seeds are no remark");
}
