//! Mistakes in `compare`.

use insta::assert_snapshot;

use crate::plan::Overrides;
use crate::tests::fake::FakeCatalog;
use crate::tests::mistakes::grid;
use crate::tests::{planned, told};
use protocol::{Compare, Pairs};

const VARIANTS: &str =
    "variants: [{model: nade}, {model: vae}, {label: far, model: nade, data: {name: chain, q: 0.1}}]\n";

fn with(compare: &str) -> String {
    grid(&format!("{VARIANTS}compare: {compare}\n"))
}

#[test]
fn what_is_asked_for_reaches_the_plan() {
    let text = with("{baseline: [vae, far], margin: {nll: 0.1, fid_proxy: 2}, paired: true}");
    let asked = Compare {
        baseline: vec!["vae".into(), "far".into()],
        margin: [("nll".to_owned(), 0.1), ("fid_proxy".to_owned(), 2.0)].into(),
        paired: true,
        pairs: Pairs::Baseline,
        interim: None,
    };
    let plan = planned(&text).unwrap_or_else(|told| panic!("{told}"));
    assert_eq!(plan.compare, asked);
    let written = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<protocol::Plan>(&written).unwrap(), plan);
    assert_eq!(planned(&with("{pairs: all}")).unwrap().compare.pairs, Pairs::All);
    let plain = planned(&grid(VARIANTS)).unwrap();
    assert!(plain.compare.is_default() && !serde_json::to_string(&plain).unwrap().contains("compare"));
    // Trials are what they were.
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
    assert_snapshot!(told(&text), @r"
    error: `baselin` is not known here
     --> g.yaml:5:11
      |
    5 | compare: {baselin: vae, baseline: [vae, 3, vae], margin: {nll: -1, elbo: x}, paired: 1, pairs: al}
      |           ^^^^^^^
      |
      = help: did you mean `baseline`? Allowed: baseline, margin, paired, pairs

    error: a baseline is the label of a variant, not a whole number
     --> g.yaml:5:41
      |
    5 | compare: {baselin: vae, baseline: [vae, 3, vae], margin: {nll: -1, elbo: x}, paired: 1, pairs: al}
      |                                         ^
      |
      = help: write such as `baseline: nade hidden=100`

    error: the baseline `vae` is listed twice
     --> g.yaml:5:44
      |
    5 | compare: {baselin: vae, baseline: [vae, 3, vae], margin: {nll: -1, elbo: x}, paired: 1, pairs: al}
      |                                    ---     ^^^
      |                                    |
      |                                    first listed here
      |
      = help: list it once

    error: a margin is a number above 0, not -1
     --> g.yaml:5:64
      |
    5 | compare: {baselin: vae, baseline: [vae, 3, vae], margin: {nll: -1, elbo: x}, paired: 1, pairs: al}
      |                                                                ^^
      |
      = help: write the largest difference that does not matter

    error: `elbo` takes a number above 0, not text
     --> g.yaml:5:74
      |
    5 | compare: {baselin: vae, baseline: [vae, 3, vae], margin: {nll: -1, elbo: x}, paired: 1, pairs: al}
      |                                                                          ^
      |
      = help: write such as `elbo: 0.1`

    error: `paired` takes true or false, not a whole number
     --> g.yaml:5:86
      |
    5 | compare: {baselin: vae, baseline: [vae, 3, vae], margin: {nll: -1, elbo: x}, paired: 1, pairs: al}
      |                                                                                      ^
      |
      = help: write such as `paired: true`

    error: `al` is no choice of pairs
     --> g.yaml:5:96
      |
    5 | compare: {baselin: vae, baseline: [vae, 3, vae], margin: {nll: -1, elbo: x}, paired: 1, pairs: al}
      |                                                                                                ^^
      |
      = help: did you mean `all`? Allowed: baseline, all
    ");
    for compare in ["nade", "{baseline: []}", "{margin: 0.1}", "{pairs: [all]}", "{baseline: }"] {
        let told = told(&with(compare));
        assert!(told.contains(" --> g.yaml:5:") && told.contains("= help:"), "{told}");
    }
}

#[test]
fn baselines_that_are_not_there_or_too_many() {
    assert_snapshot!(told(&with("{baseline: [va, vae, nade]}")), @r"
    error: the baseline `va` is no variant
     --> g.yaml:5:22
      |
    5 | compare: {baseline: [va, vae, nade]}
      |                      ^^
      |
      = help: did you mean `vae`?

    error: two baselines on one data set: `vae` and `nade`
     --> g.yaml:5:31
      |
    5 | compare: {baseline: [va, vae, nade]}
      |                          ---  ^^^^
      |                          |
      |                          the first one
      |
      = help: name one for each data set
    ");
    assert_snapshot!(told(&with("{baseline: vae, pairs: all}")), @r"
    error: a `baseline` where all pairs are compared
     --> g.yaml:5:21
      |
    5 | compare: {baseline: vae, pairs: all}
      |                     ^^^
      |
      = help: with `pairs: all` each variant meets each: leave out one of the two
    ");
}
