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

/// Files are edited by hand; what no run can have written is refused with its place.
#[test]
fn an_impossible_baseline_is_refused() {
    let fixture = Fixture::new();
    let saved = Baseline::of(&fixture.results());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("main.json");
    let refused = |change: &dyn Fn(&mut Baseline)| {
        let mut edited = saved.clone();
        change(&mut edited);
        protocol::atomic::write_json(&path, &edited).unwrap();
        read_baseline(&path).err().map(|error| error.to_string()).unwrap_or_default()
    };
    let variant = saved.variants.iter().position(|one| one.figures.iter().any(|figure| !figure.values.is_empty()));
    let at = variant.unwrap();
    let figure = saved.variants[at].figures.iter().position(|figure| !figure.values.is_empty()).unwrap();
    assert_eq!(refused(&|_| {}), "");
    /// A change, and part of the message that refuses it.
    type Case<'c> = (&'c dyn Fn(&mut Baseline), &'c str);
    let cases: [Case<'_>; 4] = [
        (
            &|one| {
                let seed = one.variants[at].seeds[0].clone();
                one.variants[at].seeds.push(seed)
            },
            "is listed twice",
        ),
        (
            &|one| {
                let value = one.variants[at].figures[figure].values[0];
                one.variants[at].figures[figure].values.push(value);
            },
            "has two values of seed",
        ),
        (&|one| one.variants[at].figures[figure].values[0].seed = 1_000_000, "seed 1000000, which is not listed"),
        (&|one| one.variants[at].figures[figure].se = Some(-1.0), "which is negative"),
    ];
    for (change, wanted) in cases {
        let message = refused(change);
        assert!(message.contains("main.json") && message.contains(wanted), "{message}");
    }
}
