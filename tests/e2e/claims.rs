//! `claims`: outcomes and exit codes of the claims of a grid.

use protocol::exit;

use crate::bench::{Bench, SMALL, read};

/// The grid with facts and these claims.
fn with(claims: &str) -> String {
    format!("{SMALL}facts: [{{fact: full_joint, pixels: 12}}]\n{claims}")
}

#[test]
fn claims_are_judged_after_a_run() {
    let bench = Bench::with(&with(""));
    let judged = |claims: &str| {
        std::fs::write(bench.path("grid.yaml"), with(claims)).expect("the grid");
        let output = bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]);
        assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
        bench.genbench(&["claims", "small"])
    };
    let output = judged("");
    assert_eq!(output.code, i32::from(exit::NOTHING), "{output:?}");
    let (states, few) = ("fact(full_joint.parameters) == 4095", "rate(vae.failed) < 0.2");
    let output = judged(&format!("claims: {{states: {states}}}\n"));
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    assert!(output.out.starts_with("supported  states\n") && output.out.contains("1 claim: 1 supported"), "{output:?}");
    let output = judged(&format!("claims: {{states: {states}, few: {few}}}\n"));
    assert_eq!(output.code, i32::from(exit::INCONCLUSIVE), "{output:?}");
    assert!(output.out.contains("14 seeds without an event (now 1)"), "{output:?}");
    let output = judged(&format!("claims: {{few: {few}, none: not {states}}}\n"));
    assert_eq!(output.code, i32::from(exit::REGRESSION), "{output:?}");
    let plan = bench.genbench(&["plan", "grid.yaml"]);
    assert!(plan.out.contains("2 claims; `genbench claims small` judges them after the run"), "{plan:?}");
    let markdown = read(&bench.grid("small").file("summary.md"));
    assert!(markdown.contains("### Claims") && markdown.contains("refuted"), "{markdown}");
}

#[test]
fn a_claim_about_an_unknown_control_is_refused() {
    let bench = Bench::with(&SMALL.replace(
        "measure: [nll, elbo, parameters]",
        "measure: [linear_probe]\nclaims: {learns: 'vae.linear_probe > control(vae.linear_probe, pixel)'}",
    ));
    let output = bench.genbench(&["plan", "grid.yaml"]);
    assert_eq!(output.code, i32::from(exit::USAGE), "{output:?}");
    assert!(output.err.contains("did you mean `pixels`?"), "{output:?}");
}
