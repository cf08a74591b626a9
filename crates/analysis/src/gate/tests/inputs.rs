//! Runs of other inputs than the baseline.

use std::sync::Arc;

use protocol::{Trial, exit};

use super::*;
use crate::gate::{FigureResult, GateResult, VariantState};

const VALUES: [f64; 3] = [19.0, 19.2, 18.8];

fn nade() -> BaselineVariant {
    variant("nade", vec![values(nll(), &VALUES), values(fid(), &[1.0, 1.1, 0.9])])
}

fn with(change: impl FnOnce(&mut Trial)) -> BaselineVariant {
    let mut nade = nade();
    change(&mut nade.trial);
    nade
}

fn gate(before: Vec<BaselineVariant>, after: Vec<BaselineVariant>) -> Gate {
    check(&baseline(before), &baseline(after), &GateSettings::default())
}

#[test]
fn changed_inputs_are_listed_and_not_judged() {
    let gate = gate(vec![nade()], vec![with(|trial| trial.train.steps = 200)]);
    let state = VariantState::Changed(vec!["train.steps: 100 -> 200".to_owned()]);
    assert_eq!((&gate.variants[0].state, gate.result()), (&state, GateResult::Stale));
    assert!(gate.variants[0].figures.is_empty());
    assert_eq!(gate.result().exit_code(false), exit::STALE_BASELINE);
}

#[test]
fn a_variant_without_a_baseline_is_new() {
    let other = variant("made", vec![values(nll(), &VALUES)]);
    let gate = gate(vec![nade()], vec![nade(), other]);
    assert_eq!((&gate.variants[1].state, gate.result()), (&VariantState::New, GateResult::NoRegression));
}

#[test]
fn a_run_of_new_variants_alone_is_undecided() {
    let other = variant("made", vec![values(nll(), &VALUES)]);
    assert_eq!(gate(vec![], vec![other]).result(), GateResult::Undecided);
}

#[test]
fn a_removed_variant_makes_the_baseline_stale() {
    let other = variant("made", vec![values(nll(), &VALUES)]);
    let gate = gate(vec![nade(), other], vec![nade()]);
    assert_eq!((gate.removed.as_slice(), gate.result()), (["made".to_owned()].as_slice(), GateResult::Stale));
}

#[test]
fn a_renamed_variant_is_found_by_its_inputs() {
    let renamed = with(|trial| trial.variant = "nade hidden=50".into());
    let gate = gate(vec![nade()], vec![renamed]);
    assert_eq!(gate.variants[0].renamed_from.as_deref(), Some("nade"));
    assert_eq!((gate.removed.len(), gate.result()), (0, GateResult::NoRegression));
    assert!(gate.to_string().contains("`nade` in the baseline"), "{gate}");
}

#[test]
fn a_missing_figure_is_worse_unless_its_measure_changed() {
    let without = |mut variant: BaselineVariant| {
        variant.figures.remove(0);
        variant
    };
    let before = || variant("nade", vec![values(nll(), &VALUES)]);
    let same = gate(vec![before()], vec![without(before())]);
    assert_eq!((first(&same).word(), same.result()), ("MISSING", GateResult::Worse));
    let mut after = without(before());
    after.trial.measure = Arc::new(Vec::new());
    let changed = gate(vec![before()], vec![after]);
    assert_eq!(first(&changed).result, FigureResult::Changed(vec!["measure throughput: removed".to_owned()]));
    assert_eq!(changed.result(), GateResult::Stale);
}

#[test]
fn another_number_of_test_images_is_a_change() {
    let mut after = nade();
    after.figures[0].n = Some(100);
    let gate = gate(vec![nade()], vec![after]);
    assert_eq!(first(&gate).result, FigureResult::Changed(vec!["n: 360 -> 100".to_owned()]));
    assert_eq!(gate.result(), GateResult::Stale);
}

#[test]
fn another_version_of_the_gating_figure_makes_the_baseline_stale() {
    let mut after = nade();
    after.figures[0].figure.version += 1;
    Arc::make_mut(&mut after.trial.measure).clear();
    assert_eq!(gate(vec![nade()], vec![after]).result(), GateResult::Stale);
}
