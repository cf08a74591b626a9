//! `seeds: {until_decided: ...}`.

use insta::assert_snapshot;

use crate::plan::{Overrides, parse_and_plan};
use crate::tests::{FakeCatalog, planned, told};

fn grid(seeds: &str) -> String {
    format!("name: g\ndata: digits\ntrain: {{epochs: 1}}\nseeds: {seeds}\nvariants:\n  - model: nade\n  - model: vae\n")
}

#[test]
fn a_plan_has_the_seeds_of_the_first_interim_analysis() {
    let plan =
        planned(&grid("{until_decided: {cap: 16, interim: [4, 8], by: nll}}")).unwrap_or_else(|told| panic!("{told}"));
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
    assert_eq!((plan.compare.interim, plan.trials.len()), (None, 2), "who lists seeds has those");
}

#[test]
fn the_old_key_is_accepted_with_a_warning() {
    let text = grid("{until_decided: {cap: 16, looks: [4, 8]}}");
    let (grid, plan) = parse_and_plan("g.yaml", &text, &FakeCatalog::default(), &Overrides::default()).unwrap();
    assert_eq!(plan.compare.interim.map(|interim| interim.at), Some(vec![4, 8, 16]));
    assert_snapshot!(grid.warnings().render(false), @"");
}

#[test]
fn mistakes() {
    assert_snapshot!(told(&grid("{until_decided: {cap: 1, interrim: [4]}}")), @r"
        error: a cap is a number of seeds, not 1
         --> g.yaml:4:30
          |
        4 | seeds: {until_decided: {cap: 1, interrim: [4]}}
          |                              ^
          |
          = help: between 2 and 10000

        error: `loks` is not known here
         --> g.yaml:4:33
          |
        4 | seeds: {until_decided: {cap: 1, interrim: [4]}}
          |                                 ^^^^
          |
          = help: did you mean `looks`? Allowed: cap, looks, by
        ");
    assert_snapshot!(told(&grid("{until: 4}")), @r"
        error: `seeds` as a block has `until_decided`
         --> g.yaml:4:8
          |
        4 | seeds: {until: 4}
          |        ^^^^^^^^^^
          |
          = help: write such as `seeds: {until_decided: {cap: 16}}`, or a count

        error: `until` is not known here
         --> g.yaml:4:9
          |
        4 | seeds: {until: 4}
          |         ^^^^^
          |
          = help: allowed: until_decided
        ");
    assert_snapshot!(told(&grid("{until_decided: {cap: 8, interim: [4, 4]}}")), @r"
        error: a look at 4 seeds comes after one at as many or more
         --> g.yaml:4:44
          |
        4 | seeds: {until_decided: {cap: 8, interim: [4, 4]}}
          |                                            ^
          |
          = help: let them grow
        ");
    assert_snapshot!(told(&grid("{until_decided: {cap: 8, interim: [16], by: 3}}")), @r"
        error: a look at 16 seeds, where 8 are the most
         --> g.yaml:4:41
          |
        4 | seeds: {until_decided: {cap: 8, interim: [16], by: 3}}
          |                                         ^^
          |
          = help: raise the `cap`, or leave out the look

        error: `by` takes a figure's name, or a list of them, not a whole number
         --> g.yaml:4:50
          |
        4 | seeds: {until_decided: {cap: 8, interim: [16], by: 3}}
          |                                                  ^
          |
          = help: write such as `by: nll`
        ");
    let text = grid("{until_decided: {cap: 8}}").replace("  - model: vae\n", "  - model: vae\n    seeds: 3\n");
    assert_snapshot!(told(&text), @r"
        error: `seeds` of its own, where all variants have seeds until they are decided
         --> g.yaml:8:12
          |
        4 | seeds: {until_decided: {cap: 8}}
          |        ------------------------- until decided
        ...
        8 |     seeds: 3
          |            ^
          |
          = help: leave out one of the two
        ");
    let text = grid("3").replace("  - model: vae\n", "  - model: vae\n    seeds: {until_decided: {cap: 8}}\n");
    assert_snapshot!(told(&text), @r"
        error: `until_decided` stands at the top level alone
         --> g.yaml:8:12
          |
        8 |     seeds: {until_decided: {cap: 8}}
          |            ^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: two variants that are compared are looked at together
        ");
}
