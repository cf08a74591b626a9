//! Baselines of the results of a grid, in a file.

use super::*;
use crate::tables::fixture::Fixture;

#[test]
fn a_baseline_of_a_grid_survives_its_file_and_equals_its_own_run() {
    let fixture = Fixture::new();
    let saved = Baseline::of(&fixture.results());
    let read: Baseline = serde_json::from_str(&serde_json::to_string(&saved).unwrap()).unwrap();
    assert_eq!(read, saved);
    assert!(saved.count(SeedState::Done) > 0);
    let gate = check(&read, &Baseline::matching(&fixture.results(), &read), &GateSettings::of(&fixture.plan));
    let verdicts: Vec<_> = gate.variants.iter().flat_map(|one| &one.figures).map(FigureFinding::verdict).collect();
    assert!(!verdicts.is_empty());
    assert!(verdicts.iter().all(|one| *one == Some(GateVerdict::Identical)), "{gate}");
}

/// Version 1 had no values per seed.
#[test]
fn a_reference_of_version_1_is_no_baseline() {
    let old = r#"{"schema":1,"grid":"g","genbench":"","host":{},"planned":3,"done":3,"figures":[]}"#;
    assert!(serde_json::from_str::<Baseline>(old).is_err());
}
