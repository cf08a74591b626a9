//! Every law holds for the tiny models of this crate, and catches each of its defects.

use engine::ModelEntry;

use super::*;
use crate::law::Outcome;
use crate::models::{Counts, Latent, Logistic, PairCritic, Prototypes, entry};

fn models() -> [ModelEntry; 5] {
    [entry::<Counts>(), entry::<Logistic>(), entry::<Latent>(), entry::<Prototypes>(), entry::<PairCritic>()]
}

/// Returns whether a law needs a graphics adapter and there is none.
fn needs_an_adapter(law: &Law) -> bool {
    law.name == parity::BACKENDS.name && engine::device::adapters().is_empty()
}

#[test]
fn every_law_holds_for_some_model_and_is_broken_by_none() {
    let models = models();
    for law in LAWS {
        let mut holds = 0;
        for subject in models.iter().flat_map(|entry| law.subjects(entry)) {
            match law.test(&subject) {
                Outcome::Holds => holds += 1,
                Outcome::DoesNotApply(_) => {}
                Outcome::Broken(how) => panic!("{subject} breaks {}: {how}", law.name),
            }
        }
        assert!(holds > 0 || needs_an_adapter(law), "{} applies to no model", law.name);
    }
}

#[test]
fn every_defect_is_caught_by_its_law() {
    let models = models();
    for law in LAWS.iter().filter(|law| !needs_an_adapter(law)) {
        assert!(!law.defects.is_empty(), "{} has no broken model", law.name);
        for defect in law.defects {
            let subjects = models.iter().flat_map(|entry| law.subjects(entry));
            let mut outcomes = subjects.map(|subject| law.test_with(defect, &subject));
            let caught =
                outcomes.any(|outcome| matches!(outcome, Outcome::Broken(how) if how.contains(defect.message)));
            assert!(caught, "{}: `{}` is not caught: {}", law.name, defect.name, defect.statement);
        }
    }
}

#[test]
fn names_are_distinct_and_every_law_is_documented() {
    let readme = include_str!("../../README.md");
    for (index, law) in LAWS.iter().enumerate() {
        assert!(LAWS[..index].iter().all(|other| other.name != law.name), "{} is listed twice", law.name);
        let row = format!("| `{}` | {} | {} | {} |\n", law.name, law.statement, law.tolerance, law.source);
        assert!(readme.contains(&row), "README.md lacks {row}");
        let defects: Vec<_> = law.defects.iter().map(|defect| defect.name).collect();
        assert!(readme.contains(&format!("| `{}` | {} |\n", law.name, defects.join(", "))), "{}", law.name);
        assert!([law.statement, law.tolerance, law.source].iter().all(|text| !text.is_empty()), "{}", law.name);
        assert_eq!(find(law.name).map(|found| found.name), Some(law.name));
    }
    assert!(find("no_such_law").is_none());
}

#[test]
fn a_model_that_panics_breaks_a_law_with_its_message() {
    let entry = entry::<Counts>();
    let subject = density::SUM.subjects(&entry).swap_remove(0).with_defect(|_| panic!("no such trainer"));
    let Outcome::Broken(how) = density::SUM.test(&subject) else { panic!("the law holds") };
    assert_eq!(how, "panicked: no such trainer");
}
