//! Verdicts are those of the gate, in both directions.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use protocol::Pairs;

use super::super::{NamedResults, PairVerdict, RunsComparison};
use crate::gate::{Baseline, GateSettings, check};
use crate::results::Results;
use crate::tables::results_of_values;

/// Means of a variant in both runs, and the noise of its seeds in both.
type Variant = (u8, u8, Vec<(f64, f64)>);

/// Values of each seed in one of the two runs.
fn values(variants: &[Variant], scale: f64, is_after: bool) -> Vec<Vec<Option<f64>>> {
    let of = |(before, after, noise): &Variant| {
        let mean = 10.0 + f64::from(if is_after { *after } else { *before });
        noise.iter().map(|pair| Some(mean + scale * if is_after { pair.1 } else { pair.0 })).collect()
    };
    variants.iter().map(of).collect()
}

fn again(results: &Results) -> NamedResults {
    let results = Results::of(results.grid().clone(), results.plan().clone(), results.records().to_vec());
    NamedResults { name: "any".into(), results }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn verdicts_are_those_of_the_gate_and_change_sides(
        variants in prop::collection::vec((0..3_u8, 0..3_u8, prop::collection::vec((-1.0..1.0_f64, -1.0..1.0_f64), 1..5)), 1..4),
        scale in prop::sample::select(vec![0.0, 0.01, 0.3]), higher: bool,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let [before, after] = [false, true].map(|is_after| {
            results_of_values(folder.path(), &values(&variants, scale, is_after), Pairs::All, higher)
        });
        let gate = check(&Baseline::of(&before), &Baseline::of(&after), &GateSettings::of(after.plan()));
        let there = RunsComparison::of(&[again(&before), again(&after)]);
        let back = RunsComparison::of(&[again(&after), again(&before)]);
        let (there, back) = (&there.pairs[0], &back.pairs[0]);
        let judged: Vec<PairVerdict> =
            gate.variants.iter().flat_map(|one| &one.figures).filter_map(|one| one.verdict()).map(PairVerdict::from).collect();
        prop_assert_eq!(there.figures.iter().map(|one| one.verdict).collect::<Vec<_>>(), judged);
        prop_assert_eq!(there.level, gate.level);
        for (one, other) in there.figures.iter().zip(&back.figures) {
            prop_assert!((one.difference.unwrap() + other.difference.unwrap()).abs() < 1e-9, "{:?} {:?}", one, other);
            prop_assert_eq!(one.verdict == PairVerdict::Identical, other.verdict == PairVerdict::Identical);
            let sides = [one.verdict, other.verdict];
            prop_assert!(sides != [PairVerdict::Better; 2] && sides != [PairVerdict::Worse; 2], "{:?}", sides);
            if let (PairVerdict::Better, Some(difference)) = (one.verdict, one.difference) {
                prop_assert_eq!(difference > 0.0, higher);
            }
        }
        let itself = RunsComparison::of(&[again(&before), again(&before)]);
        prop_assert_eq!(itself.pairs[0].count(PairVerdict::Identical), itself.pairs[0].figures.len());
    }
}
