//! Every law of `genbench-laws`, over every model of the registry: one test per law.

use std::collections::BTreeSet;

use engine::ModelEntry;
use laws::{LAWS, Outcome, Subject};
use protocol::Support;

/// All models.
fn models() -> impl Iterator<Item = &'static ModelEntry> {
    zoo::MODELS.iter()
}

/// Fails if a model breaks the law, or if fewer than `least` models obey it: to the others it does not apply.
fn hold(law: &str, least: usize) {
    let law = laws::find(law).expect("a law");
    let (mut obey, mut broken) = (BTreeSet::new(), Vec::new());
    for subject in models().flat_map(|entry| law.subjects(entry)) {
        match law.ask(&subject) {
            Outcome::Holds => {
                obey.insert(subject.entry.name);
            }
            Outcome::DoesNotApply(_) => {}
            Outcome::Broken(how) => broken.push(format!("{subject}: {how}")),
        }
    }
    println!("{}: {} models, {obey:?}", law.name, obey.len());
    assert!(broken.is_empty(), "{}\n{}", law.statement, broken.join("\n"));
    assert!(obey.len() >= least, "the law applies to {} models, not to {least}: {obey:?}", obey.len());
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

// Each law with the least number of models that obey it; without a graphics adapter none is asked about wgpu.
laws! {
    settings_resolve_to_themselves: 19,
    binary_densities_refuse_grey_data_with_advice: 8,
    capabilities_do_not_change_in_training: 19,
    training_helps: 19,
    the_seed_decides: 19,
    evaluation_changes_nothing: 19,
    a_snapshot_does_not_learn: 19,
    resumed_is_uninterrupted: 19,
    wgpu_trains_like_flex: 0,
    density_sums_to_one: 10,
    no_model_beats_the_truth: 10,
    samples_follow_the_density: 10,
    samples_lie_on_their_support: 14,
    incremental_sampling_is_naive_sampling: 9,
    conditionals_see_the_past_alone: 9,
    bounds_are_ordered: 2,
    features_belong_to_their_image: 5,
    codes_are_drawn_by_and_read_back: 1,
    discriminators_near_the_optimum: 1,
    maps_of_noise_have_their_derivatives: 4,
}

#[test]
fn names_are_unique() {
    let names: Vec<_> = models().map(|entry| entry.name).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
}

#[test]
fn every_kind_of_every_model_takes_one_of_the_laws_data_sets() {
    for entry in models() {
        assert!(!(entry.tiny)().is_empty(), "{}", entry.name);
        assert_eq!(laws::kinds_without_data(entry), [serde_json::Value::Null; 0], "{}", entry.name);
    }
}

/// Fails if a defect is not caught in one of the subjects that its law applies to.
fn catch(law: &str, defect: &str, is_asked: impl Fn(&Subject<'_>) -> bool) {
    let law = laws::find(law).expect("a law");
    let defect = law.defects.iter().find(|one| one.name == defect).expect("a defect of the law");
    let mut caught = 0;
    for subject in models().flat_map(laws::subjects).filter(is_asked) {
        match law.ask_with(defect, &subject) {
            Outcome::Broken(_) => caught += 1,
            Outcome::DoesNotApply(_) => {}
            Outcome::Holds => panic!("{subject}: {} is not caught", defect.name),
        }
    }
    assert!(caught > 3, "only {caught} subjects were asked");
}

#[test]
fn the_smallest_leak_is_caught_in_every_model() {
    catch("conditionals_see_the_past_alone", "leak", |_| true);
}

#[test]
fn a_double_sigmoid_is_caught_in_every_binary_model() {
    catch("density_sums_to_one", "double sigmoid", |subject| subject.data.shape.support == Support::Binary);
}

/// In models of one module and one optimiser, whose file the defect knows.
#[test]
fn a_forgotten_optimiser_is_caught() {
    let is_asked = |subject: &Subject<'_>| ["made", "nade", "rnade", "vae"].contains(&subject.entry.name);
    catch("resumed_is_uninterrupted", "forgotten optimiser", is_asked);
}
