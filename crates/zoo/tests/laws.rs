//! Tests of every law of `genbench-laws` on every model of the registry, one test per law.

use std::collections::BTreeSet;

use engine::ModelEntry;
use laws::{LAWS, Outcome, Subject};
use protocol::Support;

/// Name of the only model to test, from the variable GENBENCH_LAWS_MODEL; none = all models.
fn only() -> Option<String> {
    std::env::var("GENBENCH_LAWS_MODEL").ok()
}

/// Returns all registered models, or the only one to test.
fn models() -> impl Iterator<Item = &'static ModelEntry> {
    let only = only();
    if let Some(name) = &only {
        assert!(
            zoo::MODELS.iter().any(|entry| entry.name == name),
            "GENBENCH_LAWS_MODEL: no model `{name}` in the list MODELS of crates/zoo/src/lib.rs"
        );
    }
    zoo::MODELS.iter().filter(move |entry| only.as_deref().is_none_or(|name| entry.name == name))
}

/// Fails if a model breaks the law, or if the law applies to fewer than `least` models.
fn hold(law: &str, least: usize) {
    let law = laws::find(law).expect("a law");
    let (mut obey, mut broken) = (BTreeSet::new(), Vec::new());
    for subject in models().flat_map(|entry| law.subjects(entry)) {
        match law.test(&subject) {
            Outcome::Holds => {
                obey.insert(subject.entry.name);
            }
            Outcome::DoesNotApply(_) => {}
            Outcome::Broken(how) => broken.push(format!("{subject}: {how}")),
        }
    }
    println!("{}: {} models, {obey:?}", law.name, obey.len());
    assert!(broken.is_empty(), "{}\n{}", law.statement, broken.join("\n"));
    assert!(
        only().is_some() || obey.len() >= least,
        "the law applies to {} models, not to {least}: {obey:?}",
        obey.len()
    );
}

macro_rules! laws {
    ($($law:ident: $least:literal,)+) => {
        $(#[test]
        fn $law() {
            hold(stringify!($law), $least);
        })+

        #[test]
        fn every_law_has_a_test() {
            let tested = [$(stringify!($law)),+];
            assert_eq!(LAWS.iter().map(|law| law.name).collect::<Vec<_>>(), tested);
        }
    };
}

// Each law with the smallest number of models that obey it. Without a graphics adapter the law of wgpu does not apply.
laws! {
    settings_resolve_to_themselves: 19,
    binary_densities_refuse_grey_data_with_advice: 8,
    capabilities_do_not_change_in_training: 19,
    training_helps: 19,
    the_seed_determines_the_result: 19,
    evaluation_has_no_side_effects: 19,
    snapshots_do_not_change: 19,
    resuming_equals_uninterrupted_training: 19,
    optimisers_are_those_of_the_grid: 19,
    wgpu_trains_like_flex: 0,
    density_sums_to_one: 10,
    no_model_beats_the_truth: 10,
    samples_follow_the_density: 10,
    samples_are_in_their_support: 14,
    incremental_sampling_equals_naive_sampling: 9,
    conditionals_depend_on_earlier_pixels_only: 9,
    bounds_are_ordered: 2,
    features_depend_only_on_their_image: 5,
    codes_control_images_and_are_read_back: 1,
    discriminators_approach_the_optimum: 1,
    pushforwards_have_correct_gradients: 3,
    decoders_follow_their_likelihood: 2,
}

#[test]
fn names_are_unique() {
    let names: Vec<_> = models().map(|entry| entry.name).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
}

#[test]
fn all_tiny_settings_of_every_model_support_one_of_the_data_sets() {
    for entry in models() {
        assert!(!(entry.tiny)().is_empty(), "{}", entry.name);
        assert_eq!(laws::settings_without_data(entry), [serde_json::Value::Null; 0], "{}", entry.name);
    }
}

/// Fails if a defect is not caught in one of the subjects to which its law applies.
fn catch(law: &str, defect: &str, is_tested: impl Fn(&Subject<'_>) -> bool) {
    let law = laws::find(law).expect("a law");
    let defect = law.defects.iter().find(|one| one.name == defect).expect("a defect of the law");
    let mut caught = 0;
    for subject in models().flat_map(laws::subjects).filter(is_tested) {
        match law.test_with(defect, &subject) {
            Outcome::Broken(_) => caught += 1,
            Outcome::DoesNotApply(_) => {}
            Outcome::Holds => panic!("{subject}: {} is not caught", defect.name),
        }
    }
    assert!(only().is_some() || caught > 3, "only {caught} subjects were tested");
}

#[test]
fn the_smallest_leak_is_caught_in_every_model() {
    catch("conditionals_depend_on_earlier_pixels_only", "leak", |_| true);
}

#[test]
fn a_double_sigmoid_is_caught_in_every_binary_model() {
    catch("density_sums_to_one", "double sigmoid", |subject| subject.data.shape.support == Support::Binary);
}

/// Tests models with one module and one optimiser, whose file the defect replaces.
#[test]
fn a_forgotten_optimiser_is_caught() {
    let is_tested = |subject: &Subject<'_>| ["made", "nade", "rnade", "vae"].contains(&subject.entry.name);
    catch("resuming_equals_uninterrupted_training", "forgotten optimiser", is_tested);
}
