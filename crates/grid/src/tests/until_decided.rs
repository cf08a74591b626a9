//! The block `seeds: {until_decided: ...}`.

use insta::assert_snapshot;

use crate::plan::{Overrides, parse_and_plan};
use crate::tests::{FakeCatalog, messages, planned};

fn grid(seeds: &str) -> String {
    format!("name: g\ndata: digits\ntrain: {{epochs: 1}}\nseeds: {seeds}\nvariants:\n  - model: nade\n  - model: vae\n")
}

#[test]
fn a_plan_has_the_seeds_of_the_first_interim_analysis() {
    let plan = planned(&grid("{until_decided: {cap: 16, interim: [4, 8], by: nll}}"))
        .unwrap_or_else(|messages| panic!("{messages}"));
    let interim = plan.compare.interim.clone().expect("there are interim analyses");
    assert_eq!((interim.at, interim.by, plan.trials.len()), (vec![4, 8, 16], vec!["nll".to_owned()], 8));
    let interim = |text: &str| planned(&grid(text)).unwrap().compare.interim.map(|interim| interim.at);
    assert_eq!(interim("{until_decided: {cap: 16, interim: [4, 16]}}"), Some(vec![4, 16]), "the cap is an analysis");
    assert_eq!(interim("{until_decided: {cap: 20}}"), Some(vec![5, 10, 20]), "a quarter, half, all");
    assert_eq!(interim("{until_decided: {cap: 2}}"), Some(vec![2]));
    assert_eq!(interim("4"), None);
    let overrides = Overrides { seeds: Some(vec![7]), ..Overrides::default() };
    let text = grid("{until_decided: {cap: 16}}");
    let (_, plan) = parse_and_plan("g.yaml", &text, &FakeCatalog::default(), &overrides).unwrap();
    assert_eq!((plan.compare.interim, plan.trials.len()), (None, 2), "seeds of the command line replace the schedule");
}

#[test]
fn an_analysis_at_any_time_follows_every_seed_from_the_third() {
    let any_time = planned(&grid("{until_decided: {cap: 6, any_time: true}}")).unwrap().compare.interim.unwrap();
    assert_eq!((any_time.at.as_slice(), any_time.any_time, any_time.correction()), (&[3, 4, 5, 6][..], true, 1));
    let fixed =
        planned(&grid("{until_decided: {cap: 6, any_time: false, interim: [4]}}")).unwrap().compare.interim.unwrap();
    assert_eq!((fixed.at.as_slice(), fixed.any_time, fixed.correction()), (&[4, 6][..], false, 2));
    // Plans without the key are written and read as before, and no trial id depends on it.
    let written = serde_json::to_string(&fixed).unwrap();
    assert_eq!(written, r#"{"at":[4,6]}"#);
    assert_eq!(serde_json::from_str::<protocol::InterimAnalyses>(&written).unwrap(), fixed);
    let written = serde_json::to_string(&any_time).unwrap();
    assert_eq!(written, r#"{"at":[3,4,5,6],"any_time":true}"#);
    assert_eq!(serde_json::from_str::<protocol::InterimAnalyses>(&written).unwrap(), any_time);
    let first = |seeds: &str| planned(&grid(seeds)).unwrap().trials[0].id();
    assert_eq!(first("{until_decided: {cap: 6, any_time: true}}"), first("1"));
}

#[test]
fn the_old_key_is_accepted_with_a_warning() {
    let text = grid("{until_decided: {cap: 16, looks: [4, 8]}}");
    let (grid, plan) = parse_and_plan("g.yaml", &text, &FakeCatalog::default(), &Overrides::default()).unwrap();
    assert_eq!(plan.compare.interim.map(|interim| interim.at), Some(vec![4, 8, 16]));
    assert_snapshot!(grid.warnings().render(false, usize::MAX), @r"
    warning: `looks` was renamed to `interim`
     --> g.yaml:4:34
      |
    4 | seeds: {until_decided: {cap: 16, looks: [4, 8]}}
      |                                  ^^^^^
      |
      = help: write `interim`; a later version will refuse `looks`
    ");
}

#[test]
fn mistakes() {
    assert_snapshot!(messages(&grid("{until_decided: {cap: 1, interrim: [4]}}")), @r"
        error: a cap of 1 seeds is out of range
         --> g.yaml:4:30
          |
        4 | seeds: {until_decided: {cap: 1, interrim: [4]}}
          |                              ^
          |
          = help: allowed: 2 to 10000

        error: `interrim` is not known here
         --> g.yaml:4:33
          |
        4 | seeds: {until_decided: {cap: 1, interrim: [4]}}
          |                                 ^^^^^^^^
          |
          = help: did you mean `interim`? Allowed: cap, interim, any_time, by
        ");
    assert_snapshot!(messages(&grid("{until: 4}")), @r"
        error: a block at `seeds` needs the key `until_decided`
         --> g.yaml:4:8
          |
        4 | seeds: {until: 4}
          |        ^^^^^^^^^^
          |
          = help: for example `seeds: {until_decided: {cap: 16}}`, or a number of seeds

        error: `until` is not known here
         --> g.yaml:4:9
          |
        4 | seeds: {until: 4}
          |         ^^^^^
          |
          = help: allowed: until_decided
        ");
    assert_snapshot!(messages(&grid("{until_decided: {cap: 8, interim: [4, 4]}}")), @r"
        error: the interim analysis at 4 seeds is not in increasing order
         --> g.yaml:4:46
          |
        4 | seeds: {until_decided: {cap: 8, interim: [4, 4]}}
          |                                              ^
          |
          = help: list the numbers of seeds in increasing order, each once
        ");
    assert_snapshot!(messages(&grid("{until_decided: {cap: 8, interim: [16], by: 3}}")), @r"
        error: the interim analysis at 16 seeds is above the cap of 8
         --> g.yaml:4:43
          |
        4 | seeds: {until_decided: {cap: 8, interim: [16], by: 3}}
          |                                           ^^
          |
          = help: raise `cap`, or remove this number

        error: `by` takes the name of a figure, or a list of names, not a whole number
         --> g.yaml:4:52
          |
        4 | seeds: {until_decided: {cap: 8, interim: [16], by: 3}}
          |                                                    ^
          |
          = help: for example `by: nll`
        ");
    let text = grid("{until_decided: {cap: 8}}").replace("  - model: vae\n", "  - model: vae\n    seeds: 3\n");
    assert_snapshot!(messages(&text), @r"
        error: `seeds` conflicts with `until_decided` at the top level
         --> g.yaml:8:12
          |
        4 | seeds: {until_decided: {cap: 8}}
          |        ------------------------- until decided
        ...
        8 |     seeds: 3
          |            ^
          |
          = help: remove one of the two
        ");
    let text = grid("3").replace("  - model: vae\n", "  - model: vae\n    seeds: {until_decided: {cap: 8}}\n");
    assert_snapshot!(messages(&text), @r"
        error: `until_decided` is allowed at the top level only
         --> g.yaml:8:12
          |
        8 |     seeds: {until_decided: {cap: 8}}
          |            ^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: variants that are compared share their interim analyses; move it to the top level
        ");
}
