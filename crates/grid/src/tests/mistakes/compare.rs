//! Mistakes in `compare`.

use insta::assert_snapshot;
use protocol::{Compare, Pairs};

use crate::plan::{Overrides, parse_and_plan};
use crate::tests::fake::FakeCatalog;
use crate::tests::mistakes::grid;
use crate::tests::{messages, planned};

const VARIANTS: &str =
    "variants: [{model: nade}, {model: vae}, {label: far, model: nade, data: {name: chain, q: 0.1}}]\n";

fn with(compare: &str) -> String {
    grid(&format!("{VARIANTS}compare: {compare}\n"))
}

#[test]
fn the_settings_reach_the_plan() {
    let text = with("{baseline: [vae, far], margin: {nll: 0.1, fid_proxy: 2}, paired: true}");
    let expected = Compare {
        baseline: vec!["vae".into(), "far".into()],
        margin: [("nll".to_owned(), 0.1), ("fid_proxy".to_owned(), 2.0)].into(),
        paired: true,
        pairs: Pairs::Baseline,
        interim: None,
    };
    let plan = planned(&text).unwrap_or_else(|messages| panic!("{messages}"));
    assert_eq!(plan.compare, expected);
    let written = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<protocol::Plan>(&written).unwrap(), plan);
    assert_eq!(planned(&with("{pairs: all}")).unwrap().compare.pairs, Pairs::All);
    let plain = planned(&grid(VARIANTS)).unwrap();
    assert!(plain.compare.is_default() && !serde_json::to_string(&plain).unwrap().contains("compare"));
    // The trials are the same.
    assert_eq!(plan.trials, plain.trials);
}

#[test]
fn a_baseline_may_be_left_out_of_a_run() {
    let only = Overrides { only: vec!["nade".into()], ..Overrides::default() };
    let text = with("{baseline: vae}");
    let (_, plan) = crate::plan::parse_and_plan("g.yaml", &text, &FakeCatalog::default(), &only).unwrap();
    assert_eq!((plan.trials.len(), plan.compare.baseline.as_slice()), (1, ["vae".to_owned()].as_slice()));
}

#[test]
fn shapes_and_names() {
    let text = with("{baselin: vae, baseline: [vae, 3, vae], margin: {nll: -1, elbo: x}, paired: 1, pairs: al}");
    assert_snapshot!(messages(&text), @r#"
        error: `baselin` is not known here
         --> g.yaml:5:11
          |
        5 | compare: {baselin: vae, baseline: [vae, 3, vae], margin: {nll: -1, elbo: x}, paired: 1, pairs: al}
          |           ^^^^^^^
          |
          = help: did you mean `baseline`? Allowed: baseline, margin, paired, pairs

        error: a baseline must be the label of a variant, not a whole number
         --> g.yaml:5:41
          |
        5 | compare: {baselin: vae, baseline: [vae, 3, vae], margin: {nll: -1, elbo: x}, paired: 1, pairs: al}
          |                                         ^
          |
          = help: put it in quotes: `"3"`

        error: the baseline `vae` is listed twice
         --> g.yaml:5:44
          |
        5 | compare: {baselin: vae, baseline: [vae, 3, vae], margin: {nll: -1, elbo: x}, paired: 1, pairs: al}
          |                                    ---     ^^^
          |                                    |
          |                                    first listed here
          |
          = help: list it once

        error: a margin must be above 0, not -1
         --> g.yaml:5:64
          |
        5 | compare: {baselin: vae, baseline: [vae, 3, vae], margin: {nll: -1, elbo: x}, paired: 1, pairs: al}
          |                                                                ^^
          |
          = help: a margin is the largest difference that does not matter

        error: `elbo` takes a number above 0, not text
         --> g.yaml:5:74
          |
        5 | compare: {baselin: vae, baseline: [vae, 3, vae], margin: {nll: -1, elbo: x}, paired: 1, pairs: al}
          |                                                                          ^
          |
          = help: for example `elbo: 0.1`

        error: `paired` takes true or false, not a whole number
         --> g.yaml:5:86
          |
        5 | compare: {baselin: vae, baseline: [vae, 3, vae], margin: {nll: -1, elbo: x}, paired: 1, pairs: al}
          |                                                                                      ^
          |
          = help: for example `paired: true`

        error: `al` is not a value of `pairs`
         --> g.yaml:5:96
          |
        5 | compare: {baselin: vae, baseline: [vae, 3, vae], margin: {nll: -1, elbo: x}, paired: 1, pairs: al}
          |                                                                                                ^^
          |
          = help: did you mean `all`? Allowed: baseline, all
        "#);
    for compare in ["nade", "{baseline: []}", "{margin: 0.1}", "{pairs: [all]}", "{baseline: }"] {
        let messages = messages(&with(compare));
        assert!(messages.contains(" --> g.yaml:5:") && messages.contains("= help:"), "{messages}");
    }
}

#[test]
fn unknown_and_duplicate_baselines() {
    assert_snapshot!(messages(&with("{baseline: [va, vae, nade]}")), @r"
    error: the baseline `va` is not a variant
     --> g.yaml:5:22
      |
    5 | compare: {baseline: [va, vae, nade]}
      |                      ^^
      |
      = help: did you mean `vae`?

    error: two baselines for one data set: `vae` and `nade`
     --> g.yaml:5:31
      |
    5 | compare: {baseline: [va, vae, nade]}
      |                          ---  ^^^^
      |                          |
      |                          first baseline
      |
      = help: name one baseline per data set
    ");
    assert_snapshot!(messages(&with("{baseline: vae, pairs: all}")), @r"
    error: `baseline` conflicts with `pairs: all`
     --> g.yaml:5:21
      |
    5 | compare: {baseline: vae, pairs: all}
      |                     ^^^         --- every pair
      |
      = help: `pairs: all` compares every pair of variants; remove one of the two
    ");
}

#[test]
fn misspelt_figures() {
    let measured = |compare: &str| format!("measure: [nll, iwae]\n{}", with(compare));
    assert_snapshot!(messages(&measured("{margin: {nl: 0.1, iwae: 1}}")), @r"
        error: no measure of this grid has the figure `nl`
         --> g.yaml:6:20
          |
        6 | compare: {margin: {nl: 0.1, iwae: 1}}
          |                    ^^
          |
          = help: did you mean `nll`? Figures: bits_per_dim, iwae, nll
        ");
    // A figure that this grid does not measure may be that of another grid.
    let (grid, _) =
        parse_and_plan("g.yaml", &measured("{margin: {fid_proxy: 2}}"), &FakeCatalog::default(), &Overrides::default())
            .unwrap();
    assert_snapshot!(grid.warnings().to_string(), @r"
        warning: no measure of this grid has the figure `fid_proxy`
         --> g.yaml:6:20
          |
        6 | compare: {margin: {fid_proxy: 2}}
          |                    ^^^^^^^^^
          |
          = help: figures: bits_per_dim, iwae, nll
        ");
    let decided = |by: &str| {
        let seeds = format!("seeds: {{until_decided: {{cap: 8, by: {by}}}}}\n");
        messages(&(seeds + "name: g\ndata: digits\ntrain: {epochs: 1}\nmeasure: [nll]\nvariants: [{model: nade}]\n"))
    };
    assert_eq!(decided("[nll, bits_per_dim]"), "no mistake, 2 trials");
    assert_eq!(decided("nll_of_a_part"), "no mistake, 2 trials");
    assert_snapshot!(decided("[nll, fid_proxy]"), @r"
        error: no measure of this grid has the figure `fid_proxy`
         --> g.yaml:1:43
          |
        1 | seeds: {until_decided: {cap: 8, by: [nll, fid_proxy]}}
          |                                           ^^^^^^^^^
          |
          = help: figures: bits_per_dim, nll
        ");
}
