//! The examples of docs/grid.md give the plans that the page describes.

use protocol::{Compare, InterimAnalyses, Plan};

use crate::parse::parse;
use crate::plan::{Overrides, load_and_plan};
use crate::tests::{FakeCatalog, planned};

const DOC: &str = include_str!("../../docs/grid.md");

fn example(name: &str) -> &'static str {
    DOC.split("```yaml\n")
        .skip(1)
        .filter_map(|rest| rest.split_once("```").map(|(example, _)| example))
        .find(|example| example.starts_with(&format!("name: {name}\n")))
        .unwrap_or_else(|| panic!("docs/grid.md has no example `{name}`"))
}

#[test]
fn the_quickstart_has_nine_trials() {
    let plan = planned(example("quickstart")).unwrap_or_else(|messages| panic!("{messages}"));
    let trials: Vec<_> = plan.trials.into_iter().map(|trial| (trial.variant, trial.seed)).collect();
    let expected: Vec<_> = ["nade hidden=100", "nade hidden=500", "vae with 8 latents"]
        .iter()
        .flat_map(|label| (0..3).map(|seed| ((*label).to_owned(), seed)))
        .collect();
    assert_eq!(trials, expected);
}

#[test]
fn labels_distinguish_two_data_sets() {
    let plan = planned(example("two-data-sets")).unwrap_or_else(|messages| panic!("{messages}"));
    let labels: Vec<_> = plan.trials.iter().step_by(2).map(|trial| trial.variant.as_str()).collect();
    let expected = [
        "nade data=digits",
        "vae latent=2 data=digits",
        "vae latent=8 data=digits",
        "nade data=chain",
        "vae latent=2 data=chain",
        "vae latent=8 data=chain",
    ];
    assert_eq!(labels, expected);
    let chain = &plan.trials[6];
    assert_eq!((chain.train.steps, chain.train.batch_size, chain.device.as_str()), (2_000, 64, "flex"));
    assert_eq!(chain.data.config, serde_json::json!({"q": 0.1}), "`chain` has no setting `binarize`");
    assert_eq!(chain.section.as_deref(), Some("A chain of pixels"));
    assert_eq!(plan.facts[0].section.as_deref(), Some("Counts"));
}

#[test]
fn rules_leave_nine_variants() {
    let plan = planned(example("ruled")).unwrap_or_else(|messages| panic!("{messages}"));
    let rows: Vec<_> =
        plan.trials.iter().step_by(5).map(|trial| (trial.variant.as_str(), trial.train.batch_size)).collect();
    let expected = [
        ("nade data=digits binarize=static hidden=50 epochs=10", 64),
        ("nade data=digits binarize=static hidden=100 epochs=20", 64),
        ("nade data=digits binarize=static hidden=200 epochs=40", 64),
        ("nade data=chain q=0.1 hidden=50 epochs=10", 16),
        ("nade data=chain q=0.1 hidden=100 epochs=20", 16),
        ("reversed data=digits binarize=static hidden=50 epochs=10", 64),
        ("reversed data=digits binarize=static hidden=100 epochs=20", 64),
        ("reversed data=digits binarize=static hidden=200 epochs=40", 64),
        ("reversed hidden=400 epochs=80 data=digits binarize=static", 64),
    ];
    assert_eq!(rows, expected);
}

#[test]
fn variants_are_compared_with_a_baseline() {
    let plan = planned(example("compared")).unwrap_or_else(|messages| panic!("{messages}"));
    assert_eq!((plan.trials.len(), plan.compare.baseline.as_slice()), (24, ["nade".to_owned()].as_slice()));
    assert_eq!(plan.compare.margin.len(), 2);
}

#[test]
fn claims_are_part_of_the_plan() {
    let plan = planned(example("claimed")).unwrap_or_else(|messages| panic!("{messages}"));
    assert_eq!((plan.trials.len(), plan.claims.len()), (24, 4));
    assert!(DOC.contains(&plan.claims[0].statement.to_string()), "the text is as on the page");
}

#[test]
fn seeds_are_those_of_the_first_interim_analysis() {
    let plan = planned(example("sequential")).unwrap_or_else(|messages| panic!("{messages}"));
    assert_eq!((plan.trials.len(), plan.with_all_seeds().trials.len()), (15, 48));
    let lines = crate::interim::schedule(&plan);
    assert_eq!(
        lines,
        ["seeds until decided by nll: interim analyses at 5, 8, 16 seeds, 15 trials at first, at most 48"]
    );
    let one = Plan {
        compare: Compare {
            interim: Some(InterimAnalyses { at: vec![1, 4], by: vec![], any_time: false }),
            ..plan.compare.clone()
        },
        ..plan
    };
    assert_eq!(
        crate::interim::schedule(&one)[1..],
        ["the interim analysis at 1 seed cannot decide anything: one seed shows no spread"]
    );
}

#[test]
fn an_analysis_follows_every_seed_from_the_third() {
    let plan = planned(example("at_any_time")).unwrap_or_else(|messages| panic!("{messages}"));
    assert_eq!((plan.trials.len(), plan.with_all_seeds().trials.len()), (6, 64));
    assert_eq!(
        crate::interim::schedule(&plan),
        ["seeds until decided by nll: an analysis after every seed from 3 to 32, 6 trials at first, at most 64"]
    );
}

/// Every key of the language occurs in an example of the page.
#[test]
fn every_key_has_an_example() {
    let examples: String =
        DOC.split("```yaml\n").skip(1).filter_map(|rest| rest.split_once("```")).map(|one| one.0).collect();
    let inner =
        ["baseline", "margin", "pairs", "paired", "until_decided", "cap", "interim", "any_time", "by", "new", "fact"];
    for key in crate::parse::all_keys().chain(inner) {
        assert!(examples.contains(&format!("{key}:")), "no example of `{key}`");
    }
}

#[test]
fn an_extended_grid_overrides_settings() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["shared", "longer"] {
        std::fs::write(folder.path().join(format!("{name}.yaml")), example(name)).unwrap();
    }
    let file = folder.path().join("longer.yaml");
    let (_, plan) = load_and_plan(&file, &FakeCatalog::default(), &Overrides::default()).unwrap();
    let variants: Vec<_> =
        plan.trials.iter().step_by(5).map(|trial| (trial.variant.as_str(), trial.device.as_str())).collect();
    assert_eq!(variants, [("nade", "flex"), ("vae", "flex")]);
    let short = planned(example("shared")).unwrap_or_else(|messages| panic!("{messages}"));
    assert_eq!(plan.trials[0].train.steps, 4 * short.trials[0].train.steps);
}

#[test]
fn every_example_is_parsed_without_warnings() {
    let examples: Vec<_> = DOC.split("```yaml\n").skip(1).filter_map(|rest| rest.split_once("```")).collect();
    assert!(examples.len() >= 2);
    for (example, _) in examples.into_iter().filter(|(example, _)| !example.contains("extends: ")) {
        assert!(parse("docs/grid.md", example).unwrap_or_else(|messages| panic!("{messages}")).warnings().is_empty());
    }
}
