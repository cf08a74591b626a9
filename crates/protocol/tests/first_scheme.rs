//! The kept results of the first scheme are found by trials of the second one.

#[path = "../../../tests/e2e/first_scheme/present.rs"]
mod present;

use present::{first_plan, kept, present};
use protocol::registry::to_value;
use protocol::{GridDir, Trial};

#[test]
fn kept_results_are_found_under_their_first_ids() {
    let grid = GridDir(kept().join("results"));
    let plan = first_plan();
    assert_eq!(plan.trials.len(), 6);
    for old in &plan.trials {
        assert!(grid.trial(&old.id()).outcome().exists(), "{} is an id of the first scheme", old.id());
        let new = present(old);
        let settings = new.model.settings().as_object().expect("settings").len();
        assert!(settings < new.model.config.as_object().expect("settings").len(), "defaults are left out");
        assert_ne!(new.id(), old.id());
        assert_eq!(grid.id(&new), old.id(), "{} seed {}", new.variant, new.seed);
        assert_eq!(serde_json::from_value::<Trial>(to_value(&new)).expect("a record"), new);
        let mut other = new.clone();
        other.train.steps += 1;
        assert_eq!(grid.id(&other), other.id());
    }
}
